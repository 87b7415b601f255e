import { partyKeyText } from "../../../domain/index.ts";
import type { Consideration } from "../consider/consider.ts";
import type { Considered } from "../consider/facts.ts";

/**
 * A member that was a card of its own leaves its organization before its family is decided: while its link stands, it is not rolled up. Such
 * a family waits, and its marks go with its leavers' decisions: these put them off, so that the family is looked at again at once. A decision
 * that somebody leaves by waits for nobody, so that no two can wait for each other. Pure.
 */
export function leaversFirst({ considered, leavers }: Pick<Consideration, "considered" | "leavers">): {
  considered: Considered[];
  /** By leaver: the tops whose decisions wait for it. */
  waitedForBy: Map<string, string[]>;
} {
  const waitedForBy = new Map<string, string[]>();
  const leaving = new Set([...leavers.values()].flat().map(partyKeyText));
  const now = considered.filter((one) => {
    const own = one.tops.map(partyKeyText);
    const others = own.some((top) => leaving.has(top)) ? [] : own.flatMap((top) => leavers.get(top) ?? []);
    for (const leaver of others.map(partyKeyText))
      waitedForBy.set(leaver, [...new Set([...(waitedForBy.get(leaver) ?? []), ...own])]);
    return others.length === 0;
  });
  return { considered: now, waitedForBy };
}
