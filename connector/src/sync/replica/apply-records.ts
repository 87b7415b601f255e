import {
  type Cause,
  type ConnectionId,
  type GoneRecord,
  type Priority,
  type RecordCopy,
  type RecordKey,
  type RecordsAnswer,
  recordKeyText,
} from "../../domain/index.ts";
import type { IncidentStore } from "../../oversight/incidents/ports.ts";
import type { Fence, Mark } from "../marks/index.ts";
import { decideChange, type Marking } from "./decide-change.ts";
import { type Committed, type CursorMoves, type ReplicaStore, RowRefused, unreadableCause } from "./ports.ts";

/** Of one answer: past so many it is one fault, and each of them says it. */
const mostIncidents = 20;

export interface ApplyPorts {
  replica: Pick<ReplicaStore, "commit">;
  incidents: Pick<IncidentStore, "note">;
}

export interface ApplyRequest {
  connectionId: ConnectionId;
  answer: RecordsAnswer;
  /** Confirmed by a read by id; hearsay only marks. */
  gone?: readonly GoneRecord[];
  /** Claimed record marks that this answer answers: they are settled with it, and what it changes inherits their priority and causes. */
  marks?: readonly Mark[];
  /** Of what changes without having been asked for by a mark. */
  cause: Cause;
  priority: Priority;
  /** `none` during a first load: its end marks everyone. */
  ripples: "all" | "none";
  fence?: Fence;
  sweepId?: number;
  moves?: CursorMoves;
}

export interface Applied extends Committed {
  /** Records that the database refuses: noted as an incident, left out, and in nobody's way. */
  refused: RecordKey[];
}

/**
 * Takes one answer of QuickBooks over into the replica: rows, the marks they cause, the settled record marks and the cursor in one
 * transaction, never backwards. Where the database refuses a row the answer is halved until the bad one stands alone; cursors move and
 * marks are settled with the last part, so that a crash between parts repeats the question.
 */
export async function applyRecords(ports: ApplyPorts, request: ApplyRequest): Promise<Applied> {
  await noteUnreadable(ports, request);
  const whole: Part = { records: request.answer.records, gone: request.gone ?? [], last: true };
  return applyPart(ports, request, whole);
}

/** Each is an incident of its own, named once however often it is met; the sweep that reads them all again ends it. */
async function noteUnreadable(ports: ApplyPorts, { connectionId, answer }: ApplyRequest): Promise<void> {
  const unreadable = answer.unreadable ?? [];
  for (const { which, because } of unreadable.slice(0, mostIncidents))
    await ports.incidents.note({
      cause: `${unreadableCause}${which}`,
      says:
        because.kind === "damaged"
          ? `QuickBooks cannot hand out ${which} (error 4002). It is passed over; open it in QuickBooks and correct it, most often its e-mail address.`
          : `QuickBooks sends ${which} in a form that ml-connector cannot read (${because.where}). It is passed over until it changes.`,
      connectionId,
    });
}

interface Part {
  records: readonly RecordCopy[];
  gone: readonly GoneRecord[];
  /** Settles the marks and moves the cursor. */
  last: boolean;
}

async function applyPart(ports: ApplyPorts, request: ApplyRequest, part: Part): Promise<Applied> {
  try {
    return { ...(await commitPart(ports, request, part)), refused: [] };
  } catch (fault) {
    if (!(fault instanceof RowRefused) || part.records.length === 0) throw fault;
    const [only] = part.records;
    if (part.records.length > 1 || only === undefined) {
      const half = Math.ceil(part.records.length / 2);
      const first = await applyPart(ports, request, { records: part.records.slice(0, half), gone: [], last: false });
      return joined(first, await applyPart(ports, request, { ...part, records: part.records.slice(half) }));
    }
    await ports.incidents.note({
      cause: "record-not-kept",
      says: `${recordKeyText(only)} of QuickBooks holds a value that the database cannot keep; it is left out until it changes.`,
      connectionId: request.connectionId,
    });
    const rest = await applyPart(ports, request, { ...part, records: [] });
    return { ...rest, refused: [{ entity: only.entity, id: only.id }, ...rest.refused] };
  }
}

function commitPart(ports: ApplyPorts, request: ApplyRequest, part: Part): Promise<Committed> {
  const { readAt } = request.answer;
  const markingOf = request.ripples === "all" ? markingsOf(request) : undefined;
  return ports.replica.commit({
    connectionId: request.connectionId,
    fence: request.fence,
    keys: [...part.records, ...part.gone].map(({ entity, id }) => ({ entity, id })),
    decide: (former) => decideChange({ records: part.records, gone: part.gone, readAt, markingOf }, former),
    readAt,
    sweepId: request.sweepId,
    settle: part.last ? (request.marks ?? []) : [],
    moves: part.last ? (request.moves ?? {}) : {},
  });
}

/** What began a mark and what last renewed it go along, so that a card's chain of causes reaches back to the webhook. */
const inheritedCauses = 2;

function markingsOf(request: ApplyRequest): (key: RecordKey) => Marking {
  const marks = new Map((request.marks ?? []).map((mark) => [mark.key, mark]));
  return (key) => {
    const mark = marks.get(recordKeyText(key));
    if (!mark) return { priority: request.priority, causes: [request.cause] };
    const merges = mark.causes.flatMap((cause) => (cause.kind === "webhook" ? (cause.mergedInto ?? []) : []));
    return { priority: mark.priority, causes: mark.causes.slice(-inheritedCauses), mergedInto: merges.at(-1) };
  };
}

function joined(one: Applied, other: Applied): Applied {
  return {
    changed: [...one.changed, ...other.changed],
    unchanged: one.unchanged + other.unchanged,
    gone: one.gone + other.gone,
    marked: { record: one.marked.record + other.marked.record, party: one.marked.party + other.marked.party },
    remained: [...one.remained, ...other.remained],
    refused: [...one.refused, ...other.refused],
  };
}
