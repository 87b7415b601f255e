import { randomBytes } from "node:crypto";
import { createSeal } from "../connections/credentials/index.ts";
import {
  createOurClients,
  ensureSubscription,
  pauseForFailure,
  refreshCompany,
  secretBinding,
  webhookBase,
} from "../connections/index.ts";
import { type ConnectionId, type PartyKey, partyKeyText, type RemoteFailure, type Subdomain } from "../domain/index.ts";
import { type Database, notifyMarks } from "../store/index.ts";
import { forgetJournal, makeJournalMonths } from "../store/journal-store.ts";

import { loadDirectory, winnerOf } from "../sync/directory/index.ts";
import {
  exportDrift,
  markFlips,
  noteSilence,
  type PollOutcome,
  pollChanges,
  refreshDirectory,
  type SweepOutcome,
  type SweepStage,
  sweepCompany,
  type ZendeskReceiptPorts,
  ZendeskReceipts,
} from "../sync/intake/index.ts";
import {
  computePlan,
  createOwners,
  type ExplainedCard,
  explainCard,
  type Observer,
  type PlanPorts,
  type ProposedPlan,
  partsOf,
  passOf,
  proposePlan,
  recheckFields,
} from "../sync/reconcile/index.ts";
import type { FinishedCall } from "../systems/ports.ts";
import { parseZendeskEvent, verifyZendeskSignature } from "../systems/zendesk/index.ts";
import type { BusinessClock } from "./clocks.ts";
import { isLocal } from "./config-values.ts";
import { type ConsentOptions, createConsents } from "./consents.ts";
import { createKeyKeeper } from "./key-keeper.ts";
import type { KeyPlace } from "./keys.ts";
import { createMappingDesk } from "./mapping-desk.ts";
import { createPlanDesk } from "./plan-desk.ts";
import { createStores, type Stores } from "./stores.ts";
import { createSystems, type SystemsOptions, systemClock } from "./systems.ts";
import { createTokens } from "./tokens.ts";

/** The cause of the incident of a poll or sweep that stopped; the next one that ends well resolves it. */
const readFailed = "reading-quickbooks-failed";
/** Likewise of the directory's upkeep. */
const tendFailed = "following-zendesk-failed";

export interface EngineOptions {
  database: Database;
  keys: KeyPlace;
  /** Known once the port is open. */
  publicUrl(): string;
  quickbooks: SystemsOptions["quickbooks"];
  zendesk: SystemsOptions["zendesk"] & { apiToken: { email: string; token: string } | undefined };
  /** QuickBooks' deliveries can be checked here: where none comes although something changed, a person is told. */
  expectsWebhooks?: boolean;
  business: BusinessClock;
  observer: Observer;
  onCall(call: FinishedCall): void;
  onDate?: SystemsOptions["onDate"];
  /** The journal is kept so long; undefined: for ever. */
  journalDays?: number | undefined;
  /** Whether another account waits for an owner. */
  othersWait(): Promise<boolean>;
}

