import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isJsonObject, type JsonObject, textOf } from "../records/input.ts";
import type { Simulator } from "../server/simulator.ts";
import { settleAll } from "../server/simulator.ts";
import type { Tenant } from "../server/tenant.ts";
import { dumpAccount } from "../state/dump.ts";
import { SeedProblem, seedAccount } from "../state/seed.ts";
import { switchComplaint } from "../world/switches.ts";
import { applyMutation } from "./mutate.ts";
import { ControlProblem } from "./problem.ts";
import { readEdit, readFault, readGate, readWaitMs } from "./read-plans.ts";

/** Everything under `/_control/`: for tests and demonstrations, never for a connector. */
export function registerControl(app: FastifyInstance, simulator: Simulator): void {
  const route = (method: "GET" | "POST" | "DELETE", url: string, run: (request: FastifyRequest) => unknown): void => {
    app.route({
      method,
      url: `/_control/${url}`,
      bodyLimit: 1024 * 1024 * 1024,
      handler: async (request, reply) => {
        try {
          settleAll(simulator);
          await reply.send(await run(request));
        } catch (error) {
          await answerProblem(error, reply);
        }
      },
    });
  };
  const tenantFor = (name: unknown): Tenant => findTenant(simulator, name);

  route("GET", "state", (request) => {
    const { subdomain } = queryOf(request);
    return stateOf(simulator, tenantFor(subdomain), rootOf(request));
  });
  route("POST", "seed", (request) => {
    const body = bodyOf(request);
    if (body.account === undefined) throw new ControlProblem('seed.account: missing; send {"account": {...}}');
    const named = body.subdomain ?? (isJsonObject(body.account) ? body.account.subdomain : undefined);
    const tenant = tenantFor(typeof named === "string" && simulator.tenants.has(named) ? named : body.subdomain);
    seedTenant(tenant, body.account);
    return {
      subdomain: tenant.account.subdomain,
      organizations: tenant.account.organizations.size,
      users: tenant.account.users.size,
    };
  });
  route("POST", "clock", (request) => moveClock(simulator, bodyOf(request)));
  route("GET", "clock", () => ({
    now: new Date(simulator.clock.now()).toISOString(),
    frozen: simulator.clock.isFrozen(),
  }));
  route("POST", "mutate", (request) => {
    const body = bodyOf(request);
    if (body.mutations === undefined) return { entity: applyMutation(simulator, tenantFor(body.subdomain), body) };
    if (!Array.isArray(body.mutations)) throw new ControlProblem("mutate.mutations: must be a list");
    return {
      entities: body.mutations.map((one, index) => {
        if (!isJsonObject(one)) throw new ControlProblem(`mutate.mutations[${index}]: must be an object`);
        return applyMutation(simulator, tenantFor(one.subdomain ?? body.subdomain), one);
      }),
    };
  });
  route("GET", "switches", (request) => tenantFor(queryOf(request).subdomain).account.switches);
  route("POST", "switches", (request) => {
    const { subdomain, ...changes } = bodyOf(request);
    const complaint = switchComplaint(changes);
    if (complaint) throw new ControlProblem(`switches.${complaint}`);
    const { account } = tenantFor(subdomain);
    account.switches = { ...account.switches, ...changes };
    return account.switches;
  });
  registerPlans(route, simulator);
  registerLog(route, simulator);
}

type Register = (method: "GET" | "POST" | "DELETE", url: string, run: (request: FastifyRequest) => unknown) => void;

function registerPlans(route: Register, simulator: Simulator): void {
  const { script } = simulator;
  route("POST", "gates", (request) => {
    const wanted = readGate(bodyOf(request));
    return { id: script.addGate(wanted.operation, wanted.nth, wanted.at).id };
  });
  route("GET", "gates/:id", async (request) => {
    const gate = await script.waitForGate(idOf(request), readWaitMs(queryOf(request).waitMs));
    if (!gate) throw new ControlProblem(`gates: there is no ${idOf(request)}`, 404);
    return gate;
  });
  route("POST", "gates/:id/release", (request) => {
    const gate = script.releaseGate(idOf(request), bodyOf(request).drop === true);
    if (!gate) throw new ControlProblem(`gates: there is no ${idOf(request)}`, 404);
    return gate;
  });
  route("POST", "edits", (request) => {
    script.addEdit(readEdit(bodyOf(request)));
    return { planned: true };
  });
  route("POST", "faults", (request) => {
    script.addFault(readFault(bodyOf(request)));
    return { planned: true };
  });
  route("DELETE", "script", () => {
    script.clear();
    return { cleared: true };
  });
}

