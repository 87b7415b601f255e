import {
  entities as allEntities,
  type Cause,
  type ConnectionId,
  type Entity,
  priorities,
  recordKeyText,
} from "../../domain/index.ts";
import type { IncidentStore } from "../../oversight/incidents/ports.ts";
import type { MarkStore } from "../marks/index.ts";
import { applyRecords, type RecordSource, type ReplicaStore, type SweepPosition } from "../replica/index.ts";
import type { IntakeConnection, IntakeStore, SweepStore } from "./ports.ts";

export interface PollPorts {
  source: Pick<RecordSource, "readChanges" | "readChangedPage">;
  replica: Pick<ReplicaStore, "commit" | "present" | "buried">;
  marks: Pick<MarkStore, "mark">;
  intake: IntakeStore;
  sweeps: Pick<SweepStore, "open">;
  incidents: Pick<IncidentStore, "note">;
  /** Milliseconds since 1970, system clock. */
  now: () => number;
}

export type PollOutcome =
  | { kind: "polled"; readAt: string; changed: number; gone: number; calls: number }
  /** A sweep is due: nothing was read yet, the cursor is too old, or deletions may be missing from a capped answer. */
  | { kind: "sweep-needed"; because: "never-swept" | "cursor-too-old" | "capped"; entities: Entity[] }
  | { kind: "not-connected" };

/** `changedSince` has neither a documented precision nor inclusivity: each poll overlaps the last one. */
const overlapMs = 5 * 60 * 1000;
/** QuickBooks looks back 30 days; connectors stay a day below (NangoHQ/integration-templates). */
const lookBackMs = 29 * 24 * 60 * 60 * 1000;

/**
 * Asks QuickBooks what changed since the last poll, over all entities. The next cursor is the server's time of the answer less the
 * overlap, and moves in the transaction that stores the answer. Deletions are hearsay here: they mark their records to be read.
 * Where the answer is at its cap, what changed is queried page by page instead, and a sweep looks for what was deleted: the cursor moves
 * at its end.
 */
export async function pollChanges(ports: PollPorts, connectionId: ConnectionId): Promise<PollOutcome> {
  const connection = await ports.intake.connection(connectionId);
  if (!connection || connection.state === "disconnected") return { kind: "not-connected" };
  const asked = allEntities.filter((entity) => !connection.refusedEntities.includes(entity));
  if (!connection.pollCursor) return needSweep(ports, connection, "never-swept", asked);
  if (ports.now() - connection.pollCursor.getTime() > lookBackMs)
    return needSweep(ports, connection, "cursor-too-old", asked);
  const answers = await readAll(ports, connection, asked, connection.pollCursor.toISOString());
  const capped = answers.flatMap((answer) => (answer.capped ? answer.entities : []));
  const complete = answers.filter((answer) => !answer.capped);
  const queried = await queryChanged(ports, connection, capped, connection.pollCursor.toISOString());
  const readAt = earliest([...complete.map((answer) => answer.readAt), ...queried]);
  const cause: Cause = { kind: "poll", at: readAt };
  const gone = await markHearsay(ports, connectionId, complete, cause);
  let changed = 0;
  for (const [index, answer] of complete.entries()) {
    const last = index === complete.length - 1 && capped.length === 0;
    const applied = await applyRecords(ports, {
      connectionId,
      answer,
      cause,
      priority: priorities.background,
      ripples: connection.state === "loading" ? "none" : "all",
      ...(last ? { moves: { poll: { cursor: cursorAfter(readAt).toISOString(), readAt } } } : {}),
    });
    changed += applied.changed.length;
  }
  if (capped.length > 0) {
    // Only now that all else is stored: the end of this sweep moves the cursor up to the time of this poll.
    await ports.sweeps.open(connectionId, { requestedBy: "change poll at its cap", entities: capped, since: readAt });
    await ports.intake.makeSweepDue(connectionId);
    await ports.intake.putPollOff(connectionId);
    return { kind: "sweep-needed", because: "capped", entities: capped };
  }
  return { kind: "polled", readAt, changed, gone, calls: answers.length };
}

/** Where the next poll starts after an answer of that time. */
export function cursorAfter(readAt: string | Date): Date {
  return new Date(new Date(readAt).getTime() - overlapMs);
}

async function needSweep(
  ports: PollPorts,
  connection: IntakeConnection,
  because: "never-swept" | "cursor-too-old",
  entities: Entity[],
): Promise<PollOutcome> {
  await ports.intake.makeSweepDue(connection.id);
  await ports.intake.putPollOff(connection.id);
  return { kind: "sweep-needed", because, entities };
}

type Answer = Awaited<ReturnType<RecordSource["readChanges"]>> & { entities: Entity[] };

/** An answer at the cap says nothing about any of its entities: it is asked again in halves, down to the one that is too much. */
async function readAll(
  ports: PollPorts,
  connection: IntakeConnection,
  entities: readonly Entity[],
  since: string,
): Promise<Answer[]> {
  const answer = await ports.source.readChanges(connection.realm, entities, since);
  if (!answer.capped || entities.length === 1) return [{ ...answer, entities: [...entities] }];
  const half = Math.ceil(entities.length / 2);
  return [
    ...(await readAll(ports, connection, entities.slice(0, half), since)),
    ...(await readAll(ports, connection, entities.slice(half), since)),
  ];
}

/**
 * What changed of entities whose change answer says too little, by LastUpdatedTime and stored page by page. Rows that change meanwhile
 * move on to a later page. Gives the time of each entity's first answer: up to then it is complete, but for deletions.
 */
async function queryChanged(
  ports: PollPorts,
  connection: IntakeConnection,
  entities: readonly Entity[],
  since: string,
): Promise<string[]> {
  const times: string[] = [];
  for (const entity of entities) {
    let after: SweepPosition | undefined = { createdAt: since, seenAtThatSecond: [] };
    let first: string | undefined;
    while (after !== undefined) {
      const page: ChangedPage = await ports.source.readChangedPage(connection.realm, entity, after);
      first ??= page.readAt;
      await applyRecords(ports, {
        connectionId: connection.id,
        answer: page,
        cause: { kind: "poll", at: page.readAt },
        priority: priorities.background,
        ripples: connection.state === "loading" ? "none" : "all",
      });
      after = page.next;
    }
    if (first !== undefined) times.push(first);
  }
  return times;
}

type ChangedPage = Awaited<ReturnType<RecordSource["readChangedPage"]>>;

/** Marks what the poll calls deleted and we still hold; what is gone for us, too, is told again by every poll that overlaps. */
async function markHearsay(
  ports: PollPorts,
  connectionId: ConnectionId,
  answers: readonly Answer[],
  cause: Cause,
): Promise<number> {
  const deleted = answers.flatMap((answer) => answer.gone);
  const passedOver = answers.flatMap((answer) => answer.passedOver);
  if (deleted.length + passedOver.length === 0) return 0;
  const held = await ports.replica.present(connectionId, passedOver);
  // What we never held counts too: QuickBooks was seen to call live records deleted, and this poll may be the first to name them.
  const buried = new Set((await ports.replica.buried(connectionId, deleted)).map(recordKeyText));
  const doubtful = [...held, ...deleted.filter((key) => !buried.has(recordKeyText(key)))];
  await ports.marks.mark(
    doubtful.map((key) => ({
      connectionId,
      kind: "record",
      key: recordKeyText(key),
      priority: priorities.background,
      causes: [cause],
    })),
  );
  return doubtful.length;
}

function earliest(times: readonly string[]): string {
  return times.reduce((first, time) => (Date.parse(time) < Date.parse(first) ? time : first));
}
