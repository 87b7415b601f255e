// Verify: compares QuickBooks, our copy and Zendesk, within a budget of calls, and says why what differs does.
// Not the engine: it writes nothing to Zendesk; a repair marks what differs, and the engine looks at it as at any other mark.
// Called by boot for the command line; reconcile tells it how every card would be decided.
export type {
  AccountPages,
  CardState,
  CompanyPages,
  Difference,
  DifferenceKind,
  FieldDifference,
  KeptCopy,
  MarkFacts,
  Reason,
  Replica,
  Surroundings,
  VerifiedConnection,
  VerifyPorts,
  VerifyReport,
} from "./ports.ts";
export { type VerifyStage, verify } from "./verify.ts";
