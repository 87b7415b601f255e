import { sql } from "kysely";
import { type ConnectionId, type PartyKey, type RecordKey, recordKeyText } from "../domain/index.ts";
import type { ClaimedMark, Deferral, NewMark } from "../sync/marks/ports.ts";
import type {
  Committed,
  FormerCopy,
  ReplicaChange,
  ReplicaCommit,
  Ripple,
  RippleTarget,
} from "../sync/replica/ports.ts";
import { notReadCause, RowRefused } from "../sync/replica/ports.ts";
import { inFencedTransaction } from "./account-fence.ts";
import { saveSaid } from "./company-store.ts";
import type { Database, Executor } from "./database.ts";
import { movePollCursor } from "./intake-store.ts";
import { deferMarks, insertMarks, settleMarks } from "./mark-store.ts";
import { forgetMerges, noteSurvivors } from "./party-merge-store.ts";
import { formerDocuments, upsertDocuments } from "./replica-document-store.ts";
import {
  formerParties,
  type MovedParty,
  type ReplicaOrigin,
  raiseLastDocument,
  recountLastDocument,
  settleTops,
  upsertParties,
} from "./replica-party-store.ts";
import { formerReferences, upsertReferences } from "./replica-reference-store.ts";
import { resolveRipples } from "./replica-ripples.ts";
import { bury, keysByTable, noteSeen } from "./replica-rows.ts";
import { saveSweepProgress } from "./sweep-store.ts";

/** First key of our advisory locks on a replica; the second is the connection. Any fixed number does. */
const replicaLock = 0x7265_706c;

/**
 * One answer of QuickBooks, in one transaction: lock, former copies, decision, rows, what hangs on them, marks, cursor.
 * The advisory lock lets one commit of a connection run at a time, so that what `decide` saw still holds when it is written; commits are
 * short (a page of 1,000 rows). Marks come last: see `insertMarks`.
 */
export async function commitReplica(database: Database, commit: ReplicaCommit): Promise<Committed> {
  try {
    return await inFencedTransaction(database, commit.fence, (transaction) => commitIn(transaction, commit));
  } catch (fault) {
    const refused = sqlState(fault)?.match(/^2[23]/) ? fault : undefined;
    if (refused === undefined) throw fault;
    throw new RowRefused(`the database refuses a row of connection ${commit.connectionId} (${sqlState(refused)})`, {
      cause: refused,
    });
  }
}

