// What a person gives as a target of alerts, checked before it is kept.
import { OperatorError } from "../../domain/index.ts";
import type { Destination, TargetKind } from "./ports.ts";

const address = /^[^\s@<>,;:"()[\]\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;
const longestUrl = 2_000;

/** `newSecret` signs what goes to a webhook; it is shown once. Throws OperatorError. */
export function parseDestination(
  kind: TargetKind,
  text: string,
  options: { newSecret: () => string; privateTargets: boolean },
): { destination: Destination; name: string } {
  const given = text.trim();
  if (kind === "email") {
    if (!address.test(given)) throw new OperatorError("This is no e-mail address: write one such as ops@example.com.");
    return { destination: { kind, address: given }, name: given };
  }
  const url = given.length <= longestUrl && URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || (url.protocol !== "https:" && !(url.protocol === "http:" && options.privateTargets)))
    throw new OperatorError("Write an address that starts with https://");
  if (url.username !== "" || url.password !== "" || url.hash !== "")
    throw new OperatorError("The address must hold no user name, password or fragment.");
  if (kind === "slack" && url.hostname !== "hooks.slack.com" && !options.privateTargets)
    throw new OperatorError("Slack's incoming webhooks start with https://hooks.slack.com/");
  const name = url.host;
  return kind === "slack"
    ? { destination: { kind, url: url.href }, name }
    : { destination: { kind, url: url.href, secret: options.newSecret() }, name };
}