/** Everything that works on data, built over one database. Starts nothing by itself. */
export function createEngine(options: EngineOptions) {
  const stores: Stores = createStores(options.database);
  const seal = createSeal(options.keys.ring, options.keys.reload);
  const systems = createSystems({
    ...options,
    companyBlocks: stores.blocks.companies,
    accountBlocks: stores.blocks.accounts,
    homeCurrency: async (realm) => (await stores.companies.read(realm))?.homeCurrency ?? "USD",
  });
  const ourClients = createOurClients({
    deployment: {
      quickbooks: { ...options.quickbooks, grants: systems.grants.quickbooks },
      zendesk: { ...options.zendesk, environment: "production", grants: systems.grants.zendesk },
    },
    store: stores.ownClients,
    credentials: stores.credentials,
    seal,
    makeGrants: systems.makeGrants,
    monotonicMs: systemClock.monotonicMs,
  });
  const consenting: ConsentOptions = {
    stores,
    seal,
    ourClients,
    publicUrl: options.publicUrl,
    apiToken: options.zendesk.apiToken,
  };
  const tokens = createTokens({ stores, seal, clients: ourClients });
  const clients = systems.clients(
    tokens.tokens,
    async (realm) => (await ourClients.speaking("quickbooks", realm)).environment,
  );
  const consents = createConsents({ ...consenting, clients, tokens });
  const reconcile: PlanPorts = {
    ...stores,
    settle: stores.settle,
    sources: clients.quickbooks,
    writers: clients.zendesk,
    merges: {
      winnerOf: (subdomain, loser) =>
        winnerOf({ source: clients.zendesk.live, directory: stores.directory }, subdomain, loser),
    },
    recordWriter: clients.zendesk.bulk,
    ticketFieldWriter: clients.zendesk.bulk,
    contactWriter: clients.zendesk.bulk,
    undo: clients.zendesk.bulk,
    appUrl: systems.appUrl,
    pauseConnection: (connection, failure) => pauseForFailure(connection.id, failure, stores),
    today: options.business.today,
    random: Math.random,
    now: () => new Date(systemClock.wallMs()),
    observe: options.observer,
    othersWait: options.othersWait,
  };
  const owners = createOwners(reconcile);
  const planDesk = createPlanDesk(reconcile, stores);
  const mappingDesk = createMappingDesk(reconcile, stores, planDesk);
  const zendeskHooks = () =>
    webhookBase({
      publicUrl: options.publicUrl(),
      bothSystemsLocal: [options.quickbooks.baseUrl, options.zendesk.baseUrl].every(
        (url) => url !== undefined && isLocal(url.replaceAll(/[{}]/g, "")),
      ),
    });

  async function ownedConnection(connectionId: ConnectionId) {
    const connection = await stores.connections.read(connectionId);
    if (!connection) return undefined;
    const all = await stores.ownership.connections(connection.subdomain);
    const own = all.find(({ id }) => id === connectionId);
    return own && { all, own };
  }

  return {
    appUrl: systems.appUrl,
    stores,
    clients,
    ...consents,
    ourClients,
    clientDesk: {
      connections: stores.connections,
      store: stores.ownClients,
      seal,
      clientIds: { quickbooks: options.quickbooks.clientId, zendesk: options.zendesk.clientId },
    },
    exchange: systems.exchange,
    seal,
    keys: createKeyKeeper({ place: options.keys, store: stores.sealedTexts, seal }),
    owners,
    planDesk,
    mappingDesk,
    sweep: (
      connectionId: ConnectionId,
      requestedBy: string,
      onProgress: (stage: SweepStage) => void,
    ): Promise<SweepOutcome | undefined> =>
      sweepCompany({ ...stores, source: clients.quickbooks.bulk }, connectionId, { requestedBy, onProgress }),

    async pollWhenDue(connectionId: ConnectionId): Promise<PollOutcome | undefined> {
      if (!(await stores.overview.isDue(connectionId, "poll"))) return undefined;
      const ports = { ...stores, source: clients.quickbooks.bulk, now: systemClock.wallMs };
      const outcome = await pollChanges(ports, connectionId);
      if (options.expectsWebhooks) await noteSilence(stores, connectionId, outcome);
      return outcome;
    },

    loadDirectory: (subdomain: Subdomain, onProgress: Parameters<typeof loadDirectory>[2]) =>
      loadDirectory(
        { source: clients.zendesk.bulk, directory: stores.directory, wait: systemClock.wait },
        subdomain,
        onProgress,
      ),

    markFlips: (connectionId: ConnectionId, today: ReturnType<BusinessClock["today"]>) =>
      markFlips(stores, connectionId, today, new Date(systemClock.wallMs()).toISOString()),

    /** A loading connection: directory, sweep, plan. Any other: a sweep. Each step is done once: a killed load goes on where it was. */
    async loadOrSweep(connectionId: ConnectionId): Promise<void> {
      const connection = await stores.connections.read(connectionId);
      if (!connection) return;
      const isLoading = connection.state === "loading";
      // The tick sends every second while a sweep is due: a job that was sent while one ran finds nothing to do.
      if (await stores.overview.isDue(connectionId, "sweep")) {
        if (isLoading) await this.loadDirectory(connection.subdomain, () => undefined);
        else if (connection.realm !== undefined)
          await refreshCompany(connection.realm, clients.quickbooks.bulk.readCompany, stores);
        await this.sweep(connectionId, isLoading ? "first load" : "schedule", () => undefined);
      }
      if (isLoading) await this.plan(connectionId, () => undefined);
    },

    /** Stores the plan for a person to approve. Undefined: the connection cannot be planned yet. */
    async plan(connectionId: ConnectionId, onProgress: (parties: number) => void): Promise<ProposedPlan | undefined> {
      const found = await ownedConnection(connectionId);
      return (
        found && proposePlan(reconcile, found.all, found.own, { change: { kind: "first-load" }, progress: onProgress })
      );
    },

    /** What a pass would write now; nothing is stored. */
    async dryRun(connectionId: ConnectionId): Promise<Pick<ProposedPlan, "counts" | "effects"> | undefined> {
      const found = await ownedConnection(connectionId);
      return found && computePlan(reconcile, found.all, found.own, () => undefined);
    },

    async explain(connectionId: ConnectionId, party: PartyKey): Promise<ExplainedCard | undefined> {
      const found = await ownedConnection(connectionId);
      if (!found) return undefined;
      // While a plan is tried or stopped, some cards are under its rules, and the others under those of before.
      const { parts } = await partsOf(stores.plans, found.own, [{ key: partyKeyText(party) }]);
      return explainCard(reconcile, passOf(reconcile, found.all, parts[0]?.connection ?? found.own), party);
    },

    /** Where Zendesk may post its events, if it can reach us at all. */
    zendeskHooks,

    /** Subscribes to the account's events where that is due, reads what they named, and once an hour what changed otherwise. */
    async tendDirectory(subdomain: Subdomain): Promise<void> {
      const source = clients.zendesk.bulk;
      const base = zendeskHooks();
      const hourly = (await stores.events.exportFrom(subdomain))?.due ?? false;
      // Once an hour in any case: somebody may have deleted it in Zendesk.
      if (base !== undefined && (hourly || (await stores.events.isMissing(subdomain, base))))
        await ensureSubscription(subdomain, {
          source,
          store: stores.events,
          seal,
          randomBytes,
          base,
          tickets: await stores.events.wantsTickets(subdomain),
        });
      await refreshDirectory({ ...stores, source }, subdomain);
      await exportDrift({ ...stores, source, now: systemClock.wallMs }, subdomain);
      if (hourly) await this.recheckFields(subdomain);
    },

    /** Whether the fields are still as the mappings of the account need them. */
    recheckFields: (subdomain: Subdomain) => recheckFields(reconcile, subdomain),

    zendeskReceipts: (wakes: Pick<ZendeskReceiptPorts, "wake" | "wakeOwner">) =>
      new ZendeskReceipts({
        events: stores.events,
        openSecret: (subdomain, sealed) => seal.open(sealed, secretBinding(subdomain)),
        verify: ({ body, ...header }, secret) => verifyZendeskSignature(body, header, secret, systemClock.wallMs()),
        parse: parseZendeskEvent,
        ...wakes,
        monotonicMs: systemClock.monotonicMs,
      }),

    /** An account that is left alone for a while has its own incident. */
    async tendFailed(subdomain: Subdomain, failure: RemoteFailure): Promise<void> {
      if (failure.action === "wait") return;
      await stores.incidents.note({
        cause: tendFailed,
        says: `Changes made in Zendesk are not followed: ${failure.says} They are looked for again by themselves.`,
        subdomain,
      });
    },
    tendSucceeded: (subdomain: Subdomain) => stores.incidents.resolve(tendFailed, { subdomain }),

    /** A poll or a sweep failed: what concerns the whole connection pauses it once; a company that is left alone has its own incident. */
    async noteReadFailure(connectionId: ConnectionId, failure: RemoteFailure): Promise<void> {
      if (failure.action === "reauthorize") await pauseForFailure(connectionId, failure, stores);
      else if (failure.action !== "wait")
        await stores.incidents.note({ cause: readFailed, says: failure.says, connectionId });
    },

    readSucceeded: (connectionId: ConnectionId) => stores.incidents.resolve(readFailed, { connectionId }),

    refreshDue: tokens.refreshDue,

    /** Tells an owner in another process that there are new marks. */
    notify: (subdomain: Subdomain) => notifyMarks(options.database, subdomain),

    metricSources: {
      async backlog() {
        const connections = await stores.connections.all();
        const backlog = await stores.marks.countDue(connections.map(({ id }) => id));
        return backlog.map(({ connectionId, kind, due }) => ({ connection: connectionId, kind, count: due }));
      },
      async freshness() {
        const facts = await stores.overview.facts();
        return facts.flatMap(({ id, polledAt, sweptAt }) => {
          const proven = Math.max(polledAt?.getTime() ?? 0, sweptAt?.getTime() ?? 0);
          return proven === 0 ? [] : [{ connection: id, seconds: (systemClock.wallMs() - proven) / 1_000 }];
        });
      },
    },

    /** Once an hour: partitions made ahead, and what nobody asks for any more goes. */
    async tidy(): Promise<void> {
      await makeJournalMonths(options.database);
      if (options.journalDays !== undefined) await forgetJournal(options.database, options.journalDays);
      await stores.writes.forgetClosed();
      await stores.records.forgetClosedJobs();
    },

    close: () => systems.close(),
  };
}

export type Engine = ReturnType<typeof createEngine>;
