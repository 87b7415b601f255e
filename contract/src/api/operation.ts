import { z } from "zod";

/** Each role may do what the ones before it may. */
export const roles = ["viewer", "operator", "admin"] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;

/**
 * Who may call: `nobody` has to be signed in; or a role, on the connection in the path, on every connection of the deployment, or on any
 * connection at all, and then the answer shows only those that the caller may see.
 */
export type Needs = "nobody" | { role: Role; on: "connection" | "deployment" | "any" };

export type Answer<Schema extends z.ZodType = z.ZodType> =
  | { kind: "json"; status: 200 | 201 | 202; schema: Schema }
  | { kind: "nothing"; status: 204 }
  | { kind: "stream"; status: 200; type: "text/csv" | "text/event-stream" };

/** One call of the operator API, as data: the service serves it, its OpenAPI text names it, and tests are made from it. */
export interface Operation<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType | undefined = z.ZodType | undefined,
  Output extends Answer = Answer,
  Need extends Needs = Needs,
> {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Under /api/v1, with `:name` for each parameter. */
  path: string;
  tag: string;
  summary: string;
  needs: Need;
  params: Params;
  query: Query;
  body: Body;
  answer: Output;
}

const none = z.object({});

/** An operation whose unnamed parts are empty. */
export function operation<
  Output extends Answer,
  const Need extends Needs,
  Params extends z.ZodType = typeof none,
  Query extends z.ZodType = typeof none,
  Body extends z.ZodType | undefined = undefined,
>(given: {
  method: Operation["method"];
  path: string;
  tag: string;
  summary: string;
  needs: Need;
  params?: Params;
  query?: Query;
  body?: Body;
  answer: Output;
}): Operation<Params, Query, Body, Output, Need> {
  // The defaults are exactly what the type parameters default to.
  return { params: none as never, query: none as never, body: undefined as never, ...given };
}

export function json<const Status extends 200 | 201 | 202, Schema extends z.ZodType>(status: Status, schema: Schema) {
  return { kind: "json" as const, status, schema };
}

export const nothing = { kind: "nothing" as const, status: 204 as const };
export const csv = { kind: "stream" as const, status: 200 as const, type: "text/csv" as const };
export const events = { kind: "stream" as const, status: 200 as const, type: "text/event-stream" as const };
