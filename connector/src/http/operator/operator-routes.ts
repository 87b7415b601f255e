import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { authenticate, roleOnDeployment } from "../../access/index.ts";
import { isThisMachine } from "../this-machine.ts";
import { Allowance } from "./allowance.ts";
import type { AccessCallPorts } from "./calls/access-calls.ts";
import { accessCalls } from "./calls/access-calls.ts";
import { auditCalls } from "./calls/audit-calls.ts";
import { connectionCalls } from "./calls/connection-calls.ts";
import { lifeCalls } from "./calls/life-calls.ts";
import { mappingCalls } from "./calls/mapping-calls.ts";
import { planCalls } from "./calls/plan-calls.ts";
import { reviewCalls } from "./calls/review-calls.ts";
import { reviewManyCalls } from "./calls/review-many-calls.ts";
import { taskCalls } from "./calls/task-calls.ts";
import { upkeepCalls } from "./calls/upkeep-calls.ts";
import { explainFault } from "./explain-fault.ts";
import { bearerOf } from "./identify.ts";
import type { OperatorApplication, TaskStore } from "./ports.ts";
import { errorBody, notFound, Refusal } from "./refusal.ts";
import { registerOperations } from "./register.ts";
import { Tasks } from "./tasks.ts";

/** Whether a request carries an API key that may look at every connection. */
export async function mayLookEverywhere(
  request: FastifyRequest,
  stores: Pick<AccessCallPorts, "apiKeys" | "sessions">,
): Promise<boolean> {
  const proof = { apiKey: bearerOf(request), session: undefined, isLocal: isThisMachine(request) };
  const caller = await authenticate(proof, stores);
  return caller !== undefined && roleOnDeployment(caller.grants) !== undefined;
}

/** From one address, whoever it is: an office behind one router included. */
const strangersPerMinute = 1_200;
const callerPerMinute = 600;

/** The pages of @fastify/swagger-ui: scripts of ours alone, which style themselves; no frame, no other host. */
const docsPolicy = [
  "default-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "connect-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
].join("; ");

export interface OperatorRouteOptions {
  application: OperatorApplication;
  tasks: TaskStore;
  access: Omit<AccessCallPorts, "note" | "now" | "erase">;
  secure: boolean;
  version: string;
  now(): Date;
  monotonicMs(): number;
}

export async function operatorRoutes(app: FastifyInstance, options: OperatorRouteOptions): Promise<void> {
  const { application, monotonicMs, now } = options;
  const stopping = new AbortController();
  const tasks = new Tasks({
    store: options.tasks,
    fail: (fault, taskId) => app.log.error({ err: fault, taskId }, "a piece of asked-for work failed"),
  });
  app.addHook("preClose", async () => {
    stopping.abort();
    await tasks.close();
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // A form of another site can send plain text without asking first.
  app.removeContentTypeParser("text/plain");
  app.setErrorHandler((fault, request, reply) => refuse(fault, request, reply));

  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "ml-connector",
        version: options.version,
        description:
          "The operator API. Long work answers 202 with a task, whose progress and result are read at its own address or heard of in the event stream; with an `Idempotency-Key` header the same request begins it once.",
      },
      components: {
        securitySchemes: {
          apiKey: { type: "http", scheme: "bearer" },
          session: { type: "apiKey", in: "cookie", name: "ml_connector" },
        },
      },
      security: [{ apiKey: [] }, { session: [] }],
    },
    transform: jsonSchemaTransform,
  });
  await app.register(swaggerUi, { routePrefix: "/api/docs", staticCSP: docsPolicy });

  const note = (who: string, what: string) => app.log.info({ who, what }, "an operator changed the deployment");
  registerOperations(
    app,
    {
      ...connectionCalls(application, options.tasks, now),
      ...planCalls(application, tasks),
      ...mappingCalls(application, tasks),
      ...lifeCalls(application, tasks, note),
      ...taskCalls(application, tasks, options.tasks),
      ...reviewCalls(application),
      ...reviewManyCalls(application),
      ...upkeepCalls(application, note),
      ...auditCalls(application.journal),
      ...accessCalls({
        ...options.access,
        erase: application.erase,
        now,
        note,
      }),
    },
    {
      ...options.access,
      secure: options.secure,
      connections: application.connections,
      strangers: new Allowance({ perMinute: strangersPerMinute, monotonicMs }),
      callers: new Allowance({ perMinute: callerPerMinute, monotonicMs }),
      stopping: stopping.signal,
    },
  );
  app.get("/api/openapi.json", { schema: { hide: true } }, async () => app.swagger());
  app.all("/api/*", { schema: { hide: true } }, async () => {
    throw notFound("The API has no such path.");
  });
}

function refuse(fault: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const explained = explainFault(fault);
  if (!explained)
    request.log.error(
      { err: fault, requestId: request.id, method: request.method, route: request.routeOptions.url },
      "a request failed",
    );
  const refusal =
    explained ??
    new Refusal(500, "fault", "Something went wrong here.", {
      whatToDo: "The log has the details under this request id.",
    });
  if (refusal.retryAfterMs !== undefined)
    void reply.header("retry-after", String(Math.ceil(refusal.retryAfterMs / 1_000)));
  if (refusal.status === 401) void reply.header("www-authenticate", 'Bearer realm="ml-connector"');
  return reply
    .code(refusal.status)
    .type("application/json; charset=utf-8")
    .serializer(JSON.stringify)
    .send(errorBody(refusal, request.id));
}
