import { z } from "zod";
import { role } from "./api/operation.ts";
import { connectionId, instant } from "./values.ts";

/** A role on one connection, or (null) on every one, those to come included. */
export const grantView = z.object({ role, connectionId: connectionId.nullable() });
export type GrantView = z.infer<typeof grantView>;

export const operatorView = z.object({
  id: z.int().positive(),
  email: z.string(),
  name: z.string(),
  grants: z.array(grantView),
  /** invited: the link was not opened yet. */
  state: z.enum(["invited", "active", "disabled"]),
  createdAt: instant,
});
export type OperatorView = z.infer<typeof operatorView>;

/** `invitation` is an address that lets its bearer choose the password, once, within three days. It is shown here alone. */
export const invitedOperator = z.object({ operator: operatorView, invitation: z.url() });
export type InvitedOperator = z.infer<typeof invitedOperator>;

export const operatorList = z.object({ operators: z.array(operatorView) });
export type OperatorList = z.infer<typeof operatorList>;

/** What a command did to one operator. */
export const operatorResult = z.object({ operator: operatorView });
export type OperatorResult = z.infer<typeof operatorResult>;

export const apiKeyView = z.object({
  id: z.int().positive(),
  name: z.string(),
  role,
  /** Null: every connection. */
  connections: z.array(connectionId).nullable(),
  /** local: the key in a data folder's file, good on that machine only. */
  kind: z.enum(["local", "made"]),
  state: z.enum(["valid", "expired", "revoked"]),
  madeBy: z.string(),
  madeAt: instant,
  expiresAt: instant.nullable(),
  usedAt: instant.nullable(),
});
export type ApiKeyView = z.infer<typeof apiKeyView>;

export const apiKeyList = z.object({ apiKeys: z.array(apiKeyView) });
export type ApiKeyList = z.infer<typeof apiKeyList>;

/** `key` is shown here alone: only its hash is kept. */
export const madeApiKey = z.object({ apiKey: apiKeyView, key: z.string() });
export type MadeApiKey = z.infer<typeof madeApiKey>;

export const apiKeyResult = z.object({ apiKey: apiKeyView });
export type ApiKeyResult = z.infer<typeof apiKeyResult>;
