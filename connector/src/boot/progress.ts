import type { Application, ConnectStep, LoadStep } from "../cli/application.ts";
import { confirmZone, refusingSystem, startWhenReady, zendeskPermission } from "../connections/index.ts";
import { type ConnectionId, OperatorError, type Subdomain } from "../domain/index.ts";
import type { PlanProgress } from "../sync/reconcile/index.ts";
import type { Engine } from "./engine.ts";

const lookMs = 200;
const stuckMs = 60_000;
/** A consent is good for ten minutes; so is waiting for one. */
const consentMs = 10 * 60_000;

type AskedConnect = Parameters<Application["connectProgress"]>[1];

/** What happens between the first click and the plan, read from the database: the work itself may be in another process. */
export async function* connectSteps(
  engine: Engine,
  connectionId: ConnectionId,
  asked: AskedConnect,
): AsyncGenerator<ConnectStep> {
  yield* consents(engine, connectionId, asked);
  yield* directory(engine, connectionId);
  yield* sweep(engine, connectionId);
  yield { stage: "plan", done: 0, says: "Working out what would be written" };
  for (;;) {
    const plan = await engine.stores.plans.latest(connectionId);
    if (plan?.state === "proposed") {
      yield { stage: "plan", done: plan.counts.parties, total: plan.counts.parties, says: "The plan is ready" };
      return;
    }
    // Connected again: what was approved once goes on.
    if (plan !== undefined && plan.state !== "discarded") return;
    await stopIfPaused(engine, connectionId);
    await pause();
  }
}

async function* consents(
  engine: Engine,
  connectionId: ConnectionId,
  { zone, readOnly = false }: AskedConnect,
): AsyncGenerator<ConnectStep> {
  const until = performance.now() + consentMs;
  const since = await engine.stores.directory.now();
  let said = "";
  for (;;) {
    // A sign-in is good for one use: whoever was refused has to start again, and hears why at once.
    const refusal = await engine.stores.oauthStates.refusal(connectionId, since);
    if (refusal !== undefined) {
      await engine.stores.ends.abandon(connectionId);
      throw new OperatorError(refusal);
    }
    const missing = await startWhenReady(connectionId, engine.life);
    const connection = await engine.stores.connections.read(connectionId);
    const first =
      missing[0] ?? (connection && (refusingSystem(connection) ?? (await lacksWriting(engine, connection, readOnly))));
    if (first === "zone") {
      await nameZone(engine, connectionId, zone);
      continue;
    }
    if (first === undefined) {
      yield { stage: "quickbooks", done: 1, total: 1, says: "QuickBooks is connected" };
      yield { stage: "zendesk", done: 1, total: 1, says: "Zendesk is connected" };
      return;
    }
    if (said !== first) {
      said = first;
      const name = first === "quickbooks" ? "QuickBooks" : "Zendesk";
      yield { stage: first, done: 0, total: 1, says: `Waiting for you to allow it in ${name}` };
    }
    if (performance.now() > until)
      throw new OperatorError("Nobody allowed the connection within ten minutes. Start again: ml-connector connect");
    await pause();
  }
}

/** A consent for reading alone is raised by another one, unless reading is what was asked for. */
async function lacksWriting(
  engine: Engine,
  { subdomain }: { subdomain: Subdomain },
  readOnly: boolean,
): Promise<"zendesk" | undefined> {
  return !readOnly && (await zendeskPermission(subdomain, engine.life)) === "read" ? "zendesk" : undefined;
}

/** QuickBooks often does not say where the company is: then a person does, and a proposal is only that. */
async function nameZone(engine: Engine, connectionId: ConnectionId, zone: string | undefined): Promise<void> {
  const connection = await engine.stores.connections.read(connectionId);
  const company = connection?.realm === undefined ? undefined : await engine.stores.companies.read(connection.realm);
  if (!company) throw new OperatorError(`There is no connection ${connectionId}.`);
  if (zone !== undefined) {
    await confirmZone(company.realm, zone, engine.life);
    return;
  }
  const proposed = company.zone.kind === "proposed" ? company.zone.name : undefined;
  throw new OperatorError(
    `QuickBooks does not say in which time zone ${company.name ?? "the company"} counts its days. Run the same command again with --zone ${proposed ?? "America/New_York"}${proposed === undefined ? "" : ", which its address suggests"}.`,
  );
}

