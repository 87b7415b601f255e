import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isJsonObject, type JsonObject } from "../records/input.ts";
import { type Simulator, settleAll } from "../server/simulator.ts";
import { SeedProblem } from "../state/seed.ts";
import { ControlProblem } from "./problem.ts";

/** A control request, read: nothing of HTTP is left for the routes to know. */
export interface ControlRequest {
  body: JsonObject;
  query: Record<string, string | undefined>;
  /** The `:id` of the path, empty where it has none. */
  id: string;
  /** `http://host/api/v2` of the host that was asked, for links in dumps. */
  root: string;
}

export type Register = (
  method: "GET" | "POST" | "DELETE",
  path: string,
  run: (request: ControlRequest) => unknown,
) => void;

const largestBodyBytes = 1024 * 1024 * 1024;

/** Registers routes under `/_control/`; what is wrong with a request is a sentence in `error`. */
export function controlRegistrar(app: FastifyInstance, simulator: Simulator): Register {
  return (method, path, run) => {
    app.route({
      method,
      url: `/_control/${path}`,
      bodyLimit: largestBodyBytes,
      handler: async (request, reply) => {
        try {
          settleAll(simulator);
          await reply.send(await run(readRequest(request)));
        } catch (error) {
          await answerProblem(error, reply);
        }
      },
    });
  };
}

function readRequest(request: FastifyRequest): ControlRequest {
  return {
    body: readBody(request),
    query: request.query as Record<string, string | undefined>,
    id: (request.params as { id?: string }).id ?? "",
    root: `http://${request.headers.host ?? "127.0.0.1"}/api/v2`,
  };
}

function readBody(request: FastifyRequest): JsonObject {
  if (!Buffer.isBuffer(request.body) || request.body.length === 0) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(request.body.toString("utf8"));
  } catch (error) {
    throw new ControlProblem(`body: not JSON (${error instanceof Error ? error.message : "unreadable"})`);
  }
  if (!isJsonObject(parsed)) throw new ControlProblem("body: must be a JSON object");
  return parsed;
}

async function answerProblem(error: unknown, reply: FastifyReply): Promise<void> {
  if (error instanceof ControlProblem) await reply.code(error.status).send({ error: error.message });
  else if (error instanceof SeedProblem) await reply.code(400).send({ error: `seed.account.${error.message}` });
  else throw error;
}
