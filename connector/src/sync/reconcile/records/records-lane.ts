import { type RecordEntity, RemoteFailure, recordObjects } from "../../../domain/index.ts";
import { addDays } from "../../../rules/calendar.ts";
import { recordDefinitions } from "../../../rules/records/index.ts";
import { keepContacts } from "../contacts/index.ts";
import { backOffMs } from "../deliver/back-off.ts";
import { chunked } from "../deliver/deliver.ts";
import { pause } from "../deliver/job-poller.ts";
import type { Owner } from "../own/owner.ts";
import { Slots } from "../own/slots.ts";
import type { OwnedConnection } from "../ports.ts";
import { keepTicketFields } from "../ticket-fields/index.ts";
import { compareRecords, type RecordChanges } from "./compare-records.ts";
import { deliverRecords, type JobOutcome, jobEnded, outcomesOf, unknownContent } from "./deliver-records.ts";
import { findDrift } from "./find-drift.ts";
import type { DueParty, RecordJob } from "./ports.ts";
import { recordEntry } from "./record-journal.ts";
import { refusals, settleRecords } from "./settle-records.ts";

/** Zendesk's limit for every call that takes a list. */
const jobItems = 100;
/** Of the fifteen jobs that we may have in flight, records take at most so many: cards never wait for long. */
const recordJobs = 4;
const partiesAtOnce = 300;
const floorMs = 1_000;
/** Where no connection of the account has anything of all this turned on. */
const restMs = 5_000;
/** Where the account has no custom objects, it is asked again after this long: plans change. */
const askAgainMinutes = 60;

type Way = "off" | "objects" | "unavailable";

/**
 * Keeps the records of linked cards equal to their documents, beside the two lanes of the cards.
 *
 *   due parties --> documents, what we made --> jobs of 100 --> results --> remembered, parties settled at the claimed generation
 *
 * A card that was decided makes its parties due; so does the day on which a document becomes overdue or is kept no longer, and another
 * setting. What is lost or cut short on the way is looked up before it is sent again. The contacts of due parties go first; ticket
 * fields, which are few, have their turn in between.
 */
export class RecordsLane {
  readonly #owner: Owner;
  readonly #slots = new Slots(recordJobs);
  /** What this owner has found or done of each connection. */
  readonly #ways = new Map<OwnedConnection["id"], { way: Way; followed: string }>();
  readonly #failures = new Map<string, { times: number; notBefore: number }>();
  #lastWorkAt = performance.now();
  #working = false;

  constructor(owner: Owner) {
    this.#owner = owner;
  }

  /** Milliseconds for which this lane had nothing to do; 0 while a batch is in work. */
  get idleMs(): number {
    return this.#working ? 0 : performance.now() - this.#lastWorkAt;
  }

  async run(stopping: AbortSignal): Promise<void> {
    await this.#closeEarlierJobs();
    while (!stopping.aborted) {
      const found = await this.#round();
      if (found === "work") this.#lastWorkAt = performance.now();
      else if (found === "nothing") await this.#owner.wakeUp.records.wait(floorMs, stopping);
      else await pause(restMs, stopping);
    }
  }

