import type { Access } from "../oauth/scopes.ts";
import type { Token } from "../oauth/tokens.ts";
import type { Author } from "../records/author.ts";
import type { User } from "../world/entities.ts";
import type { Tenant } from "./tenant.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What goes back: a JSON body, or text as it stands. */
export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Caller {
  user: User;
  scopes: readonly string[];
  token: Token | null;
}

/** One request, understood: which account, which operation, by whom. */
export interface Call {
  tenant: Tenant;
  operation: Operation;
  /** `http://host/api/v2`, with the host that was asked: links in answers repeat it. */
  root: string;
  /** `http://host/path` as asked, with or without `.json`. */
  address: string;
  params: Record<string, string>;
  query: URLSearchParams;
  body: unknown;
  /** `Idempotency-Key`, documented for ticket creation only. */
  idempotencyKey: string | undefined;
  /** Absent on calls that need nobody. */
  caller: Caller | undefined;
  author: Author;
  /** Keys of the body that were dropped; they end up in `x-zendesk-api-warn`. */
  dropped: string[];
  /** Headers that a rule adds whatever the outcome, such as the state of an endpoint's bucket. */
  headers: Record<string, string>;
}

/** Who may call: nobody in particular, an agent or admin, an admin. */
export type Needed = "nobody" | "agent" | "admin";

export interface Operation {
  /** Zendesk's operationId. */
  name: string;
  method: Method;
  /** Path template, e.g. `/api/v2/organizations/{id}`. */
  path: string;
  /** Controller and action as error texts and warnings name them, e.g. `organizations/create`. */
  action: string;
  resource: string;
  access: Access;
  needs: Needed;
  /** One synchronous step; only what must wait for another machine answers later. */
  run: (call: Call) => Reply | Promise<Reply>;
}

type Definition = [name: string, method: Method, path: string, action: string, run: Operation["run"], needs?: Needed];

/** A resource's operations, one line each. Reads are GETs, everything else writes. */
export function operationsOf(resource: string, definitions: readonly Definition[]): Operation[] {
  return definitions.map(([name, method, path, action, run, needs]) => ({
    name,
    method,
    path: `/api/v2/${path}`,
    action,
    resource,
    access: method === "GET" ? "read" : "write",
    needs: needs ?? "agent",
    run,
  }));
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const noContent: Reply = { status: 204 };

/** 201 with the address of the new record. */
export function created(body: unknown, url: unknown): Reply {
  return { status: 201, body, headers: { location: String(url) } };
}
