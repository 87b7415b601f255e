import { partyKeyText } from "../../../domain/index.ts";
import type { JournalStore } from "../../../oversight/journal/index.ts";
import type { Considered } from "../consider/facts.ts";
import type { OwnedConnection } from "../ports.ts";
import { deletedInZendesk } from "../settle/journal-rows.ts";

const dayMs = 24 * 60 * 60 * 1000;
/** Rows of one party that are looked through for an earlier deletion. */
const rowsLookedAt = 50;

/**
 * Which of these cards, whose organization somebody deleted in Zendesk, are made anew without asking anybody: where the operator wants that,
 * and at most once in 24 hours, for somebody who deletes it again means it. The others wait for a person.
 */
export async function recreated(
  ports: { journal: Pick<JournalStore, "search">; now(): Date },
  connection: OwnedConnection,
  considered: readonly Considered[],
): Promise<Set<Considered>> {
  const anew = new Set<Considered>();
  if (connection.settings.deletedInZendesk !== "recreate") return anew;
  const since = ports.now().getTime() - dayMs;
  for (const one of considered) {
    if (one.decision.kind !== "gone") continue;
    const again = await Promise.all(
      one.decision.families.map(async ({ top }) => {
        const rows = await ports.journal.search({
          connectionId: connection.id,
          party: partyKeyText(top),
          limit: rowsLookedAt,
        });
        return rows.some(({ at, outcome }) => outcome === deletedInZendesk && at.getTime() > since);
      }),
    );
    if (!again.includes(true)) anew.add(one);
  }
  return anew;
}
