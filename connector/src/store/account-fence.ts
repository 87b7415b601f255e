import { sql } from "kysely";
import type { Fence } from "../sync/marks/ports.ts";
import { LostOwnership } from "../sync/reconcile/ports.ts";
import type { Database, Executor } from "./database.ts";
import { inTransaction } from "./transaction.ts";

/**
 * First statement of a fenced transaction: the account keeps this epoch until it ends. `for no key update`, so that readers and the
 * foreign keys of new connections pass; `for update` was measured to starve behind receipts.
 */
export async function holdOwnership(executor: Executor, fence: Fence): Promise<void> {
  const { rows } = await sql<{ epoch: number }>`
    select epoch from account where subdomain = ${fence.subdomain} for no key update`.execute(executor);
  if (rows[0]?.epoch !== fence.epoch) throw lostOwnership(fence);
}

export function lostOwnership({ subdomain, epoch }: Fence): LostOwnership {
  return new LostOwnership(`epoch ${epoch} of ${subdomain} is over: another process owns the account`);
}

/** Runs `work` in a transaction that holds the ownership, where there is one to hold. */
export function inFencedTransaction<Result>(
  database: Database,
  fence: Fence | undefined,
  work: (executor: Executor) => Promise<Result>,
): Promise<Result> {
  return inTransaction(database, async (transaction) => {
    if (fence) await holdOwnership(transaction, fence);
    return work(transaction);
  });
}