  async #round(): Promise<"work" | "nothing" | "nobody"> {
    const { ports, subdomain } = this.#owner;
    if (await ports.ownership.accountBlockedUntil(subdomain)) return "nothing";
    let worked = false;
    let concerned = false;
    for (const connection of await ports.ownership.connections(subdomain)) {
      if (connection.state !== "active" || !connection.fieldsReady) continue;
      concerned ||= asksForMore(connection);
      worked = (await this.#unlessFailing("records", connection, () => this.#keep(connection))) || worked;
      worked =
        (await this.#unlessFailing("fields", connection, () => keepTicketFields(this.#owner, connection))) || worked;
    }
    if (worked) return "work";
    return concerned ? "nothing" : "nobody";
  }

  /** What fails is tried again ever less often, and holds up nothing else. */
  async #unlessFailing(what: string, connection: OwnedConnection, work: () => Promise<boolean>): Promise<boolean> {
    const key = `${what} ${connection.id}`;
    const failed = this.#failures.get(key);
    if (failed && performance.now() < failed.notBefore) return false;
    try {
      const worked = await work();
      this.#failures.delete(key);
      return worked;
    } catch (fault) {
      if (!(fault instanceof RemoteFailure)) throw fault;
      await this.#owner.noteFailure(fault, connection);
      const times = failed?.times ?? 0;
      const waitMs = Math.max(fault.retryAfterMs ?? 0, backOffMs(times, this.#owner.ports.random));
      this.#failures.set(key, { times: times + 1, notBefore: performance.now() + waitMs });
      return false;
    }
  }

  async #keep(connection: OwnedConnection): Promise<boolean> {
    const way = await this.#follow(connection);
    const due = await this.#owner.ports.records.claim(connection.id, partiesAtOnce);
    if (due.length === 0) return way === "objects" && (await findDrift(this.#owner, connection));
    this.#working = true;
    try {
      await this.#keepBatch(connection, way, due);
    } finally {
      this.#working = false;
    }
    return true;
  }

  async #keepBatch(connection: OwnedConnection, way: Way, due: readonly DueParty[]): Promise<void> {
    const { ports, fence } = this.#owner;
    await keepContacts(
      this.#owner,
      connection,
      due.map(({ party }) => party),
    );
    const changes = await this.#changesOf(connection, way, due);
    const outcomes = await this.#deliver(connection, changes);
    const { maxAttempts } = connection.settings;
    await ports.records.commit(
      fence,
      settleRecords({ connectionId: connection.id, due, changes, outcomes, maxAttempts, random: ports.random }),
    );
    for (const [code, affected] of refusals(outcomes))
      await ports.incidents.note({
        cause: "record-refused",
        says: `Zendesk refuses records of invoices or bills (${code}). They are tried again later, the others are kept.`,
        connectionId: connection.id,
        affected,
      });
  }

  /** How records are kept now; another way than before looks at all of them. */
  async #follow(connection: OwnedConnection): Promise<Way> {
    const { ports, fence } = this.#owner;
    const { settings } = connection;
    const before = this.#ways.get(connection.id);
    const way = settings.records === "off" ? "off" : await this.#available(connection, before?.way);
    const words = way === "objects" ? `objects ${settings.recordDays} ${settings.graceDays}` : way;
    const followed = settings.contacts ? `${words} contacts` : words;
    if (before?.followed !== followed) {
      await ports.records.followWay(fence, connection.id, followed);
      this.#ways.set(connection.id, { way, followed });
    }
    return way;
  }

  async #available(connection: OwnedConnection, before: Way | undefined): Promise<Way> {
    const { ports, subdomain } = this.#owner;
    if (before === "objects") return before;
    const askedAgo = await ports.records.objectsAskedMinutesAgo(connection.id);
    if (before === "unavailable" && askedAgo !== undefined && askedAgo < askAgainMinutes) return before;
    const found = await ports.recordWriter.ensureObjects(subdomain, Object.values(recordDefinitions));
    await ports.records.objectsAsked(connection.id);
    const cause = "records-unavailable";
    if (found === "ready") {
      await ports.incidents.resolve(cause, { connectionId: connection.id });
      return "objects";
    }
    await ports.incidents.note({
      cause,
      says:
        found === "unavailable"
          ? "Invoices and bills cannot be kept as records: this Zendesk plan has no custom objects, or our user may not use them. The note block of the mapping can show them instead."
          : `Invoices and bills are not kept as records: in Zendesk ${found.differs.join("; ")}.`,
      connectionId: connection.id,
    });
    return "unavailable";
  }

