import type { FastifyReply, FastifyRequest } from "fastify";
import { delayMs, type Fate, fateOf } from "../behaviour/index.ts";
import type { ScriptedEdit, ScriptedFault } from "../control/interventions.ts";
import { redactedBody } from "../control/request-log.ts";
import { faults, VendorFault } from "../faults.ts";
import { NotBuilt } from "../not-built.ts";
import { applyMutation, type World } from "../world.ts";
import {
  type Format,
  faultReply,
  formatOf,
  gatewayPage,
  notBuilt,
  sendReply,
  type VendorReply,
} from "./vendor-reply.ts";

export interface VendorCall {
  readonly operation: string;
  readonly entity?: string | undefined;
  /** Which part of the weather it meets. */
  readonly kind: "api" | "token" | "other";
  /** Takes effect and answers; synchronous, so that no other call comes in between. */
  readonly perform: () => VendorReply;
}

export function bodyText(request: FastifyRequest): string {
  return Buffer.isBuffer(request.body) ? request.body.toString("utf8") : "";
}

export function queryOf(request: FastifyRequest): Record<string, string> {
  const at = request.url.indexOf("?");
  return at === -1 ? {} : Object.fromEntries(new URLSearchParams(request.url.slice(at + 1)));
}

export function pathOf(request: FastifyRequest): string {
  return request.url.split("?", 1)[0] ?? "";
}

/** One vendor call from arrival to answer: latency, gates, scripted faults and edits, weather, effect, log. */
export async function serveVendorCall(
  world: World,
  request: FastifyRequest,
  reply: FastifyReply,
  call: VendorCall,
): Promise<void> {
  const started = performance.now();
  const at = new Date(world.clock.now()).toISOString();
  const format = call.kind === "api" ? formatOf(request.headers.accept, queryOf(request)) : "json";
  const met = world.interventions.meet({
    operation: call.operation,
    entity: call.entity,
    method: request.method,
    path: pathOf(request),
    query: redactedQuery(request),
  });
  await pause(call.kind === "other" ? 0 : delayMs(world.weather, world.randomness));
  const dropsBefore = await met.hold("before-effect");
  const fate = dropsBefore ? "cut-before" : fateOf(world.weather, call.kind, world.randomness);
  applyEdits(world, dropsBefore ? [] : met.editsBefore);
  const { longestUrl } = world.switches;
  const tooLong = longestUrl > 0 && request.url.length > longestUrl;
  const answer = answerTo(world, call, { fate, format, fault: met.fault, tooLong });
  applyEdits(world, dropsBefore ? [] : met.editsAfter);
  world.log.add({
    at,
    method: request.method,
    path: pathOf(request),
    query: redactedQuery(request),
    operation: call.operation,
    ...(call.entity === undefined ? {} : { entity: call.entity }),
    status: answer.isDropped === true ? 0 : answer.status,
    ms: Math.round((performance.now() - started) * 100) / 100,
    ...bodyForLog(request),
    ...(answer.summary === undefined ? {} : { responseSummary: answer.summary }),
  });
  const dropsAfter = await met.hold("after-effect");
  if (dropsAfter || answer.isDropped === true) {
    reply.hijack();
    reply.raw.destroy();
    return;
  }
  sendReply(world, reply, answer, { format, acceptEncoding: request.headers["accept-encoding"] ?? "" });
}

function pause(ms: number): Promise<void> {
  return ms < 1 ? Promise.resolve() : new Promise((resolve) => void setTimeout(resolve, ms));
}

/** A scripted fault comes first, then the weather; what neither touches is performed. */
function answerTo(
  world: World,
  call: VendorCall,
  { fate, format, fault, tooLong }: { fate: Fate; format: Format; fault: ScriptedFault | undefined; tooLong: boolean },
): VendorReply {
  if (fault !== undefined) {
    if (fault.afterEffect) performed(world, call, format);
    return scripted(fault);
  }
  if (tooLong) return { ...gatewayPage(414), summary: { url: "too long" } };
  const refused = (error: VendorFault) => ({ ...faultReply(error.fault, world, format), summary: { weather: fate } });
  switch (fate) {
    case "serve":
      return performed(world, call, format);
    case "cut-before":
      return { status: 0, body: "", isDropped: true, summary: { weather: fate } };
    case "cut-after":
      return { ...performed(world, call, format), isDropped: true, summary: { weather: fate } };
    case "gateway-page":
      return { ...gatewayPage(502), summary: { weather: fate } };
    case "unavailable":
      return { ...gatewayPage(503), summary: { weather: fate } };
    case "throttled":
      return refused(faults.throttled());
    case "unauthorized":
      return refused(faults.authentication("Token validation failed"));
    case "system-fault":
      return refused(faults.application("System Failure Error: please try again", 500));
    case "system-fault-after":
      performed(world, call, format);
      return refused(faults.application("System Failure Error: please try again", 500));
  }
}

function performed(world: World, call: VendorCall, format: Format): VendorReply {
  try {
    return call.perform();
  } catch (error) {
    if (error instanceof VendorFault) return faultReply(error.fault, world, format);
    if (error instanceof NotBuilt) return notBuilt(error.operation);
    throw error;
  }
}

function scripted(fault: ScriptedFault): VendorReply {
  const type = fault.headers["content-type"];
  return {
    status: fault.status,
    body: fault.body ?? "",
    headers: fault.headers,
    ...(type === undefined ? {} : { contentType: type }),
    summary: { scripted: fault.status },
  };
}

function applyEdits(world: World, edits: readonly ScriptedEdit[]): void {
  for (const { mutations } of edits) {
    for (const mutation of mutations) applyMutation(world, mutation);
  }
}

function redactedQuery(request: FastifyRequest): Record<string, string> {
  const query = queryOf(request);
  if (query["code"] !== undefined) query["code"] = "redacted";
  return query;
}

function bodyForLog(request: FastifyRequest): { requestBody?: string } {
  const requestBody = redactedBody(request.headers["content-type"] ?? "", bodyText(request));
  return requestBody === undefined ? {} : { requestBody };
}
