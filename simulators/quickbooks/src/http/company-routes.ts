import type { FastifyInstance } from "fastify";
import { type ApiCall, type ApiRoute, answerCall, batchSize, routeOf } from "../api/index.ts";
import type { LimitedCall } from "../behaviour/index.ts";
import { faults } from "../faults.ts";
import { parseRecord, textAt } from "../json.ts";
import { NotBuilt } from "../not-built.ts";
import { authenticate, authorizeRealm } from "../oauth/index.ts";
import { afterChange, beforeChange, vendorNow, visibleCompany, type World } from "../world.ts";
import { pathOf, queryOf, serveVendorCall } from "./vendor-call.ts";
import { notBuilt, type VendorReply } from "./vendor-reply.ts";

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
    const limited = limitedCall(world, route, call, request.headers.authorization);
    world.limiter.began(limited);
    try {
      await serveVendorCall(world, request, reply, {
        operation: operationOf(route, call),
        entity: "entity" in route ? route.entity : undefined,
        kind: "api",
        perform: () => perform(world, route, call, { authorization: request.headers.authorization, limited }),
      });
    } finally {
      world.limiter.ended(limited);
    }
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

const writing = new Set(["write", "create", "update", "delete", "void"]);

function limitedCall(world: World, route: ApiRoute, call: ApiCall, authorization: string | undefined): LimitedCall {
  const isBatch = route.operation === "batch";
  const batch = isBatch ? batchSize(call) : { items: 1, hasQueries: true };
  return {
    realm: call.realm,
    clientId:
      world.tokens.access.get((authorization ?? "").slice("Bearer ".length))?.grant.clientId ?? world.app.clientId,
    isBatch,
    weight: isBatch && world.switches.batchCountsAs === "items" ? batch.items : 1,
    isMetered: !writing.has(route.operation) && batch.hasQueries,
  };
}

/** What the company, its user or its edition refuses before the call is looked at. */
function refuseByState({ switches }: World, route: ApiRoute, call: ApiCall): void {
  if (switches.userAccess === "lost") throw faults.accessLost();
  if (switches.companyStatus === "ended") throw faults.companyEnded();
  const refused = new Set(switches.refusedEntities.map((name) => name.toLowerCase()));
  if (refused.size === 0) return;
  const text = `${call.query["query"] ?? ""} ${call.query["entities"] ?? ""} ${call.body.toString("utf8")}`;
  const named = "entity" in route ? [route.entity] : (text.match(/\w+/g) ?? []);
  const found = named.find((name) => refused.has(name.toLowerCase()));
  if (found !== undefined) throw faults.notInEdition(found);
}

// Kept answers of `requestid`; the oldest go first.
const mostAnswered = 10_000;

function perform(
  world: World,
  route: ApiRoute,
  call: ApiCall,
  { authorization, limited }: { authorization: string | undefined; limited: LimitedCall },
): VendorReply {
  const nowMs = vendorNow(world);
  const { grant } = authenticate(world.tokens, authorization, world.clock.now());
  authorizeRealm(grant, call.realm);
  // The month's quota is told like a throttle (its body is not documented): only its length tells them apart.
  if (world.limiter.refuse(limited, world.clock.now()) !== undefined) throw faults.throttled();
  const company = world.companies.get(call.realm);
  if (company === undefined) throw faults.wrongRealm();
  if (route.operation === "not-built") return notBuilt(route.name);
  refuseByState(world, route, call);
  const requestId = writing.has(route.operation) || limited.isBatch ? call.query["requestid"] : undefined;
  const key = `${call.realm} ${requestId ?? ""}`;
  const before = requestId === undefined ? undefined : world.answered.get(key);
  if (before !== undefined) return { status: 200, body: before, hasXml: true, summary: { repeated: 1 } };
  beforeChange(world, company);
  const { switches, randomness } = world;
  const { json, summary } = answerCall(
    {
      company,
      visible: visibleCompany(world, company),
      nowMs,
      switches,
      randomness,
      changed: (events) => afterChange(world, company, events),
    },
    route,
    call,
  );
  if (requestId !== undefined) rememberAnswer(world, key, json);
  return {
    status: 200,
    body: json,
    summary,
    hasXml: true,
    ...(route.operation === "report" ? { xmlRoot: "Report" } : {}),
  };
}

function rememberAnswer(world: World, key: string, json: string): void {
  world.answered.set(key, json);
  const [oldest] = world.answered.keys();
  if (world.answered.size > mostAnswered && oldest !== undefined) world.answered.delete(oldest);
}
