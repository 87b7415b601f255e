import type { EffectCounts } from "@ml-connector/contract";
import { type ConnectionId, type PartyKey, partyKeyText } from "../domain/index.ts";
import type { JournalEntry, JournalStore } from "../oversight/journal/index.ts";

const pageRows = 500;

/** The newest row of the connection's journal: where a command's own effects begin. 0: it has none. */
export async function newestRow(journal: JournalStore, connectionId: ConnectionId): Promise<number> {
  const [newest] = await journal.search({ connectionId, limit: 1 });
  return newest?.id ?? 0;
}

/** What the journal gained since a row, for one party or for all. A service that works at the same time adds to it. */
export async function countEffects(
  journal: JournalStore,
  connectionId: ConnectionId,
  since: { row: number; party: PartyKey | undefined },
): Promise<EffectCounts> {
  const counts = noEffects();
  let before: number | undefined;
  for (;;) {
    const rows = await journal.search({
      connectionId,
      ...(since.party ? { party: partyKeyText(since.party) } : {}),
      ...(before === undefined ? {} : { before }),
      limit: pageRows,
    });
    for (const row of rows) if (row.id > since.row) addEffect(counts, row.action);
    before = rows.at(-1)?.id;
    if (before === undefined || before <= since.row || rows.length < pageRows) return counts;
  }
}

function noEffects(): EffectCounts {
  return { created: 0, updated: 0, linked: 0, unlinked: 0, cleared: 0, membersAdded: 0, parked: 0 };
}

/** Answers, approvals and replays are what people did, not what came of it. */
function addEffect(counts: EffectCounts, action: JournalEntry["action"]): void {
  switch (action) {
    case "created":
    case "updated":
    case "linked":
    case "unlinked":
    case "cleared":
    case "parked":
      counts[action] += 1;
      return;
    case "member-added":
      counts.membersAdded += 1;
      return;
    case "answered":
    case "answer-undone":
    case "ignore-rule-added":
    case "ignore-rule-ended":
    case "several-clients-said":
    case "several-clients-undone":
    case "not-duplicates-said":
    case "approved":
    case "replayed":
    // Beside the organizations, which alone are counted here.
    case "record-written":
    case "member-removed":
    case "record-removed":
    case "ticket-field-written":
    case "restored":
    case "removed":
      return;
  }
}
