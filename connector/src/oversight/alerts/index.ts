// Alerts: who is told of incidents, in which words, by e-mail, Slack or a signed webhook; sent until taken, with one id.
// Not incidents (what is wrong) and not transports: how mail and HTTP leave is a port that boot fills.
// Sent by the tick; targets are kept by the command line and the operator API.
export { signedHeaders, slackBody, webhookBody } from "./bodies.ts";
export { parseDestination } from "./destination.ts";
export type {
  AlertIncident,
  AlertOutcome,
  AlertStore,
  AlertTarget,
  Channels,
  Destination,
  TargetKind,
} from "./ports.ts";
export { DeliveryFault } from "./ports.ts";
export { isPublicAddress } from "./public-address.ts";
export { sendDue } from "./send-due.ts";
