// Intuit's token endpoint. Our own thin calls instead of a library: whether a request may have reached Intuit decides whether the stored
// token is tried once more, and error bodies decide by their content, never by their status (400 or 401 for invalid_client).

import type { Grant, GrantSource } from "../../connections/credentials/ports.ts";
import { RemoteFailure } from "../../domain/index.ts";
import type { Exchange, HttpOutcome } from "../ports.ts";
import { createEndpoints } from "./endpoints.ts";
import type { QuickbooksHosts } from "./hosts.ts";
import { isObject } from "./json.ts";

/** There is no read-only accounting scope; scopes we do not need can make Intuit refuse the request. */
const scope = "com.intuit.quickbooks.accounting";
const timeoutMs = 30_000;
const maxBytes = 64 * 1024;

export interface QuickbooksApp {
  clientId: string;
  /** Asked for each time where it may be replaced. */
  clientSecret: string | (() => Promise<string>);
}

export function createQuickbooksGrants(options: {
  exchange: Exchange;
  hosts: QuickbooksHosts;
  app: QuickbooksApp;
  monotonicMs?: () => number;
}): GrantSource {
  const { exchange, hosts, app } = options;
  const endpoints = createEndpoints({ exchange, hosts, monotonicMs: options.monotonicMs ?? (() => 0) });

  async function basic(): Promise<string> {
    const secret = typeof app.clientSecret === "string" ? app.clientSecret : await app.clientSecret();
    return `Basic ${Buffer.from(`${app.clientId}:${secret}`).toString("base64")}`;
  }

  async function post(operation: string, form: Record<string, string>): Promise<Grant> {
    const outcome = await exchange({
      method: "POST",
      url: endpoints.current().token,
      headers: {
        authorization: await basic(),
        accept: "application/json",
        "content-type": "application/x-www-form-urlencoded",
        // Opt-in: tells how much is left of the five years after consent (oauth-jsclient 4.2.4).
        "x-include-refresh-token-hard-expires-in": "true",
      },
      body: new URLSearchParams(form).toString(),
      timeoutMs,
      maxBytes,
    });
    return readGrant(operation, outcome);
  }

  return {
    authorizationUrl({ state, redirectUri }) {
      const query = { client_id: app.clientId, response_type: "code", scope, redirect_uri: redirectUri, state };
      return `${endpoints.current().authorize}?${new URLSearchParams(query).toString()}`;
    },
    exchangeCode({ code, redirectUri }) {
      return post("oauth.token", { grant_type: "authorization_code", code, redirect_uri: redirectUri });
    },
    refresh({ refreshToken }) {
      return post("oauth.refresh", { grant_type: "refresh_token", refresh_token: refreshToken });
    },
    /** Either token ends the whole consent (developer.intuit.com, OAuth 2.0, "revoking tokens"). */
    async revoke({ refreshToken, accessToken }) {
      const outcome = await exchange({
        method: "POST",
        url: endpoints.current().revoke,
        headers: { authorization: await basic(), accept: "application/json", "content-type": "application/json" },
        body: JSON.stringify({ token: refreshToken ?? accessToken }),
        timeoutMs,
        maxBytes,
      });
      // 400: it was no token any more.
      if (outcome.kind === "answer" && (outcome.status < 300 || outcome.status === 400)) return;
      throw new RemoteFailure({
        system: "quickbooks",
        operation: "oauth.revoke",
        status: outcome.kind === "answer" ? outcome.status : undefined,
        code: outcome.kind === "answer" ? String(outcome.status) : outcome.why,
        action: "retry",
        says: "Intuit did not take the token back.",
      });
    },
    issue() {
      throw new Error("QuickBooks knows no client credentials");
    },
  };
}

function readGrant(operation: string, outcome: HttpOutcome): Grant {
  const system = "quickbooks";
  if (outcome.kind === "none") {
    const says = "Intuit's sign-in server did not answer.";
    const { why: code, sent: outcomeUnknown, cause } = outcome;
    throw new RemoteFailure({ system, operation, code, action: "retry", says, outcomeUnknown, cause });
  }
  const { status } = outcome;
  const requestId = outcome.headers["intuit_tid"];
  const body = parseObject(outcome.body);
  const accessToken = body?.["access_token"];
  if (status >= 200 && status < 300 && typeof accessToken === "string")
    return {
      accessToken,
      refreshToken: textOf(body?.["refresh_token"]),
      expiresInSeconds: secondsOf(body?.["expires_in"]),
      refreshExpiresInSeconds: secondsOf(body?.["x_refresh_token_expires_in"]),
      hardExpiresInSeconds: secondsOf(body?.["x_refresh_token_hard_expires_in"]),
      scopes: textOf(body?.["scope"]),
    };
  const error = textOf(body?.["error"]);
  const of = { system, operation, status, requestId } as const;
  if (error === "invalid_grant")
    throw new RemoteFailure({
      ...of,
      code: error,
      action: "reauthorize",
      says: "Intuit no longer accepts our grant: connect the company again.",
    });
  if (error === "invalid_client")
    throw new RemoteFailure({
      ...of,
      code: error,
      action: "reauthorize",
      says: "Intuit does not know our client id and secret: check the configuration and its environment.",
    });
  if (status === 429)
    throw new RemoteFailure({
      ...of,
      code: "429",
      action: "wait",
      retryAfterMs: 60_000,
      says: "Intuit's sign-in server asks us to slow down.",
    });
  if (status >= 500 || (status >= 200 && status < 300))
    throw new RemoteFailure({
      ...of,
      code: String(status),
      action: "retry",
      outcomeUnknown: true,
      says: "Intuit's sign-in server has an error of its own.",
    });
  throw new RemoteFailure({
    ...of,
    code: error ?? String(status),
    action: "bug",
    says: "Intuit's sign-in server refused our request: check client id, secret, redirect URI and base URL.",
  });
}

function parseObject(text: string) {
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function secondsOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : undefined;
}
