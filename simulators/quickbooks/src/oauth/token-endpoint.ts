import { timingSafeEqual } from "node:crypto";
import type { Switches } from "../behaviour/index.ts";
import type { Randomness } from "../randomness.ts";
import {
  accessLifeS,
  type Grant,
  hardEndMs,
  isCodeAlive,
  issueAccess,
  openGrant,
  refreshGrant,
  refreshLifeS,
  revokeGrant,
  softEndMs,
  type Tokens,
} from "./grants.ts";
import type { IdTokens } from "./id-token.ts";

export interface OAuthApp {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Empty: any http address of this machine is taken. */
  readonly redirectUris: readonly string[];
}

export interface OAuthWorld {
  readonly app: OAuthApp;
  /** Apps of other developers that the company may be connected through, too. */
  readonly otherApps: readonly OAuthApp[];
  readonly tokens: Tokens;
  readonly randomness: Randomness;
  readonly idTokens: IdTokens;
  readonly nowMs: number;
  readonly monotonicMs: number;
  readonly switches: Pick<
    Switches,
    "concurrentRefreshRevokes" | "rotateEveryRefresh" | "dropRotatedAnswer" | "codeReuseRevokes" | "invalidClientStatus"
  >;
}

export interface TokenReply {
  readonly status: number;
  readonly body: Readonly<Record<string, string | number>>;
  /** The answer is lost on its way. */
  readonly isDropped?: boolean;
}

export interface TokenRequest {
  readonly authorization: string | undefined;
  readonly form: URLSearchParams;
  /** The opt-in header x-include-refresh-token-hard-expires-in. */
  readonly wantsHardExpiry: boolean;
}

/** `POST /oauth2/v1/tokens/bearer`: code exchange and refresh. */
export function answerTokenRequest(world: OAuthWorld, request: TokenRequest): TokenReply {
  const app = clientOf(world, request.authorization, request.form);
  if (app === undefined) return invalidClient(world);
  const type = request.form.get("grant_type");
  if (type === "authorization_code") return exchangeCode(world, app, request);
  if (type === "refresh_token") return refresh(world, app, request);
  return { status: 400, body: { error: "unsupported_grant_type" } };
}

// oauth-jsclient test mocks (errorResponse.json).
const invalidGrant: TokenReply = {
  status: 400,
  body: { error_description: "Token invalid", error: "invalid_grant" },
};
/** Seen as 400 and as 401: clients must look at the body. */
function invalidClient({ switches }: OAuthWorld): TokenReply {
  return { status: switches.invalidClientStatus, body: { error: "invalid_client" } };
}

function clientOf(
  { app, otherApps }: OAuthWorld,
  authorization: string | undefined,
  form: URLSearchParams,
): OAuthApp | undefined {
  return [app, ...otherApps].find((each) => isClient(each, authorization, form));
}

/** Basic header, or id and secret in the form: both are in the discovery document. */
function isClient(app: OAuthApp, authorization: string | undefined, form: URLSearchParams): boolean {
  const basic = /^basic\s+([\w+/=-]+)$/i.exec(authorization ?? "")?.[1];
  if (basic !== undefined) {
    return isSame(Buffer.from(basic, "base64").toString("utf8"), `${app.clientId}:${app.clientSecret}`);
  }
  return isSame(
    `${form.get("client_id") ?? ""}:${form.get("client_secret") ?? ""}`,
    `${app.clientId}:${app.clientSecret}`,
  );
}

