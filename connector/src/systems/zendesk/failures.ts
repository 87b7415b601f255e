// Zendesk's answers, and what they mean for us. Matched on status and code, never on text: descriptions are localised.
// Sources: Zendesk's rate-limits, jobs and organizations pages; live probes published by CloudSecurityAlliance/csa-zendesk (2026-08-30);
// zendesk_api_client_rb issue 457 (422). The recorded 429 is text/plain (Zendesk community post 4600766234138).
import { type FailureAction, RemoteFailure } from "../../domain/index.ts";
import type { HttpOutcome } from "../ports.ts";
import { isObject, parseBody } from "./json.ts";

interface FailureRule {
  status: number;
  code?: string;
  action: FailureAction;
  says: string;
  /** Where no Retry-After says better. */
  waitMs?: number;
}

/** The first rule that matches wins. */
const failures: readonly FailureRule[] = [
  { status: 400, code: "InvalidPaginationDepth", action: "bug", says: "Zendesk refuses pages this deep." },
  { status: 400, action: "bug", says: "Zendesk could not read our request." },
  { status: 401, action: "reauthorize", says: "Zendesk no longer accepts our token: connect the account again." },
  {
    status: 403,
    action: "reauthorize",
    says: "Zendesk refuses this: a scope, an admin role or a feature of the plan is missing.",
  },
  { status: 404, code: "InvalidEndpoint", action: "bug", says: "This Zendesk account does not offer the call." },
  { status: 404, action: "park", says: "The record is gone in Zendesk." },
  { status: 408, action: "retry", says: "Zendesk gave up waiting for our request." },
  { status: 409, action: "retry", says: "Somebody else changed this in Zendesk at the same moment." },
  { status: 413, action: "bug", says: "Zendesk found our request too large." },
  { status: 422, code: "DuplicateValue", action: "park", says: "Another organization has this name." },
  {
    status: 422,
    code: "DuplicateValue.external_id",
    action: "park",
    says: "Another organization has this external id.",
  },
  { status: 422, code: "DuplicateValue.key", action: "park", says: "A field with this key exists or existed." },
  { status: 422, code: "DuplicateValue.user_id", action: "park", says: "The user is a member already." },
  { status: 422, action: "park", says: "Zendesk refuses a value of this record." },
  { status: 429, code: "TooManyJobs", action: "wait", says: "Zendesk has no free job slot.", waitMs: 5_000 },
  {
    status: 429,
    code: "TooManyRequests",
    action: "wait",
    says: "Zendesk takes five updates a minute for one organization.",
    waitMs: 15_000,
  },
  { status: 429, action: "wait", says: "Zendesk asks us to slow down.", waitMs: 10_000 },
  // The Ruby client of Zendesk waits 10 s where the header is absent.
  { status: 503, action: "wait", says: "Zendesk is down for maintenance or overloaded.", waitMs: 10_000 },
];

/** The code of a body in any of the four envelopes; with a field, the code of its first error: `DuplicateValue.external_id`. */
export function codeOf(body: string): string | undefined {
  const envelope = parseBody(body);
  if (envelope === undefined) return undefined;
  return (
    detailCode(envelope["details"]) ??
    textOf(envelope["error"]) ??
    (isObject(envelope["error"])
      ? (textOf(envelope["error"]["code"]) ?? textOf(envelope["error"]["title"]))
      : undefined) ??
    (Array.isArray(envelope["errors"]) && isObject(envelope["errors"][0])
      ? textOf(envelope["errors"][0]["code"])
      : undefined)
  );
}

/** `{name: [{description, error: "DuplicateValue"}]}`. The name goes first: a taken name has a way out of its own. */
export function detailCode(details: unknown): string | undefined {
  if (!isObject(details)) return undefined;
  const fields = Object.keys(details).sort((one, other) => Number(other === "name") - Number(one === "name"));
  for (const field of fields) {
    const errors = details[field];
    const first = Array.isArray(errors) ? errors.find((error) => isObject(error) && textOf(error["error"])) : undefined;
    const code = isObject(first) ? textOf(first["error"]) : undefined;
    if (code !== undefined) return field === "name" ? code : `${code}.${field}`;
  }
  return undefined;
}

export interface FailedCall {
  operation: string;
  /** The call changes something: after a fault of theirs it may have taken effect all the same. */
  write: boolean;
}

export function failureFor(call: FailedCall, answer: Extract<HttpOutcome, { kind: "answer" }>): RemoteFailure {
  const { status } = answer;
  const code = codeOf(answer.body);
  const rule = failures.find((rule) => rule.status === status && (rule.code === undefined || rule.code === code));
  const askedMs = Number(answer.headers["retry-after"]) * 1000;
  return new RemoteFailure({
    system: "zendesk",
    operation: call.operation,
    status,
    code: code?.slice(0, 80) ?? String(status),
    action: rule?.action ?? (status >= 500 ? "retry" : "bug"),
    says: rule?.says ?? defaultSentence(status),
    retryAfterMs: askedMs > 0 ? askedMs : rule?.waitMs,
    outcomeUnknown: call.write && status >= 500,
    requestId: answer.headers["x-request-id"],
  });
}

export function noAnswerFailure(call: FailedCall, outcome: Extract<HttpOutcome, { kind: "none" }>): RemoteFailure {
  const says =
    outcome.why === "deadline"
      ? "The time for this write was over before it was sent."
      : outcome.why === "too-large"
        ? "Zendesk's answer is larger than we accept."
        : "Zendesk did not answer.";
  return new RemoteFailure({
    system: "zendesk",
    operation: call.operation,
    code: outcome.why,
    action: outcome.why === "too-large" && !call.write ? "bug" : outcome.why === "unreachable" ? "wait" : "retry",
    says,
    // Nobody answers: that is no record's fault, and one question now and then is enough.
    outcomeUnknown: call.write && outcome.sent,
    cause: outcome.cause,
  });
}

export function malformedAnswer(call: FailedCall, requestId: string | undefined): RemoteFailure {
  return new RemoteFailure({
    system: "zendesk",
    operation: call.operation,
    code: "malformed-answer",
    action: "retry",
    says: "Zendesk's answer has another form than its documentation gives: check the base URL.",
    outcomeUnknown: call.write,
    requestId,
  });
}

function defaultSentence(status: number): string {
  if (status >= 500) return "Zendesk has an error of its own.";
  if (status >= 300 && status < 400) return "Zendesk's address answers with a redirect: check subdomain and base URL.";
  return "Zendesk answered in a way that we do not know.";
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