  /** Where Zendesk offers no custom objects nothing can be sent, and what we made is remembered until it does again. */
  async #changesOf(connection: OwnedConnection, way: Way, due: readonly DueParty[]): Promise<RecordChanges> {
    const { records, replica, appUrl, today: todayIn } = this.#owner.ports;
    const { settings, zone, realm, id } = connection;
    if (way === "unavailable") return { upserts: [], deletes: [], moved: [] };
    const parties = due.map(({ party }) => party);
    const known = await records.known(id, parties);
    if (way === "off") return { upserts: [], deletes: known, moved: [] };
    const today = todayIn(zone);
    const since = addDays(today, -settings.recordDays);
    const [documents, terms] = await Promise.all([
      records.documents(id, { parties, also: known, zone, since }),
      replica.terms(id),
    ]);
    const { graceDays, recordDays } = settings;
    const termsById = new Map(terms.map((term) => [term.id, term]));
    return compareRecords(known, documents, { realm, appUrl, today, graceDays, recordDays, terms: termsById });
  }

  async #deliver(connection: OwnedConnection, { upserts, deletes }: RecordChanges): Promise<JobOutcome[]> {
    const entities = Object.keys(recordObjects) as RecordEntity[]; // the keys of that very object
    const jobs = entities.flatMap((entity) => {
      const of = { connectionId: connection.id, object: recordObjects[entity] };
      const written = upserts.filter(({ kept }) => kept.entity === entity);
      const removed = deletes.filter((known) => known.entity === entity);
      return [
        ...chunked(written, jobItems).map((chunk) => ({
          job: { ...of, action: "upsert", items: chunk.map(({ kept }) => kept) } satisfies RecordJob,
          records: chunk.map(({ record }) => record),
        })),
        ...chunked(removed, jobItems).map((chunk) => ({
          job: { ...of, action: "delete", items: chunk } satisfies RecordJob,
          records: [],
        })),
      ];
    });
    return Promise.all(
      jobs.map(({ job, records }) =>
        this.#slots.run(() => this.#owner.jobSlots.run(() => deliverRecords(this.#owner, job, records))),
      ),
    );
  }

  /** What earlier owners left under way: polled to its end, or, where no job is known, waited for; then looked up. */
  async #closeEarlierJobs(): Promise<void> {
    const { ports, fence, signal } = this.#owner;
    const open = await ports.records.openOfEarlierEpochs(fence);
    const unsent = open.filter(({ jobId }) => jobId === undefined);
    if (unsent.length > 0) {
      await pause(Math.max(0, ...unsent.map(({ deadlineInMs }) => deadlineInMs)), signal);
      await this.#owner.waitForOpenJobs();
    }
    for (const { id, jobId, requestId, deadlineInMs: _passed, ...job } of open) {
      const results = jobId === undefined ? undefined : await jobEnded(this.#owner, jobId, job);
      const outcomes = await outcomesOf(this.#owner, job, results);
      const there = outcomes.filter(({ kind }) => kind === "as-wanted").map(({ item }) => item);
      const unclear = outcomes.filter(({ kind }) => kind !== "as-wanted").map(({ item }) => item);
      const parties = [...new Set(job.items.map(({ party }) => party))];
      const known = await ports.records.known(job.connectionId, parties);
      const before = new Map(known.map(({ externalId, content }) => [externalId, content]));
      const kept = [...there.map((item) => ({ ...item, lookOn: undefined })), ...unclear.map(unknownContent)];
      await ports.records.commit(fence, {
        connectionId: job.connectionId,
        closed: [{ id, state: unclear.length === 0 ? "done" : "lost" }],
        kept: job.action === "delete" ? [] : kept,
        gone: job.action === "delete" ? there : [],
        settled: [],
        deferred: [],
        due: parties,
        journal: there.map(({ externalId, party, content }) =>
          recordEntry({
            connectionId: job.connectionId,
            party,
            externalId,
            // The process that knew why is gone.
            causes: [],
            before: before.get(externalId),
            after: job.action === "delete" ? undefined : content,
            requestId,
          }),
        ),
      });
    }
  }
}

function asksForMore({ settings }: OwnedConnection): boolean {
  return settings.records !== "off" || settings.contacts || settings.ticketFields.length > 0;
}