async function* directory(engine: Engine, connectionId: ConnectionId): AsyncGenerator<ConnectStep> {
  const connection = await engine.stores.connections.read(connectionId);
  if (!connection) throw new OperatorError(`There is no connection ${connectionId}.`);
  let last = -1;
  for (;;) {
    const { organizations, users } = await engine.stores.directory.counts(connection.subdomain);
    const loaded = await engine.stores.overview.directoryLoaded(connectionId);
    if (organizations + users !== last || loaded) {
      last = organizations + users;
      yield {
        stage: "directory",
        done: last,
        ...(loaded ? { total: last } : {}),
        says: `${organizations} organizations and ${users} users of Zendesk read`,
      };
    }
    if (loaded) return;
    await stopIfPaused(engine, connectionId);
    await pause();
  }
}

async function* sweep(engine: Engine, connectionId: ConnectionId): AsyncGenerator<ConnectStep> {
  let rows = 0;
  for (;;) {
    const open = await engine.stores.sweeps.openOf(connectionId);
    const swept = await engine.stores.intake.connection(connectionId);
    if (open) {
      rows = open.rows;
      const { done, entities } = open.progress;
      yield { stage: "sweep", done: done.length, total: entities.length, says: `${rows} records of QuickBooks read` };
    }
    if (swept?.sweptAt && !open) {
      yield { stage: "sweep", done: 1, total: 1, says: "All records of QuickBooks are read" };
      return;
    }
    await stopIfPaused(engine, connectionId);
    await pause();
  }
}

/** Until the marks that the approval set are settled. */
export async function* loadSteps(engine: Engine, connectionId: ConnectionId): AsyncGenerator<LoadStep> {
  const plan = await engine.stores.plans.latest(connectionId);
  const since = new Date(Date.now() - 60_000);
  const total = plan ? plan.counts.create + plan.counts.update : 0;
  const isStuck = patience();
  for (;;) {
    const [backlog, dispositions, written, progress] = await Promise.all([
      engine.stores.marks.countDue([connectionId]),
      engine.stores.links.countDispositions(connectionId),
      engine.stores.overview.written(connectionId, since),
      plan && engine.stores.plans.progress(plan.id),
    ]);
    const left = backlog.reduce((sum, { due, waiting }) => sum + due + waiting, 0);
    const parked = dispositions.filter(({ state }) => state === "parked").reduce((sum, { count }) => sum + count, 0);
    const done = left === 0 ? total : Math.min(total, written.created + written.updated);
    yield { done, total, ...written, parked };
    const beside = progress?.beside ?? 0;
    if (left === 0 && (beside === 0 || isStuck(beside))) return;
    await stopIfPaused(engine, connectionId);
    await pause();
  }
}

/** Until nothing of the plan is left to do; a tried plan: of its canaries. */
export async function* applySteps(
  engine: Engine,
  connectionId: ConnectionId,
  planId: number,
): AsyncGenerator<PlanProgress> {
  const { plans } = engine.stores;
  const isStuck = patience();
  for (;;) {
    const progress = await plans.progress(planId);
    if (!progress) throw new OperatorError(`There is no plan ${planId}.`);
    yield progress;
    const besideLeft = progress.state === "applied" && progress.beside > 0 && !isStuck(progress.beside);
    if (progress.state === "trying") {
      const [waiting] = await plans.effects(planId, { states: ["planned"], canary: true, limit: 1 });
      if (!waiting) return;
    } else if (progress.state !== "approved" && progress.state !== "applying" && !besideLeft) return;
    const change = (await plans.read(planId))?.change;
    if (change?.kind !== "restore") await stopIfPaused(engine, connectionId);
    await pause();
  }
}

/** What Zendesk refuses stays due: it is waited for as long as it gets less. */
function patience(): (left: number) => boolean {
  let least = Number.POSITIVE_INFINITY;
  let since = performance.now();
  return (left) => {
    if (left < least) {
      least = left;
      since = performance.now();
    }
    return performance.now() - since > stuckMs;
  };
}

async function stopIfPaused(engine: Engine, connectionId: ConnectionId): Promise<void> {
  const connection = await engine.stores.connections.read(connectionId);
  if (connection?.state !== "paused") return;
  const [incident] = await engine.stores.incidents.open(connectionId);
  throw new OperatorError(
    `${incident?.says ?? "The connection is paused."} Nothing is lost; go on with: ml-connector status`,
  );
}

async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, lookMs));
}
