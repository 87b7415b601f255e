import {
  entities as allEntities,
  type Cause,
  type ConnectionId,
  type Entity,
  priorities,
  RemoteFailure,
} from "../../domain/index.ts";
import type { IncidentStore } from "../../oversight/incidents/ports.ts";
import type { MarkStore } from "../marks/index.ts";
import {
  applyRecords,
  type RecordSource,
  type ReplicaStore,
  type SweepPosition,
  type SweepProgress,
  spreadMarks,
} from "../replica/index.ts";
import { cursorAfter } from "./poll-changes.ts";
import type { IntakeConnection, IntakeStore, Sweep, SweepStore } from "./ports.ts";

export interface SweepPorts {
  source: Pick<RecordSource, "readPage" | "countRecords" | "readRecords">;
  replica: Pick<ReplicaStore, "commit" | "allTops">;
  marks: Pick<MarkStore, "claimEveryone" | "mark" | "settle">;
  intake: Pick<IntakeStore, "connection">;
  sweeps: SweepStore;
  incidents: Pick<IncidentStore, "note">;
}

export type SweepStage =
  | { stage: "reading"; entity: Entity; entitiesDone: number; entities: number; rows: number; calls: number }
  | { stage: "confirming"; entity: Entity; rows: number; calls: number }
  | { stage: "marking"; marked: number };

export interface SweepOutcome {
  rows: number;
  calls: number;
  gone: number;
  /** Parties marked at the end. */
  marked: number;
}

/** After the first repeat of the last page, so many times from the first row; then the difference is an incident and the sweep goes on. */
const mostRepeats = 2;
/** Pages that are under way or wait to be stored, beside the one that is being stored. */
const mostAhead = 4;
/** Ids that a sweep missed, per question. */
const confirmAtOnce = 200;
/** The company's edition does not offer the entity (developer.intuit.com, error codes). */
const refusals: ReadonlySet<string> = new Set(["5020", "5030"]);

/**
 * Reads a whole company, page by page in the order of creation, so that no moving row slips through. Position and rows are committed
 * together: after a crash the same call goes on where it was.
 *
 *   per entity: pages -> (more than one page) count(*) against the ids seen -> the last page again, then all of it, while rows are missing
 *   then: what nobody saw is read by id, and buried if it is gone -> cursor, next sweep; after a first load everyone marked
 */
export async function sweepCompany(
  ports: SweepPorts,
  connectionId: ConnectionId,
  options: { requestedBy: string; onProgress?: (stage: SweepStage) => void },
): Promise<SweepOutcome | undefined> {
  const connection = await ports.intake.connection(connectionId);
  if (!connection || connection.state === "disconnected") return undefined;
  const offered = allEntities.filter((entity) => !connection.refusedEntities.includes(entity));
  const sweep = await ports.sweeps.open(connectionId, { requestedBy: options.requestedBy, entities: offered });
  const complete = offered.every((entity) => sweep.progress.entities.includes(entity));
  const run = new SweepRun(ports, connection, sweep, options.onProgress ?? (() => undefined));
  for (const entity of sweep.progress.entities)
    if (!run.sweep.progress.done.includes(entity)) await run.readEntity(entity);
  let gone = 0;
  for (const entity of sweep.progress.entities) gone += await run.confirmUnseen(entity);
  const cursor = run.sweep.serverStartedAt && cursorAfter(run.sweep.serverStartedAt);
  // A later sweep has marked whom its changes concern; over an unchanged company it concerns nobody.
  const everyone = connection.state === "loading" ? run.cause() : undefined;
  await ports.sweeps.finish(run.sweep, { complete, cursor, everyone });
  const marked = await spreadMarks(ports, [{ id: connectionId }], (count) =>
    options.onProgress?.({ stage: "marking", marked: count }),
  );
  return { rows: run.sweep.rows, calls: run.sweep.calls, gone, marked };
}

type Page = Awaited<ReturnType<RecordSource["readPage"]>>;

