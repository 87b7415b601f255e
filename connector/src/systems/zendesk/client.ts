import type { WebhookSource } from "../../connections/ports.ts";
import { type RecordObjectDefinition, RemoteFailure, type Subdomain } from "../../domain/index.ts";
import type { DirectorySource } from "../../sync/directory/ports.ts";
import type { ContactWriter } from "../../sync/reconcile/contacts/ports.ts";
import type { OrganizationUndo } from "../../sync/reconcile/plan/restore-ports.ts";
import type { OrganizationWriter } from "../../sync/reconcile/ports.ts";
import type { RecordWriter } from "../../sync/reconcile/records/ports.ts";
import type { TicketFieldWriter } from "../../sync/reconcile/ticket-fields/ports.ts";
import { type AbilitySource, createAbilitySource } from "./abilities.ts";
import { type AccountAnswer, type Call, type CallOptions, createAccountCalls } from "./calls.ts";
import { createContactWriter } from "./contacts.ts";
import { type ChangeSource, createDirectorySource } from "./directory-source.ts";
import { isObject } from "./json.ts";
import type { LimitReport } from "./limits.ts";
import { createOrganizationUndo } from "./organization-undo.ts";
import { createOrganizationWriter } from "./organization-writer.ts";
import type { FieldWire } from "./organizations.ts";
import { createRecordWriter } from "./record-writer.ts";
import { createTicketFieldWriter } from "./ticket-fields.ts";
import { createWebhookSource } from "./webhooks.ts";

export interface TokenFacts {
  /** Empty where the account does not tell. */
  scopes: string[];
  expiresAt: string | undefined;
}

export interface ZendeskClient
  extends DirectorySource,
    ChangeSource,
    OrganizationWriter,
    OrganizationUndo,
    RecordWriter,
    TicketFieldWriter,
    ContactWriter,
    AbilitySource,
    WebhookSource {
  /** Fails when the token is not accepted: `users/me` would answer 200 as "Anonymous user". */
  checkToken(subdomain: Subdomain, accessToken?: string): Promise<TokenFacts>;
  /** Of the person or client that we speak for: `admin`, `agent`, ... */
  readRole(subdomain: Subdomain): Promise<string>;
  /** What the latest answers said of the account's limits. */
  accountLimits(subdomain: Subdomain): LimitReport | undefined;
}

export interface ZendeskClientOptions extends CallOptions {
  wire: FieldWire;
  /** The custom objects that hold records of ours. */
  objects: readonly RecordObjectDefinition[];
}

/** Zendesk. Everything it throws on purpose is a RemoteFailure. */
export function createZendeskClient(options: ZendeskClientOptions): ZendeskClient {
  const calls = createAccountCalls(options);
  return {
    ...createDirectorySource(calls, options.wire),
    ...createOrganizationWriter(calls, options.wire),
    ...createRecordWriter(calls, options),
    ...createTicketFieldWriter(calls),
    ...createContactWriter(calls),
    ...createOrganizationUndo(calls, options.wire),
    ...createAbilitySource(calls),
    ...createWebhookSource(calls),

    async checkToken(subdomain, accessToken) {
      const probe = (call: Pick<Call, "operation" | "path" | "query">) =>
        calls.ask(subdomain, { ...call, method: "GET" }, accessToken);
      try {
        return tokenFacts(await probe({ operation: "oauth.token-current", path: "oauth/tokens/current" }));
      } catch (failure) {
        // API tokens are no OAuth tokens, and a narrow scope may not cover this page: what counts is that organizations can be listed.
        if (!(failure instanceof RemoteFailure) || (failure.status !== 403 && failure.status !== 404)) throw failure;
        await probe({ operation: "ListOrganizations", path: "organizations", query: { "page[size]": "1" } });
        return { scopes: [], expiresAt: undefined };
      }
    },

    async readRole(subdomain) {
      const { body } = await calls.ask(subdomain, { operation: "ShowCurrentUser", method: "GET", path: "users/me" });
      const role = isObject(body["user"]) ? body["user"]["role"] : undefined;
      return typeof role === "string" ? role : "unknown";
    },

    accountLimits: (subdomain) => options.limits.latest(subdomain),
  };
}

function tokenFacts({ body }: AccountAnswer): TokenFacts {
  const token = isObject(body["token"]) ? body["token"] : {};
  const scopes = token["scopes"];
  return {
    scopes: Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === "string") : [],
    expiresAt: typeof token["expires_at"] === "string" ? token["expires_at"] : undefined,
  };
}
