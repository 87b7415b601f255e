// One request to one account: token, budget, deadline, answer or failure. Absolute URLs in answers are never requested.
import type { TokenSource } from "../../connections/credentials/ports.ts";
import type { Json, JsonObject, RemoteFailure, Subdomain } from "../../domain/index.ts";
import type { Exchange, FinishedCall, HttpOutcome, HttpRequest, SystemClock } from "../ports.ts";
import { failureFor, malformedAnswer, noAnswerFailure } from "./failures.ts";
import type { ZendeskHosts } from "./hosts.ts";
import { parseBody } from "./json.ts";
import type { AccountLimits } from "./limits.ts";

const timeoutMs = 60_000;
const maxBytes = 32 * 1024 * 1024;
const userAgent = "ml-connector/0.1";

export interface Call {
  /** The operation id of Zendesk's OpenAPI document. */
  operation: string;
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below /api/v2/. */
  path: string;
  query?: Record<string, string>;
  body?: Json;
  /** Monotonic instant by which the first byte of a write must have left. */
  deadline?: number;
}

export interface AccountAnswer {
  status: number;
  body: JsonObject;
  requestId: string | undefined;
}

export interface AccountCalls {
  /** `accessToken`: ask with exactly this token, as long as it is not stored yet. */
  ask(subdomain: Subdomain, call: Call, accessToken?: string): Promise<AccountAnswer>;
}

export interface CallOptions {
  exchange: Exchange;
  hosts: ZendeskHosts;
  tokens: TokenSource;
  limits: AccountLimits;
  /** This client's part of the account's budget, 0..1. */
  share: number;
  clock: SystemClock;
  onCall?: (call: FinishedCall) => void;
}

export function createAccountCalls(options: CallOptions): AccountCalls {
  const { tokens, limits, clock } = options;

  async function askOnce(subdomain: Subdomain, call: Call, token: string): Promise<HttpOutcome> {
    const startedAt = clock.monotonicMs();
    const outcome = await options.exchange(requestOf(options.hosts, subdomain, call, token));
    const answered = outcome.kind === "answer";
    if (answered) limits.observe(subdomain, outcome.headers);
    options.onCall?.({
      system: "zendesk",
      subject: subdomain,
      operation: call.operation,
      outcome: answered ? outcome.status : outcome.why,
      ms: clock.monotonicMs() - startedAt,
      requestId: answered ? outcome.headers["x-request-id"] : undefined,
    });
    return outcome;
  }

  return {
    async ask(subdomain, call, accessToken) {
      const lane = { subdomain, share: options.share, operation: call.operation, deadline: call.deadline };
      const run = (token: string) => limits.run(lane, () => askOnce(subdomain, call, token));
      const token = accessToken ?? (await tokens.accessToken(subdomain));
      let outcome = await run(token);
      if (outcome.kind === "answer" && outcome.status === 401 && accessToken === undefined)
        outcome = await run(await tokens.refreshAfterRefusal(subdomain, token));
      const of = { operation: call.operation, write: call.method !== "GET" };
      if (outcome.kind === "none") throw await limits.refused(subdomain, noAnswerFailure(of, outcome));
      if (outcome.status < 200 || outcome.status > 299) {
        const failure = failureFor(of, outcome);
        if (isForWholeAccount(failure, outcome.headers)) throw await limits.refused(subdomain, failure);
        await limits.answered(subdomain);
        throw failure;
      }
      await limits.answered(subdomain);
      // 204: done, nothing to say.
      const body = outcome.status === 204 ? {} : parseBody(outcome.body);
      if (body === undefined) throw malformedAnswer(of, outcome.headers["x-request-id"]);
      return { status: outcome.status, body, requestId: outcome.headers["x-request-id"] };
    },
  };
}

/** A 429 while the account has requests left is an endpoint's or one organization's: the account goes on. */
function isForWholeAccount(failure: RemoteFailure, headers: Readonly<Record<string, string>>): boolean {
  if (failure.action !== "wait") return false;
  if (failure.status === 503) return true;
  if (failure.code === "TooManyJobs" || failure.code === "TooManyRequests") return false;
  const remaining =
    headers["x-rate-limit-remaining"] ?? headers["ratelimit-remaining"] ?? headers["rate-limit-remaining"];
  return remaining === undefined || Number(remaining) <= 0;
}

function requestOf(hosts: ZendeskHosts, subdomain: Subdomain, call: Call, token: string): HttpRequest {
  const query = call.query === undefined ? "" : `?${new URLSearchParams(call.query).toString()}`;
  const host = hosts.hostHeader(subdomain);
  return {
    method: call.method,
    url: `${hosts.root(subdomain)}/api/v2/${call.path}${query}`,
    headers: {
      authorization: token.startsWith("Basic ") ? token : `Bearer ${token}`,
      accept: "application/json",
      "user-agent": userAgent,
      ...(host === undefined ? {} : { host }),
      ...(call.body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    timeoutMs,
    maxBytes,
    deadline: call.deadline,
  };
}
