import type { Application, ConnectStep, LoadStep } from "../cli/application.ts";
import {
  bringClient,
  createConnection,
  ensureMayWrite,
  ensureReadOnlyFits,
  refusingSystem,
  toConnection,
  zendeskPermission,
} from "../connections/index.ts";
import {
  type Cause,
  type ConnectionId,
  type Document,
  type DocumentEntity,
  OperatorError,
  type PartyKey,
  type Profile,
  parseOrganizationId,
  partyKeyText,
  priorities,
  type Subdomain,
} from "../domain/index.ts";
import { erasePerson } from "../oversight/erasure/index.ts";
import { type Preset, presets } from "../rules/mapping/index.ts";
import type { ListedOrganization } from "../sync/directory/index.ts";
import { everyoneKey } from "../sync/marks/index.ts";
import type { PlanProgress } from "../sync/reconcile/index.ts";
import { notReadCause } from "../sync/replica/index.ts";
import type { CardView, ConnectionFacts, DocumentSummary } from "../views/index.ts";
import { fitOf } from "./fit.ts";
import type { Running } from "./program.ts";
import { applySteps, connectSteps, loadSteps } from "./progress.ts";
import { createReview } from "./review.ts";
import { createUpkeep } from "./upkeep.ts";
import { verifyConnection } from "./verify.ts";

const documentsShown = 10;
const searchPause = 250;

