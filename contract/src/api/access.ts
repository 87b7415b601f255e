import { z } from "zod";
import {
  apiKeyList,
  apiKeyResult,
  grantView,
  invitedOperator,
  madeApiKey,
  operatorList,
  operatorResult,
} from "../access.ts";
import { erasureResult } from "../erasure.ts";
import { connectionId, instant } from "../values.ts";
import { json, nothing, operation, role } from "./operation.ts";

const administer = { role: "admin", on: "deployment" } as const;
const anybody = { role: "viewer", on: "any" } as const;
const email = z.string().max(254);
const password = z.string().max(1_000);
const grants = z.array(grantView).max(1_000);
const operatorPath = z.object({ operatorId: z.coerce.number().int().positive() });

/** Who one is here. `csrfToken` goes into the x-csrf-token header of every change; null for API keys, which need none. */
export const sessionView = z.object({
  kind: z.enum(["operator", "api-key"]),
  name: z.string(),
  grants: z.array(grantView),
  csrfToken: z.string().nullable(),
});
export type SessionView = z.infer<typeof sessionView>;

export const accessOperations = {
  signIn: operation({
    method: "POST",
    path: "/session",
    tag: "access",
    summary: "Sign in; the answer sets the cookie of the session",
    needs: "nobody",
    body: z.object({ email, password }),
    answer: json(200, sessionView),
  }),
  readSession: operation({
    method: "GET",
    path: "/session",
    tag: "access",
    summary: "Who you are here, and what you may do",
    needs: anybody,
    answer: json(200, sessionView),
  }),
  signOut: operation({
    method: "DELETE",
    path: "/session",
    tag: "access",
    summary: "End the session",
    needs: anybody,
    answer: nothing,
  }),
  changePassword: operation({
    method: "PUT",
    path: "/session/password",
    tag: "access",
    summary: "Choose another password; every other session of yours ends",
    needs: anybody,
    body: z.object({ current: password, chosen: password }),
    answer: nothing,
  }),
  listOperators: operation({
    method: "GET",
    path: "/operators",
    tag: "access",
    summary: "Everybody who may sign in",
    needs: administer,
    answer: json(200, operatorList),
  }),
  inviteOperator: operation({
    method: "POST",
    path: "/operators",
    tag: "access",
    summary: "Add an operator; the answer holds the address where they choose their password",
    needs: administer,
    body: z.object({ email, name: z.string().min(1).max(200), grants }),
    answer: json(201, invitedOperator),
  }),
  changeOperator: operation({
    method: "PATCH",
    path: "/operators/:operatorId",
    tag: "access",
    summary: "Change what an operator may do, or whether they may sign in; their sessions end",
    needs: administer,
    params: operatorPath,
    body: z.object({ grants: grants.optional(), disabled: z.boolean().optional() }),
    answer: json(200, operatorResult),
  }),
  inviteAgain: operation({
    method: "POST",
    path: "/operators/:operatorId/invitation",
    tag: "access",
    summary: "A new address for choosing a password; the one before is void",
    needs: administer,
    params: operatorPath,
    answer: json(201, invitedOperator),
  }),
  erasePerson: operation({
    method: "POST",
    path: "/erasures",
    tag: "access",
    summary: "Take one person out of everything that is kept here; erase them in QuickBooks and Zendesk first",
    needs: administer,
    body: z.object({ texts: z.array(z.string().max(254)).min(1).max(50) }),
    answer: json(200, erasureResult),
  }),
  listApiKeys: operation({
    method: "GET",
    path: "/api-keys",
    tag: "access",
    summary: "Every API key, those that are no longer good included",
    needs: administer,
    answer: json(200, apiKeyList),
  }),
  createApiKey: operation({
    method: "POST",
    path: "/api-keys",
    tag: "access",
    summary: "Make an API key; it is shown in this answer alone",
    needs: administer,
    body: z.object({
      name: z.string().min(1).max(100),
      role,
      connections: z.array(connectionId).min(1).max(1_000).nullable(),
      expiresAt: instant.nullable(),
    }),
    answer: json(201, madeApiKey),
  }),
  revokeApiKey: operation({
    method: "DELETE",
    path: "/api-keys/:apiKeyId",
    tag: "access",
    summary: "Revoke an API key, at once and for ever",
    needs: administer,
    params: z.object({ apiKeyId: z.coerce.number().int().positive() }),
    answer: json(200, apiKeyResult),
  }),
};
