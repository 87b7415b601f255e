import { randomUUID } from "node:crypto";
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import { OperatorError } from "../domain/index.ts";
import { type HealthOptions, healthRoutes } from "./health-routes.ts";

/** Adds its routes to the part of the server that it is given. Parsers and hooks that it adds there hold for these routes alone. */
export type Routes = (app: FastifyInstance) => void | Promise<void>;

export interface ServerOptions extends HealthOptions {
  log: FastifyBaseLogger;
  routes: readonly Routes[];
  /** Largest request body in bytes, unless a route says otherwise. */
  bodyLimit?: number;
}

const defaultBodyLimit = 1_048_576;
/** For a whole request to arrive: slow senders must not hold connections. */
const requestTimeoutMs = 30_000;
/** Longer than the usual 60 s of a load balancer, so that it, not we, ends an idle connection. */
const keepAliveTimeoutMs = 65_000;

/** Nothing of ours may be framed, sniffed, cached or load anything, unless a route says so itself. */
const safeHeaders: Record<string, string> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** The HTTP server with health and metrics; the rest comes as `routes`. It does not listen yet. */
export function createServer(options: ServerOptions): FastifyInstance {
  const app = fastify({
    loggerInstance: options.log,
    // Fastify would log addresses and query strings, where OAuth codes stand.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.bodyLimit ?? defaultBodyLimit,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    forceCloseConnections: "idle",
    genReqId: () => randomUUID(),
  });
  app.addHook("onRequest", async (request, reply) => {
    reply.headers({ ...safeHeaders, "x-request-id": request.id });
  });
  app.setNotFoundHandler((request, reply) => refuse(request, reply, 404));
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return refuse(request, reply, status);
    options.log.error(
      { err: error, requestId: request.id, method: request.method, route: request.routeOptions.url },
      "a request failed",
    );
    return refuse(request, reply, 500);
  });
  void app.register(async (part) => healthRoutes(part, options));
  for (const routes of options.routes) void app.register(async (part) => routes(part));
  return app;
}

const says: Record<number, string> = {
  404: "There is nothing here.",
  413: "The request is too large.",
  415: "This content type is not understood.",
  429: "Too many requests.",
  500: "Something went wrong here. The log has the details under this request id.",
};

/** The same words for every request of one status: what was asked is not repeated. */
function refuse(request: FastifyRequest, reply: FastifyReply, status: number): FastifyReply {
  return reply.code(status).send({ error: says[status] ?? "The request was refused.", requestId: request.id });
}

/** Opens the port; 0 takes any free one. Returns the port. */
export async function listen(app: FastifyInstance, { host, port }: { host: string; port: number }): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    throw portProblem(cause, host, port);
  }
  const address = app.server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

function portProblem(cause: unknown, host: string, port: number): unknown {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  switch (code) {
    case "EADDRINUSE":
      return new OperatorError(
        `Port ${port} on ${host} is in use. Stop the program that uses it, or choose another with ML_CONNECTOR_PORT.`,
        { cause },
      );
    case "EACCES":
      return new OperatorError(`This user may not open port ${port}. Choose one above 1023 with ML_CONNECTOR_PORT.`, {
        cause,
      });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new OperatorError(
        `${host} is no address of this machine. Set ML_CONNECTOR_HOST, for example to 127.0.0.1.`,
        { cause },
      );
    default:
      return cause;
  }
}
