import type { Cause } from "../domain/index.ts";
import type { NewMark } from "../sync/marks/ports.ts";

/** One row of the statement that marks: `insert ... on conflict` may not meet a key twice. */
export interface MergedMark extends Omit<NewMark, "delayMs"> {
  delayMs: number;
  causeCount: number;
}

/** How many causes a mark keeps: the first of a burst, and the latest others. */
export const keptCauses = 5;

/**
 * Joins marks of one key: greatest priority, least delay, causes in the order given. Sorted, so that transactions which mark the same
 * keys take their locks in one order.
 */
export function mergeMarks(marks: readonly NewMark[]): MergedMark[] {
  const merged = new Map<string, MergedMark>();
  for (const mark of marks) {
    const name = `${mark.connectionId} ${mark.kind} ${mark.key}`;
    const former = merged.get(name);
    const causes = [...(former?.causes ?? []), ...mark.causes];
    merged.set(name, {
      connectionId: mark.connectionId,
      kind: mark.kind,
      key: mark.key,
      priority: former && former.priority > mark.priority ? former.priority : mark.priority,
      delayMs: Math.min(former?.delayMs ?? Number.POSITIVE_INFINITY, mark.delayMs ?? 0),
      causes: firstAndLatest(causes),
      causeCount: (former?.causeCount ?? 0) + mark.causes.length,
    });
  }
  return [...merged.values()].sort(
    (a, b) => a.connectionId - b.connectionId || compareText(a.kind, b.kind) || compareText(a.key, b.key),
  );
}

/** What a mark keeps of its causes. */
export function firstAndLatest(causes: readonly Cause[]): Cause[] {
  const [first, ...others] = causes;
  return first ? [first, ...others.slice(1 - keptCauses)] : [];
}

/** By code unit, as the "C" collation orders the ASCII keys of marks. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