class SweepRun {
  readonly #ports: SweepPorts;
  readonly #connection: IntakeConnection;
  readonly #tell: (stage: SweepStage) => void;
  sweep: Sweep;
  readonly #ahead = new Map<Entity, { after: SweepPosition | undefined; page: Promise<Page> }>();
  #counted: { entity: Entity; count: Promise<number> } | undefined;

  constructor(ports: SweepPorts, connection: IntakeConnection, sweep: Sweep, tell: (stage: SweepStage) => void) {
    this.#ports = ports;
    this.#connection = connection;
    this.#tell = tell;
    this.sweep = sweep;
  }

  cause(): Cause {
    return { kind: "sweep", run: String(this.sweep.id), at: (this.sweep.serverStartedAt ?? new Date(0)).toISOString() };
  }

  async readEntity(entity: Entity): Promise<void> {
    try {
      for (;;) {
        if (!this.sweep.progress.listed) await this.#readPages(entity);
        if (await this.#isWhole(entity)) break;
      }
    } catch (fault) {
      if (!(fault instanceof RemoteFailure) || !refusals.has(fault.code)) throw fault;
      await this.#refuse(entity, fault);
    }
    const { progress } = this.sweep;
    await this.#save({ ...progress, ...freshEntity, done: [...progress.done, entity] }, { rows: 0, calls: 0 });
  }

  /** Ids that we hold and the sweep missed: a list that omits a record proves nothing, a read by id does. */
  async confirmUnseen(entity: Entity): Promise<number> {
    let gone = 0;
    const asked = new Set<string>();
    for (;;) {
      const unseen = await this.#ports.sweeps.unseen(this.sweep, entity, confirmAtOnce);
      const keys = unseen.filter(({ id }) => !asked.has(id));
      if (keys.length === 0) return gone;
      for (const { id } of keys) asked.add(id);
      const answer = await this.#ports.source.readRecords(this.#connection.realm, keys);
      const applied = await applyRecords(this.#ports, { ...this.#applying(), answer, gone: answer.gone });
      gone += applied.gone;
      await this.#save(this.sweep.progress, { rows: 0, calls: 1 });
      this.#tell({ stage: "confirming", entity, rows: this.sweep.rows, calls: this.sweep.calls });
    }
  }

  async #readPages(entity: Entity): Promise<void> {
    let more = true;
    while (more) {
      const { progress } = this.sweep;
      const asked = this.#pageAt(entity, progress.after);
      this.#readAhead(entity);
      const page = await asked;
      if (page.next) this.#ask(entity, page.next);
      const moved = afterPage(progress, page);
      if (moved.listed && moved.pages > 1) this.#countAhead(entity);
      this.sweep.serverStartedAt ??= new Date(page.readAt);
      const applied = await applyRecords(this.#ports, {
        ...this.#applying(),
        answer: page,
        moves: { sweep: { id: this.sweep.id, progress: moved, rows: page.records.length, calls: 1 } },
      });
      this.#keep(moved, { rows: page.records.length, calls: 1 });
      if (applied.refused.length > 0)
        await this.#save({ ...moved, unkept: moved.unkept + applied.refused.length }, { rows: 0, calls: 0 });
      this.#tell({
        stage: "reading",
        entity,
        entitiesDone: progress.done.length,
        entities: progress.entities.length,
        rows: this.sweep.rows,
        calls: this.sweep.calls,
      });
      more = page.next !== undefined;
    }
  }

  #pageAt(entity: Entity, after: SweepPosition | undefined): Promise<Page> {
    const ahead = this.#ahead.get(entity);
    this.#ahead.delete(entity);
    return ahead && ahead.after === after ? ahead.page : this.#read(entity, after);
  }

  /** While a page is read and stored, the first ones of the next entities are on their way. */
  #readAhead(entity: Entity): void {
    const { entities, done } = this.sweep.progress;
    for (const next of entities) {
      if (this.#ahead.size >= mostAhead) return;
      if (next !== entity && !done.includes(next) && !this.#ahead.has(next)) this.#ask(next, undefined);
    }
  }

  /** A failure shows when the page is needed. */
  #ask(entity: Entity, after: SweepPosition | undefined): void {
    const page = this.#read(entity, after);
    page.catch(() => undefined);
    this.#ahead.set(entity, { after, page });
  }

  /** The last page is here: what QuickBooks counts from now on is what it has listed, or more. */
  #countAhead(entity: Entity): void {
    const count = this.#ports.source.countRecords(this.#connection.realm, entity);
    count.catch(() => undefined);
    this.#counted = { entity, count };
  }

  #read(entity: Entity, after: SweepPosition | undefined): Promise<Page> {
    return this.#ports.source.readPage(this.#connection.realm, entity, after);
  }

  /** One page is one answer, and whole by itself; several are compared with QuickBooks' own count. False: sweep on. */
  async #isWhole(entity: Entity): Promise<boolean> {
    const { progress } = this.sweep;
    if (progress.pages === 1) return true;
    const ahead = this.#counted?.entity === entity ? this.#counted.count : undefined;
    this.#counted = undefined;
    const counted = await (ahead ?? this.#ports.source.countRecords(this.#connection.realm, entity));
    const seen = (await this.#ports.sweeps.countSeen(this.sweep, entity)) + progress.unkept;
    // Fewer than we saw: records went while we read. The poll that follows starts before this sweep and hears of them.
    if (counted <= seen) {
      await this.#save(progress, { rows: 0, calls: 1 });
      return true;
    }
    if (progress.repeats >= mostRepeats) {
      await this.#save(progress, { rows: 0, calls: 1 });
      await this.#ports.incidents.note({
        cause: `sweep-count-differs:${entity}`,
        says: `QuickBooks counts ${counted} records of ${entity}, but lists only ${seen}. What is missing arrives when it changes; if this stays, tell Intuit.`,
        connectionId: this.#connection.id,
      });
      return true;
    }
    // Rows created since stand behind the last page; only if that does not explain it is everything read again.
    const again = progress.repeats === 0 ? progress.lastPage : undefined;
    await this.#save(
      { ...progress, listed: false, after: again?.after, unkept: again?.unkept ?? 0, repeats: progress.repeats + 1 },
      { rows: 0, calls: 1 },
    );
    return false;
  }

  async #refuse(entity: Entity, fault: RemoteFailure): Promise<void> {
    await this.#ports.sweeps.refuse(this.#connection.id, entity);
    await this.#ports.incidents.note({
      cause: `entity-refused:${entity}`,
      says: `QuickBooks does not hand out ${entity} records of this company (${fault.code}): ${fault.says} They are left out from now on.`,
      connectionId: this.#connection.id,
    });
  }

  #applying() {
    return {
      connectionId: this.#connection.id,
      cause: this.cause(),
      priority: priorities.bulk,
      // The end of a first load marks everyone: until then nobody decides, and nothing need ripple.
      ripples: this.#connection.state === "loading" ? ("none" as const) : ("all" as const),
      sweepId: this.sweep.id,
    };
  }

  async #save(progress: SweepProgress, more: { rows: number; calls: number }): Promise<void> {
    this.#keep(progress, more);
    await this.#ports.sweeps.save(this.sweep, more);
  }

  #keep(progress: SweepProgress, more: { rows: number; calls: number }): void {
    this.sweep = {
      ...this.sweep,
      progress,
      rows: this.sweep.rows + more.rows,
      calls: this.sweep.calls + more.calls,
    };
  }
}

const freshEntity = { after: undefined, listed: false, lastPage: undefined, unkept: 0, repeats: 0, pages: 0 };

function afterPage(
  progress: SweepProgress,
  page: { next: SweepPosition | undefined; passedOver: number },
): SweepProgress {
  return {
    ...progress,
    after: page.next,
    listed: page.next === undefined,
    lastPage: { after: progress.after, unkept: progress.unkept },
    unkept: progress.unkept + page.passedOver,
    pages: progress.pages + 1,
  };
}
