import { applyMutation } from "../control/mutate.ts";
import { holdAtGates, type PlannedCall } from "../control/script.ts";
import { grantOperation } from "../oauth/operations.ts";
import { badRequest, invalidEndpoint, Refusal } from "../records/refusals.ts";
import { authenticate, authorize } from "./authenticate.ts";
import type { Call, Operation, Reply } from "./call.ts";
import { cacheHeaders, limitHeaders, standingHeaders, warnHeader } from "./headers.ts";
import { accountLimitExceeded } from "./limits.ts";
import { redact, redactQuery } from "./log.ts";
import { type Simulator, settleAll, tenantOf } from "./simulator.ts";
import type { Tenant } from "./tenant.ts";
import { failedAfterEffect } from "./weather.ts";

export interface Incoming {
  method: string;
  /** Path and query as asked. */
  url: string;
  host: string;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer | undefined;
}

/** What goes on the wire; `undefined` cuts the connection. */
export type Outgoing = { status: number; headers: Record<string, string>; text: string | undefined } | undefined;

interface Asked {
  simulator: Simulator;
  tenant: Tenant;
  incoming: Incoming;
  path: string;
  query: string;
  operation: Operation;
  params: Record<string, string>;
  body: unknown;
  bodyProblem: Refusal | undefined;
}

/**
 * One vendor request from bytes to bytes, in the order in which Zendesk decides: account limit, who calls, what the call
 * may do, its effect. Gates, faults and edits of a test stand around the effect, which itself is one synchronous step.
 */
export async function answerRequest(simulator: Simulator, incoming: Incoming): Promise<Outgoing> {
  const startedAt = simulator.stopwatch();
  const asked = understand(simulator, incoming);
  simulator.log.count(asked.operation.name);
  settleAll(simulator);
  const budget = asked.tenant.limits.countRequest();
  const headers: Record<string, string> = {};
  let reply: Reply | undefined;
  try {
    if (budget.isExceeded) throw accountLimitExceeded(budget, asked.tenant.account.switches);
    reply = await carryOut(asked, headers);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    reply = { status: error.status, body: error.body, headers: error.headers };
  }
  const ms = simulator.stopwatch() - startedAt;
  record(asked, reply, ms);
  if (!reply) return undefined;
  const isCursorList = asked.query.includes("page%5B") || asked.query.includes("page[");
  const isList =
    asked.operation.method === "GET" && /^(?:List|Search|Autocomplete|ShowMany)/.test(asked.operation.name);
  const text =
    reply.body === undefined ? undefined : typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body);
  return {
    status: reply.status,
    text,
    headers: {
      ...(text === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
      ...standingHeaders(simulator.random, ms),
      ...limitHeaders(budget, isList),
      ...cacheHeaders(reply.status, text ?? "", isCursorList),
      ...headers,
      ...reply.headers,
    },
  };
}

function understand(simulator: Simulator, incoming: Incoming): Asked {
  const mark = incoming.url.indexOf("?");
  const [path, query] = mark < 0 ? [incoming.url, ""] : [incoming.url.slice(0, mark), incoming.url.slice(mark + 1)];
  const plain = path.endsWith(".json") ? path.slice(0, -".json".length) : path.replace(/(?<=.)\/$/, "");
  const route = simulator.router.find(incoming.method, plain);
  const { body, problem } = parseBody(incoming);
  return {
    simulator,
    tenant: tenantOf(simulator, incoming.host),
    incoming,
    path,
    query,
    operation: route ? grantOperation(route.operation, body) : unknownEndpoint(incoming.method),
    params: route?.params ?? {},
    body,
    bodyProblem: problem,
  };
}

/** Every operation takes JSON only (requests page); other content never reaches the parameters. */
function parseBody(incoming: Incoming): { body: unknown; problem: Refusal | undefined } {
  if (!incoming.body || incoming.body.length === 0) return { body: undefined, problem: undefined };
  const type = String(incoming.headers["content-type"] ?? "").toLowerCase();
  if (type.startsWith("application/x-www-form-urlencoded")) {
    return { body: Object.fromEntries(new URLSearchParams(incoming.body.toString("utf8"))), problem: undefined };
  }
  if (!type.includes("json")) return { body: undefined, problem: undefined };
  try {
    return { body: JSON.parse(incoming.body.toString("utf8")) as unknown, problem: undefined };
  } catch {
    return { body: undefined, problem: badRequest("BadRequest", "The request body could not be parsed as JSON") };
  }
}

