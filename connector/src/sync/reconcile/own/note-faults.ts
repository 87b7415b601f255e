import { partyKeyText } from "../../../domain/index.ts";
import type { IncidentStore } from "../../../oversight/incidents/index.ts";
import type { Considered } from "../consider/facts.ts";
import type { OwnedConnection } from "../ports.ts";

/** Tells of rows that gave no value, once for each field: what failed, for whom first, and how to see it. */
export async function noteFaults(
  { incidents }: { incidents: Pick<IncidentStore, "note"> },
  connection: OwnedConnection,
  considered: readonly Considered[],
): Promise<void> {
  const failed = new Map<string, { says: string; party: string; cards: number }>();
  for (const { decision, tops } of considered) {
    const faults = "facts" in decision ? decision.facts.faults : [];
    for (const { key, says } of faults) {
      const known = failed.get(key);
      const party = tops[0] ? partyKeyText(tops[0]) : "";
      failed.set(key, known ? { ...known, cards: known.cards + 1 } : { says, party, cards: 1 });
    }
  }
  for (const [key, { says, party, cards }] of failed)
    await incidents.note({
      cause: `mapping-row:${key}`,
      says: `The mapping gives no value for ${key}: ${says}. The field stays as it is where this happens. To see it: ml-connector mapping preview ${party} --connection ${connection.id}`,
      connectionId: connection.id,
      affected: cards,
    });
}
