import { sql } from "kysely";
import type { Fence } from "../sync/marks/ports.ts";
import { LostOwnership } from "../sync/reconcile/ports.ts";
import type { Database, Executor } from "./database.ts";
import { inTransaction } from "./transaction.ts";

/**
 * Last statement of a fenced transaction: from here to its commit the account keeps this epoch. Whoever takes the account waits for that commit,
 * and sees all of it; after that this finds another epoch, and nothing is committed. `for no key update`, so that readers and the foreign keys
 * of new connections pass; `for update` was measured to starve behind receipts.
 */
async function holdOwnership(executor: Executor, fence: Fence): Promise<void> {
  const { rows } = await sql<{ epoch: number }>`
    select epoch from account where subdomain = ${fence.subdomain} for no key update`.execute(executor);
  if (rows[0]?.epoch !== fence.epoch) throw lostOwnership(fence);
}

/** First statement: a zombie goes before it runs into the rows of its successor. */
async function lookAtOwnership(executor: Executor, fence: Fence): Promise<void> {
  const { rows } = await sql<{ epoch: number }>`
    select epoch from account where subdomain = ${fence.subdomain}`.execute(executor);
  if (rows[0]?.epoch !== fence.epoch) throw lostOwnership(fence);
}

export function lostOwnership({ subdomain, epoch }: Fence): LostOwnership {
  return new LostOwnership(`epoch ${epoch} of ${subdomain} is over: another process owns the account`);
}

/**
 * Runs `work` in a transaction that commits only under the ownership, where there is one. The row is held for the commit alone: held from the
 * start, it made the settlements of a first load and of live changes wait for each other (docs/decisions/0004).
 */
export function inFencedTransaction<Result>(
  database: Database,
  fence: Fence | undefined,
  work: (executor: Executor) => Promise<Result>,
): Promise<Result> {
  return inTransaction(database, async (transaction) => {
    if (fence) await lookAtOwnership(transaction, fence);
    const result = await work(transaction);
    if (fence) await holdOwnership(transaction, fence);
    return result;
  });
}