function isSame(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Codes and tokens are good for the client that they were issued to alone (RFC 6749, 4.1.3 and 6). */
function exchangeCode(world: OAuthWorld, app: OAuthApp, { form, wantsHardExpiry }: TokenRequest): TokenReply {
  const code = world.tokens.codes.get(form.get("code") ?? "");
  if (code === undefined || code.clientId !== app.clientId) return invalidGrant;
  if (code.grant !== undefined) {
    // A code is used once; using it again may revoke what it brought (Prompt-Library, oauth-setup).
    if (world.switches.codeReuseRevokes) revokeGrant(code.grant);
    return invalidGrant;
  }
  if (!isCodeAlive(code, world.nowMs) || form.get("redirect_uri") !== code.redirectUri) return invalidGrant;
  const grant = openGrant(world.tokens, world.randomness, code, world.nowMs);
  return tokenReply(world, grant, wantsHardExpiry);
}

function refresh(world: OAuthWorld, app: OAuthApp, { form, wantsHardExpiry }: TokenRequest): TokenReply {
  const token = form.get("refresh_token") ?? "";
  const grant = world.tokens.byRefreshToken.get(token);
  if (grant === undefined || grant.revoked || grant.refreshToken !== token) return invalidGrant;
  if (grant.clientId !== app.clientId) return invalidGrant;
  if (world.nowMs >= softEndMs(grant)) return invalidGrant;
  if (world.switches.concurrentRefreshRevokes && isConcurrent(world, token)) {
    revokeGrant(grant);
    return invalidGrant;
  }
  const always = world.switches.rotateEveryRefresh;
  const outcome = refreshGrant(world.tokens, world.randomness, grant, { nowMs: world.nowMs, always });
  const reply = tokenReply(world, grant, wantsHardExpiry);
  return outcome === "rotated" && world.switches.dropRotatedAnswer ? { ...reply, isDropped: true } : reply;
}

const concurrentMs = 1000;

/** Concurrent refreshes may be read as a compromise (Prompt-Library): under way at once, or within a second. */
function isConcurrent({ tokens, monotonicMs }: OAuthWorld, token: string): boolean {
  const known = tokens.refreshing.get(token) ?? { open: 1, lastMs: Number.NEGATIVE_INFINITY };
  const isSo = known.open > 1 || monotonicMs - known.lastMs < concurrentMs;
  tokens.refreshing.set(token, { ...known, lastMs: monotonicMs });
  return isSo;
}

/** Told when a refresh arrives and when it is answered; what overlaps is concurrent. */
export function countRefresh(tokens: Tokens, token: string, by: 1 | -1): void {
  const known = tokens.refreshing.get(token) ?? { open: 0, lastMs: Number.NEGATIVE_INFINITY };
  tokens.refreshing.set(token, { ...known, open: known.open + by });
}

/** realmId is never in here: it comes only with the callback. */
function tokenReply(world: OAuthWorld, grant: Grant, wantsHardExpiry: boolean): TokenReply {
  const { nowMs, tokens, randomness } = world;
  const body: Record<string, string | number> = {
    x_refresh_token_expires_in: Math.min(refreshLifeS, Math.floor((softEndMs(grant) - nowMs) / 1000)),
    refresh_token: grant.refreshToken,
    access_token: issueAccess(tokens, randomness, grant, nowMs),
    token_type: "bearer",
    expires_in: accessLifeS,
  };
  if (wantsHardExpiry) body["x_refresh_token_hard_expires_in"] = Math.floor((hardEndMs(grant) - nowMs) / 1000);
  if (grant.scopes.includes("openid")) {
    body["id_token"] = world.idTokens.sign({ realm: grant.realm, clientId: grant.clientId, nowMs });
  }
  return { status: 200, body };
}

/** `POST /v2/oauth2/tokens/revoke` with an access or refresh token: the whole grant ends. */
export function answerRevoke(
  world: OAuthWorld,
  authorization: string | undefined,
  token: string | undefined,
): TokenReply {
  const app = clientOf(world, authorization, new URLSearchParams());
  if (app === undefined) return invalidClient(world);
  const grant =
    token === undefined ? undefined : (world.tokens.byRefreshToken.get(token) ?? world.tokens.access.get(token)?.grant);
  if (grant === undefined || grant.revoked || grant.clientId !== app.clientId)
    return { status: 400, body: { error: "invalid_request" } };
  revokeGrant(grant);
  return { status: 200, body: {} };
}