/** Class 22 (a value that a type cannot hold) and 23 (a constraint): the row is at fault, not the database. */
function sqlState(fault: unknown): string | undefined {
  const code = fault instanceof Error && "code" in fault ? fault.code : undefined;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

async function commitIn(executor: Executor, commit: ReplicaCommit): Promise<Committed> {
  const { connectionId } = commit;
  await sql`select pg_advisory_xact_lock(${sql.lit(replicaLock)}, ${connectionId}::int)`.execute(executor);
  const former = await formerCopies(executor, connectionId, commit.keys);
  const change = commit.decide(former);
  const origin: ReplicaOrigin = { connectionId, readAt: commit.readAt, sweepId: commit.sweepId };
  await writeRows(executor, origin, change);
  const formerlyMerged = await noteSurvivors(executor, connectionId, change.survivors);
  await forgetMerges(executor, connectionId, change.active);
  const moved = await settleTops(executor, connectionId, familiesTouched(change, former));
  await settleLastDocuments(executor, connectionId, change, former);
  const marks = await resolveRipples(executor, connectionId, [
    ...change.ripples,
    ...moveRipples(change, moved),
    ...rippled(
      change,
      formerlyMerged.map((party) => ({ to: "party", party })),
    ),
  ]);
  await endNotRead(executor, connectionId, commit.keys);
  await moveCursors(executor, commit);
  const { fresh, deferred, settled } = split(marks, commit.settle);
  await insertMarks(executor, fresh);
  await deferMarks(executor, deferred);
  const remained = await settleMarks(executor, settled);
  const written = [...change.parties.map(({ copy }) => copy), ...change.documents, ...change.references];
  const markedAs = (kind: "record" | "party") =>
    new Set(marks.filter((mark) => mark.kind === kind).map((mark) => `${mark.connectionId} ${mark.key}`)).size;
  return {
    changed: written.map(({ entity, id }) => ({ entity, id })),
    unchanged: change.reread.length + change.outdated.length,
    gone: change.gone.length,
    marked: { record: markedAs("record"), party: markedAs("party") },
    remained,
  };
}

/**
 * A claimed mark whose record has to be read once more later is put off instead of being settled and set again: marked again, it would be
 * due at once. What is marked again for another reason is due at once all the same, since its generation moved.
 */
function split(
  marks: readonly NewMark[],
  claimed: readonly ClaimedMark[],
): { fresh: NewMark[]; deferred: Deferral[]; settled: ClaimedMark[] } {
  const later = new Map(marks.flatMap((mark) => (mark.delayMs === undefined ? [] : [[nameOf(mark), mark]])));
  const deferred = claimed.flatMap((mark): Deferral[] => {
    const found = later.get(nameOf(mark));
    return found ? [{ ...mark, waitMs: found.delayMs ?? 0, priority: found.priority, failure: undefined }] : [];
  });
  const putOff = new Set(deferred.map(nameOf));
  return {
    fresh: marks.filter((mark) => mark.delayMs === undefined || !putOff.has(nameOf(mark))),
    deferred,
    settled: claimed.filter((mark) => !putOff.has(nameOf(mark))),
  };
}

function nameOf({ connectionId, kind, key }: Pick<NewMark, "connectionId" | "kind" | "key">): string {
  return `${connectionId} ${kind} ${key}`;
}

async function formerCopies(
  executor: Executor,
  connectionId: ConnectionId,
  keys: readonly RecordKey[],
): Promise<Map<string, FormerCopy>> {
  const former = new Map<string, FormerCopy>();
  for (const [table, group] of keysByTable(keys)) {
    const read = { party: formerParties, document: formerDocuments, reference_record: formerReferences }[table];
    for (const copy of await read(executor, connectionId, group)) former.set(recordKeyText(copy.key), copy);
  }
  return former;
}

async function writeRows(executor: Executor, origin: ReplicaOrigin, change: ReplicaChange): Promise<void> {
  const { connectionId, readAt, sweepId } = origin;
  await upsertParties(executor, origin, change.parties);
  await upsertDocuments(executor, origin, change.documents);
  await upsertReferences(executor, origin, change.references);
  for (const { company } of change.references) if (company) await saveSaid(executor, connectionId, company);
  await noteSeen(executor, { connectionId, keys: change.reread, readAt, sweepId });
  await noteSeen(executor, { connectionId, keys: change.outdated, sweepId });
  await bury(executor, connectionId, change.gone);
}

/** Customers whose place in the tree may have changed: new, moved, gone, back. */
function familiesTouched(
  change: ReplicaChange,
  former: ReadonlyMap<string, FormerCopy>,
): { tops: string[]; arrived: string[] } {
  const tops = new Set<string>();
  const arrived: string[] = [];
  for (const { copy } of change.parties) {
    if (copy.entity !== "Customer") continue;
    const before = former.get(recordKeyText(copy));
    const standing = before?.kind === "party" && !before.deletedAt ? before : undefined;
    if (!standing) arrived.push(copy.id);
    if (standing && standing.parentId === copy.party.parentId && standing.isProject === copy.party.isProject) continue;
    tops.add(copy.id);
    if (before?.kind === "party") tops.add(before.topId);
  }
  for (const record of change.gone) {
    const before = former.get(recordKeyText(record));
    if (before?.kind === "party" && record.entity === "Customer") tops.add(before.topId).add(record.id);
  }
  return { tops: [...tops], arrived };
}

/**
 * The families and projects that customers left or came to are decided again, and so are those who bear the name of a customer that became
 * a top or ceased to be one: only who may have an organization competes for names.
 */
function moveRipples(change: ReplicaChange, moved: readonly MovedParty[]): Ripple[] {
  const left = new Set(
    moved.flatMap(({ former, top, formerProject, project }) => [former, top, formerProject ?? top, project ?? top]),
  );
  const names = new Set(
    moved.filter(({ id, former, top }) => (id === former) !== (id === top)).map(({ nameKey }) => nameKey),
  );
  return [
    ...rippled(
      change,
      [...left].map((id) => ({ to: "party", party: { kind: "customer", id } })),
    ),
    ...rippled(
      change,
      [...names].map((nameKey) => ({ to: "namesakes", nameKey })),
    ),
  ];
}

/** With the causes of the first ripple: whatever began all of it. Where nothing ripples, this does not. */
function rippled(change: ReplicaChange, targets: readonly RippleTarget[]): Ripple[] {
  const [first] = change.ripples;
  return first ? targets.map((target) => ({ target, priority: first.priority, causes: first.causes })) : [];
}

async function settleLastDocuments(
  executor: Executor,
  connectionId: ConnectionId,
  change: ReplicaChange,
  former: ReadonlyMap<string, FormerCopy>,
): Promise<void> {
  const raised: (PartyKey & { date: string })[] = [];
  const recounted: PartyKey[] = [];
  for (const copy of change.documents) {
    const { party, date, voided } = copy.document;
    const before = former.get(recordKeyText(copy));
    if (before?.kind === "document") recounted.push(before.party, party);
    else if (!voided) raised.push({ kind: party.kind, id: party.id, date });
  }
  for (const record of change.gone) {
    const before = former.get(recordKeyText(record));
    if (before?.kind === "document") recounted.push(before.party);
  }
  for (const { copy } of change.parties)
    if (!former.has(recordKeyText(copy))) recounted.push({ kind: copy.party.kind, id: copy.id });
  await raiseLastDocument(executor, connectionId, raised);
  await recountLastDocument(executor, connectionId, recounted);
}

/** Whatever way a record came at last: that QuickBooks did not hand it out is over. */
async function endNotRead(executor: Executor, connectionId: ConnectionId, keys: readonly RecordKey[]): Promise<void> {
  if (keys.length === 0) return;
  await sql`update incident set resolved_at = now() where connection_id = ${connectionId} and resolved_at is null
    and starts_with(cause, ${notReadCause}) and cause = any(${keys.map((key) => notReadCause + recordKeyText(key))}::text[])`.execute(
    executor,
  );
}

async function moveCursors(executor: Executor, { connectionId, readAt, moves }: ReplicaCommit): Promise<void> {
  if (moves.poll) await movePollCursor(executor, connectionId, moves.poll);
  if (moves.sweep) await saveSweepProgress(executor, { ...moves.sweep, readAt });
}
