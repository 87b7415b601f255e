import { isJsonObject, type JsonObject, textOf } from "../records/input.ts";
import type { Simulator } from "../server/simulator.ts";
import { createTenant, type Tenant } from "../server/tenant.ts";
import { restoreSnapshot, takeSnapshot } from "../state/snapshot.ts";
import { isPlan, plans } from "../world/plans.ts";
import { ControlProblem } from "./problem.ts";
import { isLatency, isProfile, type Latency, latencies, profiles } from "./profiles.ts";
import type { Register } from "./register.ts";
import { seedTenant } from "./seed-tenant.ts";

/** Profiles, snapshots, further accounts, API tokens and deliveries: what concerns the world rather than one call. */
export function registerWorld(route: Register, simulator: Simulator, tenantFor: (name: unknown) => Tenant): void {
  route("GET", "profile", () => ({ name: simulator.weather.name, says: profiles[simulator.weather.name].says }));
  route("POST", "profile", ({ body }) => changeProfile(simulator, body));
  route("GET", "snapshots", () => ({ snapshots: [...simulator.snapshots.keys()] }));
  route("POST", "snapshots", ({ body }) => {
    const name = textOf(body.name);
    if (name === "") throw new ControlProblem("snapshots.name: missing");
    simulator.snapshots.set(name, takeSnapshot(simulator.tenants));
    return { name };
  });
  route("POST", "snapshots/:id/restore", ({ id }) => {
    const snapshot = simulator.snapshots.get(id);
    if (!snapshot) throw new ControlProblem(`snapshots: there is no ${id}`, 404);
    restoreSnapshot(simulator.tenants, snapshot);
    return { restored: id };
  });
  route("GET", "accounts", () => ({
    accounts: [...simulator.tenants.values()].map(({ account }) => ({
      subdomain: account.subdomain,
      plan: account.plan,
    })),
  }));
  route("POST", "accounts", ({ body }) => addAccount(simulator, body));
  route("POST", "plan", ({ body }) => {
    const { account } = tenantFor(body.subdomain);
    account.plan = readPlan(body.plan);
    return { subdomain: account.subdomain, plan: account.plan };
  });
  route("POST", "api-tokens", ({ body }) => {
    const [email, token] = [textOf(body.email), textOf(body.token)];
    if (email === "" || token === "") throw new ControlProblem("api-tokens: send email and token");
    tenantFor(body.subdomain).credentials.apiTokens.push({ email, token });
    return { email };
  });
  route("DELETE", "tokens", ({ query }) => revokeTokens(tenantFor(query.subdomain)));
  route("GET", "webhooks", ({ query }) => ({ webhooks: shownDeliveries(tenantFor(query.subdomain)) }));
  route("POST", "webhooks/:id/repeat", ({ id, query }) => {
    const { deliveries } = tenantFor(query.subdomain);
    const invocation = deliveries.all().find((one) => one.id === id);
    if (!invocation) throw new ControlProblem(`webhooks: there is no delivery ${id}`, 404);
    deliveries.repeat(invocation);
    return { repeated: id };
  });
}

function changeProfile(simulator: Simulator, body: JsonObject): JsonObject {
  const name = body.name ?? simulator.weather.name;
  if (!isProfile(name))
    throw new ControlProblem(`profile.name: ${textOf(name)} is not one of ${Object.keys(profiles).join(", ")}`);
  simulator.weather.change(name, readLatency(body.latency), simulator.tenants.values());
  return { name, says: profiles[name].says };
}

/** A name, or `{"median": ms, "sigma": spread}`. */
function readLatency(sent: unknown): Latency | undefined {
  if (sent === undefined) return undefined;
  if (isLatency(sent)) return latencies[sent];
  if (isJsonObject(sent) && typeof sent.median === "number" && sent.median >= 0 && sent.median <= 30_000) {
    const { median, sigma } = sent;
    if (sigma === undefined || (typeof sigma === "number" && sigma >= 0 && sigma <= 3))
      return { median, sigma: typeof sigma === "number" ? sigma : 0 };
  }
  throw new ControlProblem(
    `profile.latency: one of ${Object.keys(latencies).join(", ")}, or {"median": milliseconds up to 30000, "sigma": 0 to 3}`,
  );
}

function addAccount(simulator: Simulator, body: JsonObject): JsonObject {
  const subdomain = textOf(body.subdomain);
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(subdomain))
    throw new ControlProblem("accounts.subdomain: small letters, digits and hyphens");
  if (simulator.tenants.has(subdomain)) throw new ControlProblem(`accounts.subdomain: ${subdomain} is there already`);
  const [first] = simulator.tenants.values();
  const clients = [...(first?.credentials.clients.values() ?? [])];
  const plan = body.plan === undefined ? (first?.account.plan ?? "enterprise") : readPlan(body.plan);
  const { clock, random } = simulator;
  const tenant = createTenant({ subdomain, plan, clock, random, clients });
  if (first) tenant.account.switches.jobPace = first.account.switches.jobPace;
  seedTenant(tenant, body.account ?? {});
  simulator.tenants.set(subdomain, tenant);
  return { subdomain, plan };
}

function readPlan(sent: unknown): keyof typeof plans {
  if (typeof sent !== "string" || !isPlan(sent))
    throw new ControlProblem(`plan: ${textOf(sent)} is not one of ${Object.keys(plans).join(", ")}`);
  return sent;
}

/** As when an admin deletes the client's tokens, or the person's rights end. */
function revokeTokens(tenant: Tenant): JsonObject {
  const revoked = tenant.credentials.byAccess.size;
  tenant.credentials.byAccess.clear();
  tenant.credentials.byRefresh.clear();
  return { revoked };
}

function shownDeliveries({ deliveries }: Tenant): JsonObject {
  const subscribed = [...deliveries.webhooks.values()].map(
    ({ secret: _secret, authentication: _authentication, ...webhook }) => webhook,
  );
  return { isIdle: deliveries.isIdle(), webhooks: subscribed, deliveries: deliveries.all() };
}
