import { setTimeout as wait } from "node:timers/promises";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { isThisMachine } from "./this-machine.ts";

/** One thing that must hold before work is sent here; a check fails by throwing. */
export interface ReadinessCheck {
  name: string;
  check: () => Promise<void>;
}

export interface HealthOptions {
  readiness: readonly ReadinessCheck[];
  readMetrics: () => Promise<string>;
  /** Whether somebody who is not on this machine may read the metrics; by default nobody may. */
  mayReadMetrics?: (request: FastifyRequest) => Promise<boolean>;
}

/** An orchestrator asks every few seconds and waits one or two. */
const checkMs = 2000;

/**
 * `/livez`: the process answers. `/readyz`: each condition by name, without its reason, which is in the log. `/metrics`: Prometheus, for this
 * machine and for holders of an API key: how many customers a company has, and how much it works, is nobody else's business.
 */
export function healthRoutes(app: FastifyInstance, options: HealthOptions): void {
  app.get("/livez", async () => ({ alive: true }));
  app.get("/readyz", async (_, reply) => {
    const results = await Promise.all(options.readiness.map(async ({ name, check }) => [name, await outcome(check)]));
    const ready = results.every(([, found]) => found === "ok");
    return reply.code(ready ? 200 : 503).send({ ready, checks: Object.fromEntries(results) });
  });
  app.get("/metrics", async (request, reply) => {
    const may = isThisMachine(request) || (await options.mayReadMetrics?.(request)) === true;
    if (!may) return reply.code(401).header("www-authenticate", 'Bearer realm="ml-connector"').send();
    return reply.type("text/plain; version=0.0.4; charset=utf-8").send(await options.readMetrics());
  });
}

async function outcome(check: () => Promise<void>): Promise<"ok" | "failed" | "no answer"> {
  const giveUp = new AbortController();
  const late = wait(checkMs, "no answer" as const, { signal: giveUp.signal }).catch(() => "no answer" as const);
  const found = check().then(
    () => "ok" as const,
    () => "failed" as const,
  );
  try {
    return await Promise.race([found, late]);
  } finally {
    giveUp.abort();
  }
}
