import type { ErrorCode } from "@ml-connector/contract";
import type { FastifyError } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { type FailureAction, MalformedId, OperatorError, RemoteFailure } from "../../domain/index.ts";
import { lasting, oneLine } from "../../views/index.ts";
import { Refusal } from "./refusal.ts";

/** What went wrong, as the caller may know it. Undefined: a fault of ours, of which only the log tells. */
export function explainFault(fault: unknown): Refusal | undefined {
  if (fault instanceof Refusal) return fault;
  if (fault instanceof OperatorError) return new Refusal(409, "refused", oneLine(fault.message));
  if (fault instanceof MalformedId) return new Refusal(400, "malformed", oneLine(fault.message));
  if (fault instanceof RemoteFailure) return ofRemote(fault);
  if (!(fault instanceof Error)) return undefined;
  return ofFramework(fault as FastifyError); // a plain error has none of its fields
}

/** 400 for what does not fit the schema, with every mistake; the values that were sent are not repeated. */
function ofFramework(fault: FastifyError): Refusal | undefined {
  if (hasZodFastifySchemaValidationErrors(fault)) {
    const problems = fault.validation.map(({ instancePath, message }) => ({
      at: `${fault.validationContext ?? "request"}${instancePath}`,
      says: oneLine(message ?? "is not as it should be"),
    }));
    const [first] = problems;
    return new Refusal(400, "malformed", `${first?.at ?? "The request"}: ${first?.says ?? "cannot be read"}.`, {
      problems,
    });
  }
  const known = ofStatus[fault.statusCode ?? 500];
  return known && new Refusal(fault.statusCode ?? 400, known.code, known.says);
}

const ofStatus: Record<number, { code: ErrorCode; says: string }> = {
  400: { code: "malformed", says: "The request cannot be read." },
  404: { code: "not-found", says: "There is nothing here." },
  413: { code: "too-large", says: "The request is too large." },
  415: { code: "media-type", says: "Send application/json." },
};

const systemNames = { quickbooks: "QuickBooks", zendesk: "Zendesk" } as const;

function ofRemote(failure: RemoteFailure): Refusal {
  const status = failure.action === "wait" || failure.action === "retry" ? 503 : 502;
  return new Refusal(status, "remote", oneLine(failure.says), {
    whatToDo: whatToDo(failure.action, failure),
    ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
  });
}

function whatToDo(action: FailureAction, { system, retryAfterMs, requestId }: RemoteFailure): string {
  const of = requestId === undefined ? "" : ` Their request id is ${requestId}.`;
  switch (action) {
    case "retry":
      return `Try again in a moment.${of}`;
    case "wait":
      return retryAfterMs === undefined ? "Try again in a minute." : `Try again in ${lasting(retryAfterMs)}.`;
    case "reauthorize":
      return `Connect ${systemNames[system]} again.${of}`;
    case "park":
      return `Look at it in ${systemNames[system]}, then try again.${of}`;
    case "bug":
      return `${systemNames[system]} did not take our request: please report it with the log.${of}`;
  }
}
