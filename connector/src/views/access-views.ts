import type { ApiKeyView, GrantView, OperatorView } from "@ml-connector/contract";
import type { ApiKey, Grant, Operator } from "../access/index.ts";
import { instantOrNull } from "./views.ts";

export function grantViews(grants: readonly Grant[]): GrantView[] {
  return grants.map(({ role, connectionId }) => ({ role, connectionId: connectionId ?? null }));
}

export function operatorView({ id, email, name, grants, hasPassword, disabledAt, createdAt }: Operator): OperatorView {
  const state = disabledAt ? "disabled" : hasPassword ? "active" : "invited";
  return { id, email, name, grants: grantViews(grants), state, createdAt: createdAt.toISOString() };
}

export function apiKeyView(key: ApiKey, now: Date): ApiKeyView {
  const { id, name, role, connections, place, madeBy, madeAt, expiresAt, usedAt, revokedAt } = key;
  return {
    id,
    name,
    role,
    connections: connections ?? null,
    kind: place === undefined ? "made" : "local",
    state: revokedAt ? "revoked" : expiresAt !== undefined && expiresAt <= now ? "expired" : "valid",
    madeBy,
    madeAt: madeAt.toISOString(),
    expiresAt: instantOrNull(expiresAt),
    usedAt: instantOrNull(usedAt),
  };
}
