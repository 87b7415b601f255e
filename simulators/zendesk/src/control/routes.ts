import type { FastifyInstance } from "fastify";
import { isJsonObject, type JsonObject, textOf } from "../records/input.ts";
import { type Simulator, settleAll } from "../server/simulator.ts";
import type { Tenant } from "../server/tenant.ts";
import { dumpAccount } from "../state/dump.ts";
import { switchComplaint } from "../world/switches.ts";
import { applyMutation } from "./mutate.ts";
import { controlDocument } from "./openapi.ts";
import { ControlProblem } from "./problem.ts";
import { readEdit, readFault, readGate, readWaitMs } from "./read-plans.ts";
import { controlRegistrar, type Register } from "./register.ts";
import { seedTenant } from "./seed-tenant.ts";
import { registerWorld } from "./world-routes.ts";

/** Everything under `/_control/`: for tests and demonstrations, never for a connector. */
export function registerControl(app: FastifyInstance, simulator: Simulator): void {
  const route = controlRegistrar(app, simulator);
  const tenantFor = (name: unknown): Tenant => findTenant(simulator, name);
  registerState(route, simulator, tenantFor);
  registerPlans(route, simulator);
  registerLog(route, simulator);
  registerWorld(route, simulator, tenantFor);
  route("GET", "openapi.json", () => controlDocument);
}

type TenantFor = (name: unknown) => Tenant;

function registerState(route: Register, simulator: Simulator, tenantFor: TenantFor): void {
  route("GET", "state", ({ query, root }) => stateOf(simulator, tenantFor(query.subdomain), root));
  route("POST", "seed", ({ body }) => {
    if (body.account === undefined) throw new ControlProblem('seed.account: missing; send {"account": {...}}');
    const named = isJsonObject(body.account) ? body.account.subdomain : undefined;
    const tenant = tenantFor(body.subdomain ?? (simulator.tenants.has(textOf(named)) ? named : undefined));
    seedTenant(tenant, body.account);
    const { account } = tenant;
    return { subdomain: account.subdomain, organizations: account.organizations.size, users: account.users.size };
  });
  route("POST", "clock", ({ body }) => moveClock(simulator, body));
  route("GET", "clock", () => shownClock(simulator));
  route("POST", "mutate", ({ body }) => {
    if (body.mutations === undefined) return { entity: applyMutation(simulator, tenantFor(body.subdomain), body) };
    if (!Array.isArray(body.mutations)) throw new ControlProblem("mutate.mutations: must be a list");
    return {
      entities: body.mutations.map((one, index) => {
        if (!isJsonObject(one)) throw new ControlProblem(`mutate.mutations[${index}]: must be an object`);
        return applyMutation(simulator, tenantFor(one.subdomain ?? body.subdomain), one);
      }),
    };
  });
  route("GET", "switches", ({ query }) => tenantFor(query.subdomain).account.switches);
  route("POST", "switches", ({ body }) => {
    const { subdomain, ...changes } = body;
    const complaint = switchComplaint(changes);
    if (complaint !== undefined) throw new ControlProblem(`switches.${complaint}`);
    const { account } = tenantFor(subdomain);
    account.switches = { ...account.switches, ...changes };
    return account.switches;
  });
}

function registerPlans(route: Register, simulator: Simulator): void {
  const { script } = simulator;
  const missing = (id: string): ControlProblem => new ControlProblem(`gates: there is no ${id}`, 404);
  route("POST", "gates", ({ body }) => {
    const wanted = readGate(body);
    return { id: script.addGate(wanted.operation, wanted.nth, wanted.at).id };
  });
  route("GET", "gates/:id", async ({ id, query }) => {
    const gate = await script.waitForGate(id, readWaitMs(query.waitMs));
    if (!gate) throw missing(id);
    return gate;
  });
  route("POST", "gates/:id/release", ({ id, body }) => {
    const gate = script.releaseGate(id, body.drop === true);
    if (!gate) throw missing(id);
    return gate;
  });
  route("POST", "edits", ({ body }) => {
    script.addEdit(readEdit(body));
    return { planned: true };
  });
  route("POST", "faults", ({ body }) => {
    script.addFault(readFault(body));
    return { planned: true };
  });
  route("DELETE", "script", () => {
    script.clear();
    return { cleared: true };
  });
}

function registerLog(route: Register, simulator: Simulator): void {
  route("GET", "log", ({ query }) => ({ requests: simulator.log.since(Number(query.since ?? 0) || 0) }));
  route("DELETE", "log", () => {
    simulator.log.clear();
    return { cleared: true };
  });
  route("GET", "counters", () => simulator.log.counters());
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

const shownClock = ({ clock }: Simulator): JsonObject => ({
  now: new Date(clock.now()).toISOString(),
  frozen: clock.isFrozen(),
});

// What a Date can hold; beyond it every answer would fail.
const latestTime = Date.parse("9999-12-31T23:59:59Z");

function moveClock(simulator: Simulator, body: JsonObject): JsonObject {
  const { now, advanceMs, freeze } = body;
  const { clock } = simulator;
  if (now !== undefined && (typeof now !== "string" || Number.isNaN(Date.parse(now))))
    throw new ControlProblem("clock.now: must be an ISO time");
  if (advanceMs !== undefined && (typeof advanceMs !== "number" || !Number.isFinite(advanceMs))) {
    throw new ControlProblem("clock.advanceMs: must be a number");
  }
  if (freeze !== undefined && typeof freeze !== "boolean")
    throw new ControlProblem("clock.freeze: must be true or false");
  const wanted =
    (typeof now === "string" ? Date.parse(now) : clock.now()) + (typeof advanceMs === "number" ? advanceMs : 0);
  if (wanted < 0 || wanted > latestTime) throw new ControlProblem("clock: the time must lie between 1970 and 9999");
  clock.change({
    ...(typeof now === "string" ? { now: Date.parse(now) } : {}),
    ...(typeof advanceMs === "number" ? { advanceMs } : {}),
    ...(typeof freeze === "boolean" ? { freeze } : {}),
  });
  settleAll(simulator);
  return shownClock(simulator);
}

function findTenant(simulator: Simulator, name: unknown): Tenant {
  const [first] = simulator.tenants.values();
  const tenant = name === undefined || name === null || name === "" ? first : simulator.tenants.get(textOf(name));
  if (tenant) return tenant;
  throw new ControlProblem(
    `subdomain: there is no account ${textOf(name)}; there are ${[...simulator.tenants.keys()].join(", ")}`,
    404,
  );
}
