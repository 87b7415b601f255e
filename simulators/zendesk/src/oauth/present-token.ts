import type { JsonObject } from "../records/input.ts";
import type { Token } from "./tokens.ts";

/** Only the first characters of the secrets are shown (OAuth tokens reference, JSON format). */
export function presentToken(token: Token, root: string): JsonObject {
  const iso = (time: number | null): string | null =>
    time === null ? null : `${new Date(time).toISOString().slice(0, 19)}Z`;
  return {
    url: `${root}/oauth/tokens/${token.id}.json`,
    id: token.id,
    user_id: token.userId,
    client_id: token.clientId,
    token: token.access.slice(0, 10),
    refresh_token: token.refresh === null ? null : token.refresh.slice(0, 10),
    created_at: iso(token.createdAt),
    expires_at: iso(token.expiresAt),
    refresh_token_expires_at: iso(token.refreshExpiresAt),
    used_at: iso(token.usedAt),
    scopes: token.scopes,
  };
}
