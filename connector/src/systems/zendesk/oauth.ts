// Zendesk's OAuth. Our own thin calls: its token endpoint takes JSON bodies, which no OAuth library sends, and whether a request may have
// reached Zendesk decides whether the stored token is tried once more.
import type { Grant, GrantSource, Permission } from "../../connections/credentials/ports.ts";
import { parseSubdomain, RemoteFailure } from "../../domain/index.ts";
import type { Exchange, HttpOutcome } from "../ports.ts";
import type { ZendeskHosts } from "./hosts.ts";
import { parseBody } from "./json.ts";

/** Narrower scopes exist; which of them cover organization fields, memberships and jobs is not documented. */
const scopeOf: Record<Permission, string> = { read: "read", write: "read write" };
/** The longest lives that Zendesk gives (2 days, 90 days): said in every request, because the defaults changed three times. */
const expiresInSeconds = 172_800;
const refreshExpiresInSeconds = 7_776_000;
const timeoutMs = 30_000;
const maxBytes = 64 * 1024;

export interface ZendeskApp {
  clientId: string;
  /** Asked for each time where it may be replaced. */
  clientSecret: string | (() => Promise<string>);
}

export function createZendeskGrants(options: {
  exchange: Exchange;
  hosts: ZendeskHosts;
  app: ZendeskApp;
}): GrantSource {
  const { hosts, app } = options;

  async function post(
    operation: string,
    { subject, permission = "write" }: { subject: string; permission?: Permission | undefined },
    fields: Record<string, string | number>,
  ): Promise<Grant> {
    const subdomain = parseSubdomain(subject);
    const host = hosts.hostHeader(subdomain);
    const outcome = await options.exchange({
      method: "POST",
      url: `${hosts.root(subdomain)}/oauth/tokens`,
      headers: {
        accept: "application/json",
        "content-type": "application/json",
        ...(host === undefined ? {} : { host }),
      },
      body: JSON.stringify({
        client_id: app.clientId,
        client_secret: typeof app.clientSecret === "string" ? app.clientSecret : await app.clientSecret(),
        scope: scopeOf[permission],
        expires_in: expiresInSeconds,
        ...fields,
      }),
      timeoutMs,
      maxBytes,
    });
    return readGrant(operation, outcome);
  }

  return {
    authorizationUrl({ subject, state, redirectUri, challenge, permission = "write" }) {
      const query = new URLSearchParams({
        response_type: "code",
        client_id: app.clientId,
        redirect_uri: redirectUri,
        scope: scopeOf[permission],
        state,
        ...(challenge === undefined ? {} : { code_challenge: challenge, code_challenge_method: "S256" }),
      });
      return `${hosts.root(parseSubdomain(subject))}/oauth/authorizations/new?${query.toString().replaceAll("+", "%20")}`;
    },
    exchangeCode({ code, redirectUri, verifier, ...of }) {
      return post("oauth.token", of, {
        grant_type: "authorization_code",
        code,
        redirect_uri: redirectUri,
        refresh_token_expires_in: refreshExpiresInSeconds,
        ...(verifier === undefined ? {} : { code_verifier: verifier }),
      });
    },
    refresh({ refreshToken, ...of }) {
      return post("oauth.refresh", of, {
        grant_type: "refresh_token",
        refresh_token: refreshToken,
        refresh_token_expires_in: refreshExpiresInSeconds,
      });
    },
    issue(of) {
      return post("oauth.client-credentials", of, { grant_type: "client_credentials" });
    },
    async revoke({ subject, accessToken }) {
      const subdomain = parseSubdomain(subject);
      const host = hosts.hostHeader(subdomain);
      const outcome = await options.exchange({
        method: "DELETE",
        url: `${hosts.root(subdomain)}/api/v2/oauth/tokens/current`,
        headers: { authorization: `Bearer ${accessToken}`, ...(host === undefined ? {} : { host }) },
        timeoutMs,
        maxBytes,
      });
      // 401 and 404: it was no token any more.
      if (outcome.kind === "answer" && (outcome.status < 300 || outcome.status === 401 || outcome.status === 404))
        return;
      throw new RemoteFailure({
        system: "zendesk",
        operation: "oauth.revoke",
        status: outcome.kind === "answer" ? outcome.status : undefined,
        code: outcome.kind === "answer" ? String(outcome.status) : outcome.why,
        action: "retry",
        says: "Zendesk did not take the token back.",
      });
    },
  };
}

/** The documentation prints 201, Zendesk's own zcli expects 200: both are good. */
function readGrant(operation: string, outcome: HttpOutcome): Grant {
  const system = "zendesk";
  if (outcome.kind === "none") {
    const { why: code, sent: outcomeUnknown, cause } = outcome;
    const says = "Zendesk's sign-in pages did not answer.";
    throw new RemoteFailure({ system, operation, code, action: "retry", says, outcomeUnknown, cause });
  }
  const { status } = outcome;
  const body = parseBody(outcome.body);
  const accessToken = body?.["access_token"];
  if (status >= 200 && status < 300 && typeof accessToken === "string")
    return {
      accessToken,
      refreshToken: textOf(body?.["refresh_token"]),
      expiresInSeconds: secondsOf(body?.["expires_in"]),
      refreshExpiresInSeconds: secondsOf(body?.["refresh_token_expires_in"]),
      hardExpiresInSeconds: undefined,
      scopes: textOf(body?.["scope"]),
    };
  const error = textOf(body?.["error"]);
  const of = { system, operation, status, requestId: outcome.headers["x-request-id"] } as const;
  if (error === "invalid_grant")
    throw new RemoteFailure({
      ...of,
      code: error,
      action: "reauthorize",
      says: "Zendesk no longer accepts our grant: connect the account again.",
    });
  if (error === "invalid_client")
    throw new RemoteFailure({
      ...of,
      code: error,
      action: "reauthorize",
      says: "Zendesk does not know our client id and secret: check the configuration.",
    });
  if (status === 429 || status === 503) {
    const askedMs = Number(outcome.headers["retry-after"]) * 1000;
    const retryAfterMs = askedMs > 0 ? askedMs : 10_000;
    throw new RemoteFailure({
      ...of,
      code: String(status),
      action: "wait",
      retryAfterMs,
      says: "Zendesk asks us to slow down.",
    });
  }
  if (status >= 500 || (status >= 200 && status < 300))
    throw new RemoteFailure({
      ...of,
      code: String(status),
      action: "retry",
      outcomeUnknown: true,
      says: "Zendesk's sign-in pages have an error of their own.",
    });
  throw new RemoteFailure({
    ...of,
    code: error ?? String(status),
    action: "bug",
    says: "Zendesk refused our sign-in request: check subdomain, client id, secret, redirect URI and base URL.",
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function secondsOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : undefined;
}