function registerLog(route: Register, simulator: Simulator): void {
  route("GET", "log", (request) => ({ requests: simulator.log.since(Number(queryOf(request).since ?? 0) || 0) }));
  route("DELETE", "log", () => {
    simulator.log.clear();
    return { cleared: true };
  });
  route("GET", "counters", () => simulator.log.counters());
}

/** Records, jobs and counted requests start anew; credentials stay, so that whoever is connected stays connected. */
export function seedTenant(tenant: Tenant, seed: unknown): void {
  seedAccount(tenant.account, seed);
  tenant.jobs.clear();
  tenant.limits.clear();
  const { account, credentials } = tenant;
  const owner = account.users.all().find((user) => user.role === "admin" && user.active);
  for (const token of credentials.byAccess.values())
    if (owner && !account.users.has(token.userId)) token.userId = owner.id;
}

function stateOf(simulator: Simulator, tenant: Tenant, root: string): JsonObject {
  return {
    ...dumpAccount(tenant.account, root),
    switches: tenant.account.switches,
    jobs: tenant.jobs.dump(),
    // How many, for whom and until when; never the secrets.
    tokens: [...tenant.credentials.byAccess.values()].map(({ access: _access, refresh: _refresh, ...token }) => token),
    accounts: [...simulator.tenants.keys()],
    now: new Date(simulator.clock.now()).toISOString(),
  };
}

function moveClock(simulator: Simulator, body: JsonObject): JsonObject {
  const { now, advanceMs, freeze } = body;
  if (now !== undefined && (typeof now !== "string" || Number.isNaN(Date.parse(now))))
    throw new ControlProblem("clock.now: must be an ISO time");
  if (advanceMs !== undefined && (typeof advanceMs !== "number" || !Number.isFinite(advanceMs)))
    throw new ControlProblem("clock.advanceMs: must be a number");
  if (freeze !== undefined && typeof freeze !== "boolean")
    throw new ControlProblem("clock.freeze: must be true or false");
  simulator.clock.change({
    ...(typeof now === "string" ? { now: Date.parse(now) } : {}),
    ...(typeof advanceMs === "number" ? { advanceMs } : {}),
    ...(typeof freeze === "boolean" ? { freeze } : {}),
  });
  settleAll(simulator);
  return { now: new Date(simulator.clock.now()).toISOString(), frozen: simulator.clock.isFrozen() };
}

function findTenant(simulator: Simulator, name: unknown): Tenant {
  const [first] = simulator.tenants.values();
  const tenant = name === undefined || name === null || name === "" ? first : simulator.tenants.get(textOf(name));
  if (!tenant)
    throw new ControlProblem(
      `subdomain: there is no account ${textOf(name)}; there are ${[...simulator.tenants.keys()].join(", ")}`,
      404,
    );
  return tenant;
}

async function answerProblem(error: unknown, reply: FastifyReply): Promise<void> {
  if (error instanceof ControlProblem) await reply.code(error.status).send({ error: error.message });
  else if (error instanceof SeedProblem) await reply.code(400).send({ error: `seed.account.${error.message}` });
  else throw error;
}

function bodyOf(request: FastifyRequest): JsonObject {
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

const queryOf = (request: FastifyRequest): Record<string, string | undefined> =>
  request.query as Record<string, string | undefined>;
const idOf = (request: FastifyRequest): string => (request.params as { id: string }).id;
const rootOf = (request: FastifyRequest): string => `http://${request.headers.host ?? "127.0.0.1"}/api/v2`;