/** Refuses before the effect, holds, takes effect, edits, holds again; `undefined` when the connection is cut. */
async function carryOut(asked: Asked, headers: Record<string, string>): Promise<Reply | undefined> {
  const { simulator, tenant, operation } = asked;
  const luck = simulator.weather.draw(operation.name);
  if (luck.waitMs > 0) await new Promise((resolve) => setTimeout(resolve, luck.waitMs));
  if (luck.dropBefore) return undefined;
  if (luck.refusal) throw luck.refusal;
  const caller = authenticate(tenant, headerText(asked.incoming.headers.authorization));
  authorize(operation, caller, tenant.account.switches);
  if (asked.bodyProblem) throw asked.bodyProblem;
  const planned = simulator.script.begin(operation.name);
  const gated = { method: asked.incoming.method, path: asked.path, query: asked.query, body: redact(asked.body) };
  if (await holdAtGates(planned, "before-effect", gated)) return undefined;
  makeEdits(simulator, tenant, planned, "before-effect");
  const { fault } = planned;
  if (fault && fault.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
  if (fault && !fault.afterEffect) return faultReply(fault);
  settleAll(simulator);
  const call: Call = {
    tenant,
    operation,
    root: `http://${asked.incoming.host}/api/v2`,
    address: `http://${asked.incoming.host}${asked.path}`,
    params: asked.params,
    query: new URLSearchParams(asked.query),
    body: asked.body,
    idempotencyKey: headerText(asked.incoming.headers["idempotency-key"]),
    caller,
    author: { at: simulator.clock.now(), by: "api" },
    dropped: [],
    headers,
  };
  const done = takeEffect(call);
  // Not awaited where it is there already: an edit comes right after the effect, with nothing in between.
  const reply = done instanceof Promise ? await done : done;
  Object.assign(headers, warnHeader(operation, call.dropped));
  makeEdits(simulator, tenant, planned, "after-effect");
  if (await holdAtGates(planned, "after-effect", gated)) return undefined;
  if (luck.dropAfter) return undefined;
  if (luck.failAfter && operation.access === "write") return failedAfterEffect();
  return fault ? faultReply(fault) : reply;
}

/** A refusal by the operation itself is an answer like any other: gates and edits after the effect still apply. */
function takeEffect(call: Call): Reply | Promise<Reply> {
  try {
    return call.operation.run(call);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { status: error.status, body: error.body, headers: error.headers };
  }
}

function makeEdits(
  simulator: Simulator,
  tenant: Tenant,
  planned: PlannedCall,
  at: "before-effect" | "after-effect",
): void {
  for (const edit of planned.edits) if (edit.at === at) applyMutation(simulator, tenant, edit.mutate);
}

function faultReply(fault: NonNullable<PlannedCall["fault"]>): Reply | undefined {
  if (fault.drop) return undefined;
  const isText = typeof fault.body === "string";
  return {
    status: fault.status,
    body: fault.body,
    headers: { ...(isText ? { "content-type": "text/plain" } : {}), ...fault.headers },
  };
}

function record(asked: Asked, reply: Reply | undefined, ms: number): void {
  const { simulator, incoming } = asked;
  const bytes = (incoming.body?.length ?? 0) + 300;
  const entry = {
    at: new Date(simulator.clock.now()).toISOString(),
    subdomain: asked.tenant.account.subdomain,
    method: incoming.method,
    path: asked.path,
    query: redactQuery(asked.query),
    operation: asked.operation.name,
    status: reply?.status ?? 0,
    ms: Math.round(ms * 100) / 100,
    requestBody: redact(asked.body) ?? null,
  };
  const marketplace = marketplaceHeaders(incoming.headers);
  const summary = reply && reply.status >= 400 ? JSON.stringify(reply.body)?.slice(0, 500) : jobSummary(reply);
  simulator.log.add(
    {
      ...entry,
      ...(summary === undefined ? {} : { responseSummary: summary }),
      ...(marketplace === undefined ? {} : { marketplace }),
    },
    bytes,
  );
}

// https://developer.zendesk.com/documentation/marketplace/building-a-marketplace-app/request-header-requirements-for-marketplace-apps
function marketplaceHeaders(headers: Asked["incoming"]["headers"]): Record<string, string> | undefined {
  const found = Object.entries(headers).flatMap(([name, value]): [string, string][] => {
    const text = headerText(value);
    return name.startsWith("x-zendesk-marketplace-") && text !== undefined ? [[name, text]] : [];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

function jobSummary(reply: Reply | undefined): string | undefined {
  const body = reply?.body;
  if (typeof body !== "object" || body === null || !("job_status" in body)) return undefined;
  const job = body.job_status as { id: string; status: string };
  return `${job.id} ${job.status}`;
}

function unknownEndpoint(method: string): Operation {
  return {
    name: "unknown",
    method: method === "POST" || method === "PUT" || method === "PATCH" || method === "DELETE" ? method : "GET",
    path: "",
    action: "unknown",
    resource: "unknown",
    access: "read",
    needs: "nobody",
    run: () => {
      throw invalidEndpoint();
    },
  };
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
