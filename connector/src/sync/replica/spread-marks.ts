import type { PartyKey } from "../../domain/index.ts";
import { partyKeyText } from "../../domain/index.ts";
import type { MarkStore } from "../marks/index.ts";
import type { Grouping, ReplicaReader } from "./ports.ts";

const sliceSize = 1000;

/**
 * Turns the mark on everyone of each connection into marks on all its tops and vendors, slice by slice: no transaction spans a whole
 * table, and receipts never wait for one. The mark on everyone goes last, so that a crash on the way begins anew. Cheap where there is
 * none: one query. Returns how many parties were marked.
 */
export async function spreadMarks(
  ports: {
    marks: Pick<MarkStore, "claimEveryone" | "mark" | "settle">;
    replica: Pick<ReplicaReader, "allTops">;
  },
  connections: readonly Grouping[],
  onProgress: (marked: number) => void = () => undefined,
): Promise<number> {
  let marked = 0;
  const groupings = new Map(connections.map((of) => [of.id, of]));
  for (const everyone of await ports.marks.claimEveryone([...groupings.keys()])) {
    const { connectionId, priority, causes } = everyone;
    const of = groupings.get(connectionId) ?? { id: connectionId };
    let after: PartyKey | undefined;
    for (;;) {
      const tops: PartyKey[] = await ports.replica.allTops(of, after, sliceSize);
      await ports.marks.mark(
        tops.map((top) => ({ connectionId, kind: "party", key: partyKeyText(top), priority, causes })),
      );
      marked += tops.length;
      onProgress(marked);
      after = tops.at(-1);
      if (tops.length < sliceSize || after === undefined) break;
    }
    await ports.marks.settle([everyone], undefined);
  }
  return marked;
}
