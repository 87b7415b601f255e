import type { FastifyReply, FastifyRequest } from "fastify";
import type { Summary } from "../api/index.ts";
import type { ScriptedEdit, ScriptedFault } from "../control/interventions.ts";
import { redactedBody } from "../control/request-log.ts";
import { VendorFault } from "../faults.ts";
import { NotBuilt } from "../not-built.ts";
import { uuidFrom } from "../randomness.ts";
import { applyMutation, type World } from "../world.ts";
import { faultJson } from "./fault-body.ts";

/** What an endpoint answers, before format and headers are put on. */
export interface VendorReply {
  readonly status: number;
  readonly body: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly summary?: Summary;
}

export interface VendorCall {
  readonly operation: string;
  readonly entity?: string | undefined;
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

/** One vendor call from arrival to answer: gates, scripted faults and edits, effect, log. */
export async function serveVendorCall(
  world: World,
  request: FastifyRequest,
  reply: FastifyReply,
  call: VendorCall,
): Promise<void> {
  const started = performance.now();
  const at = new Date(world.clock.now()).toISOString();
  const met = world.interventions.meet({
    operation: call.operation,
    entity: call.entity,
    method: request.method,
    path: pathOf(request),
    query: redactedQuery(request),
  });
  const record = (answer: VendorReply) =>
    world.log.add({
      at,
      method: request.method,
      path: pathOf(request),
      query: redactedQuery(request),
      operation: call.operation,
      ...(call.entity === undefined ? {} : { entity: call.entity }),
      status: answer.status,
      ms: Math.round((performance.now() - started) * 100) / 100,
      ...bodyForLog(request),
      ...(answer.summary === undefined ? {} : { responseSummary: answer.summary }),
    });

  const dropsBefore = await met.hold("before-effect");
  if (dropsBefore) return drop(reply);
  applyEdits(world, met.editsBefore);
  let answer = met.fault !== undefined && !met.fault.afterEffect ? scripted(met.fault) : performed(world, call);
  applyEdits(world, met.editsAfter);
  if (met.fault?.afterEffect === true) answer = scripted(met.fault);
  record(answer);
  const dropsAfter = await met.hold("after-effect");
  if (dropsAfter) return drop(reply);
  send(world, reply, answer);
}

function send(world: World, reply: FastifyReply, answer: VendorReply): void {
  // intuit_tid stands on every answer (docs/learn/rest-api-features).
  reply.header("intuit_tid", `1-${uuidFrom(world.randomness)}`);
  reply.header("content-type", answer.contentType ?? "application/json;charset=UTF-8");
  reply.header("cache-control", "max-age=0, no-cache, no-store, must-revalidate, private");
  for (const [name, value] of Object.entries(answer.headers ?? {})) reply.header(name, value);
  void reply.code(answer.status).send(answer.body);
}

/** Cuts the connection without an answer. */
function drop(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.destroy();
}

function performed(world: World, call: VendorCall): VendorReply {
  try {
    return call.perform();
  } catch (error) {
    if (error instanceof VendorFault) {
      const code = error.fault.errors[0]?.code ?? "";
      return { status: error.fault.status, body: faultJson(error.fault, world.clock.now()), summary: { fault: code } };
    }
    if (error instanceof NotBuilt) return notBuilt(error.operation);
    throw error;
  }
}

export function notBuilt(operation: string): VendorReply {
  return {
    status: 501,
    body: JSON.stringify({ error: "not built in this simulator", operation }),
    summary: { notBuilt: operation },
  };
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

/** A scripted edit that the company refuses is told in the log of the server, never to the caller under test. */
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
