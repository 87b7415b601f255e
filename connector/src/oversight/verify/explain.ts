// Why something differs, in one sentence. Pure: everything that is known is given.
import type { LocalDate } from "../../domain/index.ts";
import type { RecordDifference } from "./compare-company.ts";
import type { CardState, FieldDifference, MarkFacts, Reason, VerifiedConnection } from "./ports.ts";

export interface Explanation {
  reason: Reason;
  says: string;
}

export function explainRecord(
  difference: RecordDifference,
  facts: { mark: MarkFacts | undefined; connection: VerifiedConnection },
): Explanation {
  const { mark, connection } = facts;
  if (mark) return explainMark(mark);
  const { changedAt } = difference;
  const { readUpTo } = connection;
  if (changedAt !== undefined && (readUpTo === undefined || Date.parse(changedAt) > readUpTo.getTime()))
    return {
      reason: "not-polled-yet",
      says: `QuickBooks changed it at ${changedAt}; changes have been read up to ${readUpTo?.toISOString() ?? "never"}.`,
    };
  return unexplained(
    difference.what === "record-gone"
      ? "QuickBooks lists it no more, and no event or poll has told us."
      : "QuickBooks holds it otherwise than our copy, and no event or poll has told us.",
  );
}

export interface CardFacts {
  connection: VerifiedConnection;
  /** The most urgent mark of its parties, or the mark on everyone. */
  mark: MarkFacts | undefined;
  beingWritten: boolean;
  flipsOn: LocalDate | undefined;
  fields: readonly FieldDifference[];
}

export type DifferingCard = Exclude<CardState, { kind: "as-wanted" | "at-rest" }>;

export function explainCard(state: DifferingCard, facts: CardFacts): Explanation {
  if (state.kind === "parked") return { reason: "parked", says: state.says };
  if (facts.connection.state === "planned")
    return { reason: "not-approved", says: "The plan waits for approval: nothing is written before." };
  if (state.heldBack)
    return {
      reason: "not-approved",
      says: "The first load was tried or stopped, and has not come to it: nothing is written before it goes on.",
    };
  if (facts.beingWritten) return { reason: "being-written", says: "A write of it is under way." };
  if (facts.mark) return explainMark(facts.mark);
  if (state.kind === "gone") return { reason: "edited-in-zendesk", says: "Somebody deleted it in Zendesk." };
  if (facts.fields.some(({ found, remembered }) => found !== remembered))
    return { reason: "edited-in-zendesk", says: "Somebody changed it in Zendesk after we wrote or read it last." };
  const { flipsOn, connection } = facts;
  if (flipsOn !== undefined && flipsOn <= connection.today)
    return {
      reason: "day-turned",
      says: `Its figures change with the day ${flipsOn}; the clock has not come to it yet.`,
    };
  return unexplained("Nothing has marked it, and no write of it is under way.");
}

function explainMark({ waiting, attempts, dueAt, firstAt }: MarkFacts): Explanation {
  if (!waiting)
    return { reason: "due", says: `It is marked since ${firstAt.toISOString()} and about to be looked at.` };
  const why = attempts > 0 ? `after ${attempts} failed tries` : "so that its changes fold";
  return {
    reason: "put-off",
    says: `It is marked since ${firstAt.toISOString()} and put off until ${dueAt.toISOString()} ${why}.`,
  };
}

function unexplained(says: string): Explanation {
  return { reason: "unexplained", says };
}
