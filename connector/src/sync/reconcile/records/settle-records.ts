import type { ConnectionId } from "../../../domain/index.ts";
import { backOffMs, wholeWaitMs } from "../deliver/back-off.ts";
import type { RecordChanges } from "./compare-records.ts";
import { type JobOutcome, unknownContent } from "./deliver-records.ts";
import type { DueParty, RecordSettlement } from "./ports.ts";
import { recordEntry } from "./record-journal.ts";

/** What becomes true together when the jobs of one batch have ended. Pure but for `random`. */
export function settleRecords(of: {
  connectionId: ConnectionId;
  due: readonly DueParty[];
  changes: RecordChanges;
  outcomes: readonly JobOutcome[];
  maxAttempts: number;
  random: () => number;
}): RecordSettlement {
  const settlement: RecordSettlement = {
    connectionId: of.connectionId,
    closed: of.outcomes.map(({ closed }) => closed),
    kept: [...of.changes.moved],
    gone: [],
    settled: [],
    deferred: [],
    due: [],
    journal: [],
  };
  const dueBy = new Map(of.due.map((party) => [party.party, party]));
  const beforeOf = new Map([
    ...of.changes.upserts.map(({ kept, before }) => [kept.externalId, before] as const),
    ...of.changes.deletes.map(({ externalId, content }) => [externalId, content] as const),
  ]);
  const keptBy = new Map(of.changes.upserts.map(({ kept }) => [kept.externalId, kept]));
  const waits = new Map<string, { waitMs: number; failed: boolean }>();
  for (const { items, failure, requestId } of of.outcomes)
    for (const { item, kind } of items) {
      const kept = keptBy.get(item.externalId);
      if (kind === "as-wanted") {
        if (kept) settlement.kept.push(kept);
        else settlement.gone.push(item);
        settlement.journal.push(
          recordEntry({
            connectionId: of.connectionId,
            party: item.party,
            externalId: item.externalId,
            causes: dueBy.get(item.party)?.causes ?? [],
            before: beforeOf.get(item.externalId),
            after: kept?.content,
            requestId,
          }),
        );
        continue;
      }
      if (kept && kind !== "not-sent") settlement.kept.push(unknownContent(kept));
      const attempts = dueBy.get(item.party)?.attempts ?? 0;
      // An account that is not to be asked is nobody's fault; what Zendesk refuses is the record's.
      const isWhole = failure?.action === "wait";
      const waitMs = isWhole ? wholeWaitMs(failure) : backOffMs(attempts, of.random);
      waits.set(item.party, { waitMs, failed: !isWhole });
    }
  for (const party of of.due) {
    const wait = waits.get(party.party);
    // After so many tries it waits for the next change of its card: an incident tells of it.
    if (wait === undefined || (wait.failed && party.attempts + 1 >= of.maxAttempts)) settlement.settled.push(party);
    else settlement.deferred.push({ party: party.party, ...wait });
  }
  return settlement;
}

/** How many records Zendesk refused, by its code. */
export function refusals(outcomes: readonly JobOutcome[]): Map<string, number> {
  const codes = new Map<string, number>();
  for (const { items } of outcomes)
    for (const { kind, code } of items) if (kind === "refused") codes.set(code ?? "", (codes.get(code ?? "") ?? 0) + 1);
  return codes;
}
