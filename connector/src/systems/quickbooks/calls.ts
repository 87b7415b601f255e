// One question to one company: token, budget, request, fault or answer. Reads only: there is no method that changes anything.

import type { TokenSource } from "../../connections/credentials/ports.ts";
import { type JsonObject, type Realm, RemoteFailure } from "../../domain/index.ts";
import type { Exchange, FinishedCall, HttpOutcome, SystemClock } from "../ports.ts";
import { failureFor, faultsIn, faultsOf, noAnswerFailure } from "./failures.ts";
import type { QuickbooksHosts } from "./hosts.ts";
import { isObject, parseJson } from "./json.ts";
import type { CallKind, CompanyLimits } from "./limits.ts";

/** Lower versions are served as 75 since 2025-08-01 (blogs.intuit.com/2025/01/21). */
const minorVersion = "75";
/** Intuit cuts requests off at 120 s. */
const timeoutMs = 120_000;
/** 1,000 invoices with long line lists stay below 20 MB. */
const maxBytes = 64 * 1024 * 1024;
const userAgent = "ml-connector/0.1";

export interface Question {
  operation: string;
  path: string;
  query?: Record<string, string>;
  /** A batch of queries; everything else is a GET. */
  batch?: { bId: string; Query: string }[];
  /** A read by id, for which "Object Not Found" is an answer. */
  mayBeGone?: true;
}

export interface CompanyAnswer {
  body: JsonObject;
  /** The server's own time of the answer. */
  time: string;
  requestId: string | undefined;
  /** Error 610: deleted, or made inactive and referenced. */
  gone: boolean;
}

export interface CompanyCalls {
  freeInMs(realm: Realm, kind: CallKind): number;
  ask(realm: Realm, question: Question, trial?: Trial): Promise<CompanyAnswer>;
}

/** A token that is not stored yet, and where the client that it was issued to belongs. */
export interface Trial {
  accessToken: string;
  environment?: "production" | "sandbox" | undefined;
}

export interface CallOptions {
  exchange: Exchange;
  /** Of this environment; without one, of the client that speaks for this company. */
  hostsOf(realm: Realm, environment?: "production" | "sandbox"): QuickbooksHosts | Promise<QuickbooksHosts>;
  tokens: TokenSource;
  limits: CompanyLimits;
  /** This client's part of the company's budget, 0..1. */
  share: number;
  clock: SystemClock;
  onCall?: (call: FinishedCall) => void;
}

export function createCompanyCalls(options: CallOptions): CompanyCalls {
  const { tokens, limits, clock } = options;

  async function askOnce(realm: Realm, question: Question, { accessToken, environment }: Trial): Promise<HttpOutcome> {
    const hosts = await options.hostsOf(realm, environment);
    const startedAt = clock.monotonicMs();
    const outcome = await options.exchange(requestOf(hosts, realm, question, accessToken));
    options.onCall?.({
      system: "quickbooks",
      subject: realm,
      operation: question.operation,
      outcome: outcome.kind === "answer" ? outcome.status : outcome.why,
      ms: clock.monotonicMs() - startedAt,
      requestId: outcome.kind === "answer" ? outcome.headers["intuit_tid"] : undefined,
    });
    return outcome;
  }

  return {
    freeInMs: (realm, kind) => limits.freeInMs(realm, options.share, kind),

    async ask(realm, question, trial) {
      const kind = question.batch === undefined ? "plain" : "batch";
      const run = (token: string) =>
        limits.run(realm, options.share, kind, () =>
          askOnce(realm, question, { environment: trial?.environment, accessToken: token }),
        );
      const token = trial?.accessToken ?? (await tokens.accessToken(realm));
      let outcome = await run(token);
      if (outcome.kind === "answer" && outcome.status === 401 && trial === undefined)
        outcome = await run(await tokens.refreshAfterRefusal(realm, token));
      try {
        if (outcome.kind === "none") throw noAnswerFailure(question.operation, outcome);
        const answer = readAnswer(question, outcome);
        await limits.answered(realm);
        return answer;
      } catch (failure) {
        if (!(failure instanceof RemoteFailure)) throw failure;
        if (outcome.kind === "answer" && failure.action !== "wait") await limits.answered(realm);
        throw await limits.refused(realm, failure);
      }
    },
  };
}

function requestOf(hosts: QuickbooksHosts, realm: Realm, question: Question, token: string) {
  const query = new URLSearchParams({ ...question.query, minorversion: minorVersion });
  // A blank as %20, not as the form encoding's plus: "+" of an offset and a blank must not look alike.
  const url = `${hosts.api}/v3/company/${realm}/${question.path}?${query.toString().replaceAll("+", "%20")}`;
  const headers = { authorization: `Bearer ${token}`, accept: "application/json", "user-agent": userAgent };
  if (question.batch === undefined) return { method: "GET", url, headers, timeoutMs, maxBytes } as const;
  return {
    method: "POST",
    url,
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ BatchItemRequest: question.batch }),
    timeoutMs,
    maxBytes,
  } as const;
}

function readAnswer(question: Question, answer: Extract<HttpOutcome, { kind: "answer" }>): CompanyAnswer {
  const requestId = answer.headers["intuit_tid"];
  const of = {
    operation: question.operation,
    status: answer.status,
    requestId,
    retryAfter: answer.headers["retry-after"],
  };
  const body = parseBody(answer.body);
  const faults = body === undefined ? faultsOf(answer.body) : faultsIn(body);
  const gone = question.mayBeGone === true && faults.some((fault) => fault.code === "610");
  // HTTP 200 can carry a fault, too.
  if (!gone && (answer.status !== 200 || faults.length > 0)) throw failureFor({ ...of, faults });
  if (body === undefined && !gone) throw malformed(of, "QuickBooks' answer is not JSON: check the base URL.");
  const time = timeOf(body?.["time"], answer.headers["date"]);
  if (time === undefined) throw malformed(of, "QuickBooks' answer carries no time.");
  return { body: body ?? {}, time, requestId, gone };
}

function parseBody(text: string): JsonObject | undefined {
  try {
    const body = parseJson(text);
    return isObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

function malformed(of: { operation: string; status: number; requestId: string | undefined }, says: string) {
  return new RemoteFailure({ ...of, system: "quickbooks", code: "malformed-answer", action: "retry", says });
}

/** RFC 3339 in the service's answers, milliseconds since 1970 in the gateway's, and the Date header where the body has none. */
function timeOf(time: unknown, dateHeader: string | undefined): string | undefined {
  if (typeof time === "string" && !Number.isNaN(Date.parse(time))) return time;
  const ms = typeof time === "number" ? time : Date.parse(dateHeader ?? "");
  return Number.isFinite(ms) ? new Date(ms).toISOString() : undefined;
}
