import type { SettleStore } from "../sync/reconcile/ports.ts";
import { inFencedTransaction } from "./account-fence.ts";
import { dropCards, putCards } from "./card-store.ts";
import type { Database } from "./database.ts";
import { goneOrganizations, type NameFolding, patchOrganizations, putMembers } from "./directory-store.ts";
import { markWantersOf } from "./freed-names.ts";
import { appendJournal } from "./journal-store.ts";
import { dropLinks, forgetParties, putDispositions, putLinks } from "./link-store.ts";
import { deferMarks, settleMarks } from "./mark-store.ts";
import { noteMergedCards } from "./party-merge-store.ts";
import { advanceEffects, changeEffects } from "./plan-lookup-store.ts";
import { markRecordsDue } from "./records-due.ts";
import { settleRestored } from "./restore-store.ts";
import { wakeWaiters } from "./waiter-store.ts";
import { closeWrites } from "./write-store.ts";
import { putRestores } from "./written-value-store.ts";

/** Everything that decisions made true, in one fenced transaction. Marks come last: whoever marks again meanwhile waits for nobody. */
export function createSettleStore(database: Database, fold: NameFolding): SettleStore {
  return {
    commit: ({ subdomain, epoch }, settlement) =>
      inFencedTransaction(database, { subdomain, epoch }, async (executor) => {
        await closeWrites(executor, settlement.closed);
        await dropLinks(executor, settlement.unlinked);
        await noteMergedCards(executor, settlement.merged);
        await putLinks(executor, settlement.links);
        await putDispositions(executor, settlement.standings);
        await forgetParties(executor, settlement.forgotten);
        await putCards(executor, subdomain, settlement.cards);
        await dropCards(executor, subdomain, settlement.droppedCards);
        if (settlement.organizations.length > 0)
          await patchOrganizations(executor, fold, subdomain, settlement.organizations);
        await goneOrganizations(executor, subdomain, settlement.goneOrganizations);
        await putMembers(executor, subdomain, settlement.members);
        await putRestores(executor, subdomain, settlement.restores);
        await wakeWaiters(executor, subdomain, settlement.woken);
        await markWantersOf(executor, fold, subdomain, settlement.freedNames);
        await appendJournal(executor, settlement.journal);
        // Late: whoever ends a plan holds its row until the commit.
        await advanceEffects(executor, settlement);
        await changeEffects(executor, settlement.effects);
        await settleRestored(executor, settlement.restored);
        await markRecordsDue(executor, settlement.settled, settlement.unlinked);
        await settleMarks(executor, settlement.settled);
        await deferMarks(executor, settlement.deferred);
      }),
  };
}
