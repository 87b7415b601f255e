import type { RecordCopy } from "../../domain/index.ts";
import type { FormerCopy } from "./ports.ts";

/** new: never seen, or back from the dead; changed; touched: only times moved; reread: nothing moved; older: ours is newer. */
export type Newness = "new" | "changed" | "touched" | "reread" | "older";

/**
 * Compares by (LastUpdatedTime, SyncToken as a number, time of the answer). LastUpdatedTime has one-second resolution and moves without
 * SyncToken when a transaction is posted to a party, so neither alone tells; two edits within one second are told apart by the answer.
 * A tombstone yields only to an answer given after it: a page that was under way when the record went cannot resurrect it.
 */
export function newness(copy: RecordCopy, readAt: string, former: FormerCopy | undefined): Newness {
  if (!former) return "new";
  const read = Date.parse(readAt) - former.readAt.getTime();
  if (former.deletedAt) return Date.parse(readAt) > former.deletedAt.getTime() ? "new" : "older";
  const sameContent = Buffer.compare(copy.contentHash, former.contentHash) === 0;
  const updated = Date.parse(copy.updatedAt) - former.updatedAt.getTime() || copy.syncToken - former.syncToken;
  if (updated > 0) return sameContent ? "touched" : "changed";
  if (updated < 0) return "older";
  if (sameContent) return read >= 0 ? "reread" : "older";
  return read > 0 ? "changed" : "older";
}
