import type { Failed } from "@ml-connector/contract";
import { CommanderError } from "commander";
import { type FailureAction, MalformedId, OperatorError, RemoteFailure } from "../domain/index.ts";
import { lasting, oneLine, shortened } from "../views/index.ts";

export type Fault = Failed["error"] & { exitCode: 1 | 2 };

const systemNames = { quickbooks: "QuickBooks", zendesk: "Zendesk" } as const;
const addressSettings = {
  quickbooks: "QUICKBOOKS_BASE_URL",
  zendesk: "ZENDESK_BASE_URL",
} as const;

/** One line that says what happened and what to do. `logHint` says where the log is. */
export function describeFault(fault: unknown, logHint: string): Fault {
  if (fault instanceof CommanderError) return { kind: "usage", says: usage(fault), exitCode: 2 };
  if (fault instanceof MalformedId) return { kind: "usage", says: oneLine(fault.message), exitCode: 2 };
  if (fault instanceof OperatorError) return { kind: "operator", says: joinedLines(fault.message), exitCode: 1 };
  if (fault instanceof RemoteFailure) return { kind: "remote", says: remote(fault), exitCode: 1 };
  return { kind: "bug", says: `This should not have happened: ${unknown(fault)}. ${logHint}`, exitCode: 1 };
}

/** A list of mistakes, one a line, becomes one line: `The configuration has 2 mistakes: A; B`. */
function joinedLines(message: string): string {
  const lines = message.split("\n").map(oneLine);
  return lines
    .filter((line) => line !== "")
    .reduce((text, line) => (text === "" ? line : `${text}${text.endsWith(":") ? " " : "; "}${line}`), "");
}

/** Commander's own messages begin with "error: " and put suggestions on a second line. */
function usage(fault: CommanderError): string {
  if (fault.code === "commander.help") return "A command is missing. See: ml-connector --help";
  const says = oneLine(fault.message).replace(/^error: /, "");
  return `${says}${/[.?!)]$/.test(says) ? "" : "."} See: ml-connector --help`;
}

function remote(failure: RemoteFailure): string {
  const request = failure.requestId === undefined ? "" : ` (request id ${failure.requestId})`;
  return oneLine(`${failure.says} ${whatToDo(failure.action, failure)}${request}`);
}

function whatToDo(action: FailureAction, failure: RemoteFailure): string {
  switch (action) {
    case "retry":
      return failure.code === "unreachable"
        ? `Check the network, and ${addressSettings[failure.system]} where that is set; then try again.`
        : "Try again in a moment.";
    case "wait":
      return failure.retryAfterMs === undefined
        ? "Try again in a minute."
        : `Try again in ${lasting(failure.retryAfterMs)}.`;
    case "reauthorize":
      return "Connect again: ml-connector connect SUBDOMAIN";
    case "park":
      return `Look at it in ${systemNames[failure.system]}, then try again.`;
    case "bug":
      // A sign-in is refused for what is configured far more often than for what we ask: its sentence names that.
      if (failure.operation.startsWith("oauth.")) return "If all of it is right, please report it with the log.";
      return `${systemNames[failure.system]} did not take our request: please report it with the log.`;
  }
}

/** Some faults of Node, such as a refused connection to several addresses, carry their message one level down. */
function unknown(fault: unknown): string {
  if (!(fault instanceof Error)) return shortened(String(fault), 200);
  const inner: unknown = fault instanceof AggregateError ? fault.errors[0] : fault.cause;
  const words = fault.message !== "" ? fault.message : inner instanceof Error ? inner.message : fault.name;
  return shortened(words, 300).replace(/\.$/, "");
}
