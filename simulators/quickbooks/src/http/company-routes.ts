import type { FastifyInstance } from "fastify";
import { type ApiCall, type ApiRoute, answerCall, routeOf } from "../api/index.ts";
import { faults } from "../faults.ts";
import { parseRecord, textAt } from "../json.ts";
import { NotBuilt } from "../not-built.ts";
import { authenticate, authorizeRealm } from "../oauth/index.ts";
import { tellChanges, type World } from "../world.ts";
import { notBuilt, pathOf, queryOf, serveVendorCall, type VendorReply } from "./vendor-call.ts";

/** /v3/company/{realm}/...: every call of the Accounting API. */
export function addCompanyRoutes(server: FastifyInstance, world: World): void {
  server.all("/v3/company/*", async (request, reply) => {
    const [realm = "", ...segments] = pathOf(request).split("/").slice(3).map(decoded);
    const call: ApiCall = {
      method: request.method,
      realm,
      segments,
      query: queryOf(request),
      contentType: request.headers["content-type"] ?? "",
      body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    };
    const route = routed(call);
    await serveVendorCall(world, request, reply, {
      operation: operationOf(route, call),
      entity: "entity" in route ? route.entity : undefined,
      perform: () => perform(world, route, call, request.headers.authorization),
    });
    return reply;
  });
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function routed(call: ApiCall): ApiRoute {
  try {
    return routeOf(call.method, call.segments, call.query["operation"]);
  } catch (error) {
    if (error instanceof NotBuilt) return { operation: "not-built", name: error.operation };
    throw error;
  }
}

/** The name under which logs, counters, gates and scripted faults know the call. */
function operationOf(route: ApiRoute, call: ApiCall): string {
  if (route.operation !== "write") return route.operation;
  const id = textAt(parseRecord(call.body.toString("utf8")) ?? {}, "Id");
  return id === undefined ? "create" : "update";
}

function perform(world: World, route: ApiRoute, call: ApiCall, authorization: string | undefined): VendorReply {
  const nowMs = world.clock.now();
  const { grant } = authenticate(world.tokens, authorization, nowMs);
  authorizeRealm(grant, call.realm);
  const company = world.companies.get(call.realm);
  if (company === undefined) throw faults.wrongRealm();
  if (route.operation === "not-built") return notBuilt(route.name);
  const changed = (events: Parameters<typeof tellChanges>[2]) => tellChanges(world, call.realm, events);
  const { json, summary } = answerCall({ company, nowMs, changed }, route, call);
  return { status: 200, body: json, summary };
}
