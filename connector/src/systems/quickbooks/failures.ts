// Intuit's faults, and what they mean for us. Matched on status and code, never on text: messages are localised.
// Sources: developer.intuit.com, docs/develop/troubleshooting/error-codes and handling-common-errors; docs/learn/limits-and-throttles;
// recorded bodies in ruckus/quickbooks-ruby (throttle), ej2/python-quickbooks issue 83 (429 as XML), IntuitDeveloper/Prompt-Library.
import { type FailureAction, RemoteFailure } from "../../domain/index.ts";
import type { HttpOutcome } from "../ports.ts";
import { isObject, parseJson } from "./json.ts";

interface FailureRule {
  status?: number;
  code?: string;
  action: FailureAction;
  says: string;
  waitMs?: number;
}

/** No Retry-After is sent; Intuit's limits page says to wait 60 seconds. */
const throttledMs = 60_000;

/** The first rule that matches wins: one with a code before one for the whole status. */
const failures: readonly FailureRule[] = [
  { code: "3200", action: "reauthorize", says: "QuickBooks no longer accepts our token: connect the company again." },
  {
    code: "3100",
    action: "reauthorize",
    says: "QuickBooks does not let our app into this company: connect it again, and check that environment and keys belong together.",
  },
  {
    code: "120",
    action: "reauthorize",
    says: "The person who connected lost access to the company: an administrator must connect it again.",
  },
  { code: "3001", action: "wait", says: "QuickBooks asks us to slow down.", waitMs: throttledMs },
  { status: 429, action: "wait", says: "QuickBooks asks us to slow down.", waitMs: throttledMs },
  { code: "610", action: "park", says: "QuickBooks does not have this record (any more)." },
  { code: "5020", action: "park", says: "This company's edition of QuickBooks does not offer these records." },
  { code: "5030", action: "park", says: "This company's edition of QuickBooks does not offer these records." },
  {
    code: "6190",
    action: "reauthorize",
    says: "The company's QuickBooks subscription has ended or has a billing problem: its owner must settle that with Intuit.",
  },
  { code: "4000", action: "bug", says: "QuickBooks could not read our query." },
  { code: "4001", action: "bug", says: "QuickBooks refused our query." },
  { code: "4002", action: "park", says: "QuickBooks cannot hand out this page: one of its records is damaged." },
  { code: "1040", action: "bug", says: "QuickBooks found our batch too large." },
  { code: "10000", action: "retry", says: "QuickBooks had an error of its own." },
  // Gateway or maintenance: the company is away, not one of its records.
  { status: 502, action: "wait", says: "QuickBooks is not available right now." },
  { status: 503, action: "wait", says: "QuickBooks is not available right now." },
  { status: 504, action: "wait", says: "QuickBooks is not available right now." },
  { status: 401, action: "reauthorize", says: "QuickBooks no longer accepts our token: connect the company again." },
  { status: 403, action: "reauthorize", says: "QuickBooks does not let our app into this company: connect it again." },
  { status: 404, action: "bug", says: "QuickBooks does not know this address: check the base URL and the company id." },
  { status: 400, action: "bug", says: "QuickBooks refused our request." },
];

/** Faults are short; a page of HTML is not searched to its end. */
const longestFault = 256 * 1024;

export interface Fault {
  code: string;
  /** For a diagnosis on the terminal of a developer; never branched on, never logged. */
  detail: string;
}

/** The fault of a body in any of its spellings: JSON with `Fault` or `fault`, XML even where JSON was asked, HTML of a gateway (none). */
export function faultsOf(body: string): Fault[] {
  const text = body.slice(0, longestFault).trimStart();
  if (text.startsWith("{")) {
    try {
      return faultsIn(parseJson(text));
    } catch {
      return [];
    }
  }
  return [...text.matchAll(/<Error\b[^>]*\bcode="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/Error>)/g)].map((found) => ({
    code: plainCode(found[1] ?? ""),
    detail: /<Detail>([\s\S]*?)<\/Detail>/.exec(found[2] ?? "")?.[1] ?? "",
  }));
}

/** The same for an answer that is parsed already: a whole body or one item of a batch. HTTP 200 can carry a fault. */
export function faultsIn(body: unknown): Fault[] {
  const fault = lookUp(body, "fault");
  const errors = lookUp(fault, "error");
  if (!Array.isArray(errors)) return fault === undefined || fault === null ? [] : [{ code: "", detail: "" }];
  return errors.map((error) => {
    const code = lookUp(error, "code");
    const detail = lookUp(error, "detail");
    return {
      code: typeof code === "string" || typeof code === "number" ? plainCode(String(code)) : "",
      detail: typeof detail === "string" ? detail : "",
    };
  });
}

export function failureFor(of: {
  operation: string;
  status: number;
  faults: readonly Fault[];
  retryAfter?: string | undefined;
  requestId?: string | undefined;
}): RemoteFailure {
  const codes = of.faults.map((fault) => fault.code);
  const rule =
    failures.find((rule) => rule.code !== undefined && codes.includes(rule.code)) ??
    failures.find((rule) => rule.code === undefined && rule.status === of.status);
  const action: FailureAction = rule?.action ?? (of.status >= 500 || of.status === 408 ? "retry" : "bug");
  const code = rule?.code ?? codes[0] ?? "";
  const asked = Number(of.retryAfter) * 1000;
  const waitMs = asked > 0 ? Math.max(asked, rule?.waitMs ?? 0) : rule?.waitMs;
  return new RemoteFailure({
    system: "quickbooks",
    operation: of.operation,
    status: of.status,
    code: code === "" ? String(of.status) : code,
    action,
    says: rule?.says ?? defaultSentence(of.status),
    retryAfterMs: waitMs,
    requestId: of.requestId,
  });
}

/** No answer at all. We only read, so the outcome is never unknown: ask again. */
export function noAnswerFailure(operation: string, outcome: Extract<HttpOutcome, { kind: "none" }>): RemoteFailure {
  const tooLarge = outcome.why === "too-large";
  return new RemoteFailure({
    system: "quickbooks",
    operation,
    code: outcome.why,
    // Nobody answers: that is no record's fault, and one question now and then is enough.
    action: tooLarge ? "bug" : outcome.why === "unreachable" ? "wait" : "retry",
    says: tooLarge ? "QuickBooks' answer is larger than we accept." : "QuickBooks did not answer.",
    cause: outcome.cause,
  });
}

function defaultSentence(status: number): string {
  if (status >= 500) return "QuickBooks is not available right now.";
  if (status >= 300 && status < 400) return "QuickBooks' address answers with a redirect: check the base URL.";
  return "QuickBooks answered in a way that we do not know.";
}

/** Codes come with and without zero padding: 003200 = 3200. */
function plainCode(code: string): string {
  return code.trim().replace(/^0+(?=\d)/, "");
}

/** Keys of gateway faults are lower case, those of the service are not. */
function lookUp(value: unknown, name: string): unknown {
  if (!isObject(value)) return undefined;
  const key = Object.keys(value).find((key) => key.toLowerCase() === name);
  return key === undefined ? undefined : value[key];
}
