import type { Database, Executor } from "./database.ts";

/** SQLSTATE of a transaction that PostgreSQL ended because two waited for each other. */
const deadlockDetected = "40P01";
const mostTries = 4;

/**
 * Runs `work` in a transaction, and once more where PostgreSQL had to end it because it and another one waited for each other: nothing of it
 * has happened then. Marks are made in sorted order within a statement; a settlement has several such statements, and others mark the same
 * keys meanwhile. `work` may run more than once: it does nothing but ask the database.
 */
export async function inTransaction<Result>(
  database: Database,
  work: (executor: Executor) => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await database.transaction().execute(work);
    } catch (fault) {
      // whatever was thrown may have a code
      if (tries === mostTries || (fault as { code?: unknown }).code !== deadlockDetected) throw fault;
    }
  }
}