/** The product as the command line sees it: reads at once, and asks the workers, here or in the running service, for everything else. */
export function createApplication(running: Running): Application {
  const { engine } = running;
  const { stores } = engine;

  async function facts(): Promise<ConnectionFacts[]> {
    const [connections, more] = await Promise.all([stores.connections.all(), stores.overview.facts()]);
    const factsOf = new Map(more.map((each) => [each.id, each]));
    return connections.map((stored) => {
      const { id, realm, subdomain, state, pausedBy, settings } = toConnection(stored);
      const { companyName, zone, sweptAt, polledAt } = factsOf.get(id) ?? {};
      return { id, realm, subdomain, state, pausedBy, settings, companyName, zone, sweptAt, polledAt };
    });
  }

  async function subdomainOf(connectionId: ConnectionId): Promise<Subdomain> {
    const connection = await stores.connections.read(connectionId);
    if (!connection) throw new OperatorError(`There is no connection ${connectionId}. See: ml-connector status`);
    return connection.subdomain;
  }

  async function requestMark(
    connectionId: ConnectionId,
    parties: readonly PartyKey[] | "everyone",
    who: string,
    what: string,
  ): Promise<void> {
    const subdomain = await subdomainOf(connectionId);
    const causes = [{ kind: "person" as const, who, what, at: new Date().toISOString() }];
    if (parties === "everyone")
      await stores.marks.mark([
        { connectionId, kind: "party", key: everyoneKey, priority: priorities.background, causes },
      ]);
    else
      await stores.marks.mark(
        parties.flatMap((party) => [
          { connectionId, kind: "record" as const, key: recordOf(party), priority: priorities.urgent, causes },
          { connectionId, kind: "party" as const, key: partyKeyText(party), priority: priorities.urgent, causes },
        ]),
      );
    if (what === "replay") await markUnread(connectionId, causes);
    await running.wake(subdomain);
  }

  /** Records that QuickBooks did not hand out, whoever's they are: a replay asks for them again. */
  async function markUnread(connectionId: ConnectionId, causes: readonly Cause[]): Promise<void> {
    const open = await stores.incidents.open(connectionId);
    await stores.marks.mark(
      open
        .filter(({ cause }) => cause.startsWith(notReadCause))
        .map(({ cause }) => ({
          connectionId,
          kind: "record",
          key: cause.slice(notReadCause.length),
          priority: priorities.urgent,
          causes,
        })),
    );
  }

  /** What is approved is written: not with a consent for reading alone. */
  async function ensureWritable(planId: number): Promise<void> {
    const plan = await stores.plans.read(planId);
    if (plan) await ensureMayWrite(plan.connectionId, engine.life);
  }

  const plans: Application["plans"] = {
    ...stores.plans,
    async approve(planId, who) {
      await ensureWritable(planId);
      return stores.plans.approve(planId, who);
    },
    async approveChanged(planId, parties, who) {
      await ensureWritable(planId);
      return stores.plans.approveChanged(planId, parties, who);
    },
  };

  return {
    ...createUpkeep(running),
    connections: { list: facts, get: async (id) => (await facts()).find((connection) => connection.id === id) },
    links: stores.links,
    ...createReview(stores),
    journal: stores.journal,
    incidents: stores.incidents,
    plans,
    mapping: engine.mappingDesk,
    marks: stores.marks,
    replica: stores.replica,
    access: running.access,
    fieldTitles: titlesOf(presets),

    async beginConnect({ subdomain, settings, another, readOnly, clients = {} }) {
      await running.ensureKeys();
      const had = await zendeskPermission(subdomain, engine.life);
      // One that was never finished, may only read, or one whose consent has ended: another would be a second connection of the same company.
      const resumable = (each: ConnectionFacts) =>
        each.state === "connecting" ||
        (had === "read" && each.state !== "disconnected") ||
        refusingSystem(each) !== undefined ||
        (each.state === "disconnected" && each.realm !== undefined);
      const begun = another
        ? undefined
        : (await facts()).find((each) => each.subdomain === subdomain && resumable(each));
      if (readOnly) await ensureReadOnlyFits(subdomain, begun?.id, engine.life);
      await running.ensureConfigured({ realm: undefined, ...begun, subdomain }, clients);
      await running.listen();
      if (begun?.state === "disconnected") await stores.ends.restart(begun.id);
      const connectionId = begun?.id ?? (await createConnection({ subdomain, settings }, engine.life));
      for (const system of ["quickbooks", "zendesk"] as const) {
        const own = clients[system];
        if (own) await bringClient({ connectionId, system }, own, engine.clientDesk);
      }
      const permission = readOnly ? "read" : "write";
      const needless = readOnly && had === "read";
      const connection = await stores.connections.read(connectionId);
      const configured =
        needless || (connection !== undefined && (await engine.useConfiguredZendesk(connection, permission)));
      return {
        connectionId,
        quickbooksUrl: await engine.beginAuthorization({ system: "quickbooks", connectionId }),
        zendeskUrl: configured
          ? undefined
          : await engine.beginAuthorization({ system: "zendesk", connectionId, permission }),
      };
    },

    async *connectProgress(connectionId, asked): AsyncGenerator<ConnectStep> {
      await running.work();
      yield* connectSteps(engine, connectionId, asked);
    },

    async proposePlan(connectionId) {
      const plan = await engine.plan(connectionId, () => undefined);
      if (!plan) throw new OperatorError(`Connection ${connectionId} cannot be planned yet: see ml-connector status`);
      return plan;
    },

    approvePlan: plans.approve,

    fit: (connectionId) => fitOf(engine, connectionId),
    planDesk: {
      ...engine.planDesk,
      async tryOut(planId, who) {
        await ensureWritable(planId);
        return engine.planDesk.tryOut(planId, who);
      },
    },

    async *applyProgress(connectionId, planId): AsyncGenerator<PlanProgress> {
      await running.work();
      await running.wake(await subdomainOf(connectionId));
      yield* applySteps(engine, connectionId, planId);
    },

    async *loadProgress(connectionId): AsyncGenerator<LoadStep> {
      await running.work();
      await running.wake(await subdomainOf(connectionId));
      yield* loadSteps(engine, connectionId);
    },

    async requestPoll(connectionId, who) {
      await subdomainOf(connectionId);
      await stores.overview.makePollDue(connectionId);
      running.log.info({ connectionId, who }, "a change poll was asked for");
    },

    async requestSweep(connectionId, who) {
      await subdomainOf(connectionId);
      await stores.intake.makeSweepDue(connectionId);
      running.log.info({ connectionId, who }, "a full sweep was asked for");
    },

    requestMark,

    erase: (texts, who) =>
      erasePerson(texts, who, {
        store: stores.erasure,
        async readAgain(touched) {
          for (const connectionId of new Set(touched.map((each) => each.connectionId))) {
            const own = touched.filter((each) => each.connectionId === connectionId);
            await requestMark(
              connectionId,
              own.map(({ party }) => party),
              who,
              "erasure",
            );
          }
        },
      }),

    async *settleBacklog(connectionId, { timeoutMs }) {
      await running.work();
      await running.wake(await subdomainOf(connectionId));
      const until = performance.now() + timeoutMs;
      for (;;) {
        const due = await owed(connectionId);
        yield { due };
        if (due === 0 || performance.now() > until) return;
        await pause(searchPause);
      }
    },

    async dryRun(connectionId) {
      const plan = await engine.dryRun(connectionId);
      if (!plan) throw new OperatorError(`Connection ${connectionId} has not been loaded yet: see ml-connector status`);
      return plan;
    },

    verify: (connectionId, options) => verifyConnection(running, connectionId, options),

    async organization(subdomain, id) {
      return (await engine.clients.zendesk.live.showByIds(subdomain, [id]))[0];
    },

    async findOrganization(subdomain, text): Promise<ListedOrganization | undefined> {
      const { showByIds, findByName } = engine.clients.zendesk.live;
      const found = /^\d{1,16}$/.test(text)
        ? (await showByIds(subdomain, [parseOrganizationId(text)]))[0]
        : (await findByName(subdomain, text))[0];
      // A person is about to answer with it: the directory has to know it before the engine is asked.
      if (found) await stores.directory.keepOrganizations(subdomain, [found], await stores.directory.now());
      return found;
    },

    partiesNamed: (connectionId, displayName) => stores.overview.partiesNamed(connectionId, displayName),

    async cardOf(connectionId, party): Promise<CardView | undefined> {
      const card = await engine.explain(connectionId, party);
      if (!card) return undefined;
      const { organization, links, wanted } = card;
      return {
        organizationId: organization.id,
        name: organization.name,
        known: organization.fields,
        links,
        wanted,
        documents: summaryOf(card.profile, card.documents),
      };
    },

    startService: () => running.serve(),
  };

  /** Marks that are due or come due within half a minute, and a poll or sweep that was asked for. */
  async function owed(connectionId: ConnectionId): Promise<number> {
    const backlog = await stores.marks.countDue([connectionId]);
    const due = backlog.reduce((sum, each) => sum + each.due, 0);
    const waiting = backlog.reduce((sum, each) => sum + each.waiting, 0);
    const next = waiting === 0 ? undefined : await stores.marks.nextDueInMs([connectionId]);
    const soon = next !== undefined && next < 30_000 ? waiting : 0;
    return due + soon + ((await stores.overview.reading(connectionId)) ? 1 : 0);
  }
}

