// Rows of the journal that tell who may do what. They belong to no connection, and no search of a connection finds them.
import type { AccessAction, AccessFilter, AccessRow } from "../access/ports.ts";
import type { Database, Executor } from "./database.ts";

type Grant = { role: string; connectionId: number | undefined };

export interface AccessChange {
  action: AccessAction;
  who: string;
  /** `operator 3`, `API key 5`: names and addresses may have to be erased, numbers not. */
  of: string;
  before?: Record<string, string>;
  after?: Record<string, string>;
}

/** In the transaction that makes it true. */
export async function journalAccess(
  executor: Executor,
  { action, who, of, before, after }: AccessChange,
): Promise<void> {
  await executor
    .insertInto("journal")
    .values({
      connection_id: null,
      action,
      who,
      outcome: of,
      before: JSON.stringify(before ?? {}),
      after: JSON.stringify(after ?? {}),
    })
    .execute();
}

export async function searchAccess(database: Database, { before, limit }: AccessFilter): Promise<AccessRow[]> {
  let query = database
    .selectFrom("journal")
    .select(["id", "at", "action", "who", "outcome", "before", "after"])
    .where("connection_id", "is", null)
    .orderBy("id", "desc")
    .limit(limit);
  if (before !== undefined) query = query.where("id", "<", before);
  return (await query.execute()).map(({ id, at, action, who, outcome, ...changed }) => ({
    id,
    at,
    action: action as AccessAction, // only journalAccess and its migration write such rows
    who,
    of: outcome,
    before: changed.before as Record<string, string>, // texts, by the same
    after: changed.after as Record<string, string>,
  }));
}

/** In words, as people read it years later. */
export function grantWords(grants: readonly Grant[]): string {
  const words = grants.map(
    ({ role, connectionId }) =>
      `${role} on ${connectionId === undefined ? "every connection" : `connection ${connectionId}`}`,
  );
  return words.length === 0 ? "nothing" : words.join(", ");
}
