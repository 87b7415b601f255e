import { Readable } from "node:stream";
import { apiError, type Operation, operations } from "@ml-connector/contract";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Caller, includesRole, roleOn, roleOnDeployment } from "../../access/index.ts";
import { parseConnectionId } from "../../domain/index.ts";
import type { ConnectionFacts } from "../../views/index.ts";
import { addressOf } from "../this-machine.ts";
import type { Allowance } from "./allowance.ts";
import type { Call, Calls } from "./call.ts";
import { type Identity, type IdentityOptions, identify, keepSession, refuseOtherSites } from "./identify.ts";
import type { OperatorApplication } from "./ports.ts";
import { notFound, Refusal } from "./refusal.ts";

export const apiPrefix = "/api/v1";
/** The largest thing that anybody sends is a mapping document. */
const mostBytes = 256 * 1024;

export interface Gate extends IdentityOptions {
  connections: OperatorApplication["connections"];
  /** By address before anybody is known, then by caller. */
  strangers: Allowance;
  callers: Allowance;
  /** Ends when the server stops: open streams end with it. */
  stopping: AbortSignal;
}

/** What the hooks found out of a request, for its call. */
interface Admitted extends Identity {
  connection: ConnectionFacts | undefined;
}

type AnyCall = (call: Call) => Promise<unknown>;

/** Every operation of the contract as a route: who may, what fits, what comes out, the same for all. */
export function registerOperations(app: FastifyInstance, calls: Calls<keyof typeof operations>, gate: Gate): void {
  for (const [id, operation] of Object.entries<Operation>(operations)) {
    const admitted = new WeakMap<FastifyRequest, Admitted>();
    const call = calls[id as keyof typeof calls] as unknown as AnyCall; // the table has each operation under its own name
    app.route({
      method: operation.method,
      url: apiPrefix + operation.path,
      bodyLimit: mostBytes,
      schema: schemaOf(id, operation),
      onRequest: async (request) => {
        const waitMs = gate.strangers.take(addressOf(request));
        if (waitMs > 0) throw tooMany(waitMs);
        const identity = await identify(request, gate);
        admitted.set(request, { ...identity, connection: await admit(operation, identity.caller, request, gate) });
      },
      handler: async (request, reply) => {
        const known = admitted.get(request);
        if (!known) throw new Error("a request came past the gate");
        return answer(operation, reply, (signal) => call(callOf(request, reply, known, gate, signal)), gate);
      },
    });
  }
}

/** Lets the caller through, with the connection of the path, or refuses: a connection that one may not see does not exist. */
async function admit(
  { needs }: Operation,
  caller: Caller | undefined,
  request: FastifyRequest,
  gate: Gate,
): Promise<ConnectionFacts | undefined> {
  if (needs === "nobody") {
    if (request.method !== "GET") refuseOtherSites(request);
    return undefined;
  }
  if (!caller)
    throw new Refusal(401, "unauthorized", "Nobody is signed in here.", {
      whatToDo: "Send an API key as `Authorization: Bearer ...`, or sign in.",
    });
  const waitMs = gate.callers.take(`${caller.kind} ${caller.id}`);
  if (waitMs > 0) throw tooMany(waitMs);
  switch (needs.on) {
    case "any":
      if (!caller.grants.some(({ role }) => includesRole(role, needs.role))) throw forbidden(needs.role);
      return undefined;
    case "deployment":
      if (!includesRole(roleOnDeployment(caller.grants), needs.role)) throw forbidden(needs.role, "every connection");
      return undefined;
    case "connection": {
      const connection = await connectionOf(request, caller, gate);
      if (!includesRole(roleOn(caller.grants, connection.id), needs.role)) throw forbidden(needs.role);
      return connection;
    }
  }
}

async function connectionOf(request: FastifyRequest, caller: Caller, gate: Gate): Promise<ConnectionFacts> {
  const { connectionId } = request.params as { connectionId?: string }; // the path of every such operation has it
  if (connectionId === undefined || !/^[1-9]\d{0,15}$/.test(connectionId)) throw notFound();
  const id = parseConnectionId(connectionId);
  if (roleOn(caller.grants, id) === undefined) throw notFound();
  const connection = await gate.connections.get(id);
  if (!connection) throw notFound();
  return connection;
}

function forbidden(role: string, on = "this connection"): Refusal {
  return new Refusal(403, "forbidden", `This takes the role ${role} on ${on}.`, {
    whatToDo: "Ask an admin for it.",
  });
}

function tooMany(waitMs: number): Refusal {
  return new Refusal(429, "too-many-requests", "Too many requests.", { retryAfterMs: waitMs });
}

function callOf(
  request: FastifyRequest,
  reply: FastifyReply,
  { caller, connection, session, address, renew }: Admitted,
  gate: Gate,
  signal: AbortSignal,
): Call {
  const requestKey = request.headers["idempotency-key"];
  if (requestKey !== undefined && (typeof requestKey !== "string" || !/^[\x21-\x7e]{1,200}$/.test(requestKey)))
    throw new Refusal(400, "malformed", "Idempotency-Key is at most 200 printable characters.");
  const { params, query, body } = request;
  // What each of these is depends on the operation: the schema has checked it, and `Calls` says it to whoever implements it.
  return {
    caller,
    connection,
    params,
    query,
    body,
    requestKey,
    session,
    address,
    signal,
    renew,
    keepSession: (kept: string | undefined) => keepSession(reply, kept, gate.secure),
  } as unknown as Call;
}

async function answer(
  { answer: promised }: Operation,
  reply: FastifyReply,
  work: (signal: AbortSignal) => Promise<unknown>,
  { stopping }: Gate,
): Promise<FastifyReply> {
  const gone = new AbortController();
  reply.raw.on("close", () => gone.abort());
  const said = await work(AbortSignal.any([gone.signal, stopping]));
  reply.code(promised.status);
  switch (promised.kind) {
    case "json":
      return reply.send(said);
    case "nothing":
      return reply.send();
    case "stream":
      void reply.type(`${promised.type}; charset=utf-8`);
      // Proxies would hold events back to compress or gather them.
      if (promised.type === "text/event-stream") void reply.header("x-accel-buffering", "no");
      else void reply.header("content-disposition", 'attachment; filename="audit.csv"');
      return reply.send(Readable.from(said as AsyncIterable<string>));
  }
}

function schemaOf(operationId: string, operation: Operation) {
  const { answer: promised, needs } = operation;
  const success = promised.kind === "json" ? { [promised.status]: promised.schema } : {};
  return {
    operationId,
    tags: [operation.tag],
    summary: operation.summary,
    description:
      needs === "nobody" ? "Needs nobody signed in." : `Needs the role ${needs.role} on ${onWhat[needs.on]}.`,
    ...(needs === "nobody" ? { security: [] } : {}),
    params: operation.params,
    querystring: operation.query,
    ...(operation.body ? { body: operation.body } : {}),
    response: { ...success, "4xx": apiError, "5xx": apiError },
  };
}

const onWhat = { connection: "the connection", deployment: "every connection", any: "any connection" } as const;