/** Of every field that a preset has; fields of people's own mappings go by their keys. */
function titlesOf(from: readonly Preset[]): ReadonlyMap<string, string> {
  return new Map(
    from.flatMap(({ document }) => document.rows.map(({ target }): [string, string] => [target.key, target.title])),
  );
}

function recordOf({ kind, id }: PartyKey): string {
  return kind === "customer" ? `Customer:${id}` : `Vendor:${id}`;
}

function summaryOf(profile: Profile, documents: readonly Document[]): DocumentSummary {
  const counted = documents.filter(({ voided }) => !voided);
  const counts: Partial<Record<DocumentEntity, number>> = {};
  for (const { entity } of counted) counts[entity] = (counts[entity] ?? 0) + 1;
  const side = (name: "customer" | "vendor") => {
    const totals = profile[name];
    if (!totals) return [];
    return [
      {
        side: name,
        status: totals.status,
        documents: totals.documents,
        open: { count: totals.openCount, amount: totals.open },
        overdue: { count: totals.overdueCount, amount: totals.overdue, since: totals.overdueSince },
        unappliedCredit: totals.unappliedCredit,
      },
    ];
  };
  const due = ({ dueDate, date }: Document) => dueDate ?? date;
  return {
    currency: profile.currency,
    sides: [...side("customer"), ...side("vendor")],
    counts,
    open: counted
      .filter(({ entity, balance }) => (entity === "Invoice" || entity === "Bill") && balance.greaterThan(0))
      .sort((one, other) => due(one).localeCompare(due(other)))
      .slice(0, documentsShown),
    newest: [...counted].sort((one, other) => other.date.localeCompare(one.date)).slice(0, documentsShown),
  };
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
