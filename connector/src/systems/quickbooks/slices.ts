// A page that one damaged record spoils (4002: QuickBooks-V3-DotNET-SDK issue 111, Java-SDK issue 47) is read in halves, down to that one.
import { type Entity, type JsonObject, RemoteFailure, type UnreadableRecord } from "../../domain/index.ts";

/** Damaged records that one page may have: past them the page is given up, for the calls that it would cost. */
const mostDamaged = 50;

export interface Slice {
  /** In their order; undefined: here stands a damaged one. */
  entries: (JsonObject | undefined)[];
  /** The earliest time of the answers; undefined where none was given. */
  time: string | undefined;
}

export type AskRows = (startPosition: number, most: number) => Promise<{ rows: JsonObject[]; time: string }>;

export function isDamaged(fault: unknown): boolean {
  return fault instanceof RemoteFailure && fault.code === "4002";
}

/** Rows from a position on. Costs one call, and about 2 log2(most) more for each damaged record among them. */
export async function readSlice(ask: AskRows, startPosition: number, most: number): Promise<Slice> {
  let damaged = 0;
  const read = async (start: number, size: number): Promise<Slice> => {
    try {
      const { rows, time } = await ask(start, size);
      return { entries: rows, time };
    } catch (fault) {
      if (!isDamaged(fault)) throw fault;
      if (size === 1) {
        damaged += 1;
        if (damaged > mostDamaged) throw fault;
        return { entries: [undefined], time: undefined };
      }
      const half = Math.ceil(size / 2);
      const first = await read(start, half);
      if (first.entries.length < half) return first;
      const second = await read(start + half, size - half);
      return { entries: [...first.entries, ...second.entries], time: earlier(first.time, second.time) };
    }
  };
  return read(startPosition, most);
}

/** The damaged ones, each named by its neighbour: QuickBooks does not hand out their ids. */
export function damagedIn(entity: Entity, entries: Slice["entries"]): UnreadableRecord[] {
  return entries.flatMap((entry, index) => {
    if (entry !== undefined) return [];
    const before = entries.slice(0, index).findLast((other) => other !== undefined)?.["Id"];
    const which =
      typeof before === "string"
        ? `the ${entity} listed right after ${entity} ${before}`
        : `the first ${entity} listed`;
    return [{ entity, id: undefined, which, because: { kind: "damaged" } as const }];
  });
}

function earlier(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Date.parse(other) < Date.parse(one) ? other : one;
}
