import type { FieldExplained } from "@ml-connector/contract";
import type { ConnectionId, FieldValue, FieldValues, OrganizationId } from "../domain/index.ts";
import type { JournalStore, RecordedEntry } from "../oversight/journal/index.ts";
import { requestIdViews } from "./views.ts";

const pageRows = 200;
const mostPages = 10;

/** For each key the newest journal row that changed it. Looks back 2,000 rows of the organization: beyond, a field counts as never changed. */
export async function lastChanges(
  journal: JournalStore,
  asked: { connectionId: ConnectionId; organizationId: OrganizationId; keys: readonly string[] },
): Promise<Map<string, RecordedEntry>> {
  const { connectionId, organizationId } = asked;
  const missing = new Set(asked.keys);
  const found = new Map<string, RecordedEntry>();
  let before: number | undefined;
  for (let page = 0; page < mostPages && missing.size > 0; page += 1) {
    const rows = await journal.search({
      connectionId,
      organizationId,
      ...(before === undefined ? {} : { before }),
      limit: pageRows,
    });
    for (const row of rows)
      for (const key of missing)
        if (Object.hasOwn(row.after, key)) {
          found.set(key, row);
          missing.delete(key);
        }
    before = rows.at(-1)?.id;
    if (before === undefined || rows.length < pageRows) break;
  }
  return found;
}

/** One line a field, in the order of the titles. */
export function explainFields(given: {
  titles: ReadonlyMap<string, string>;
  now: FieldValues;
  wanted: FieldValues;
  changes: ReadonlyMap<string, RecordedEntry>;
}): FieldExplained[] {
  return [...given.titles].map(([key, title]) => {
    const now = given.now[key] ?? null;
    const wanted = given.wanted[key] ?? null;
    return { key, title, now, wanted, asWanted: isSame(now, wanted), changed: changeOf(key, given.changes.get(key)) };
  });
}

/** An unchecked box reads as false or as nothing. */
function isSame(one: FieldValue, other: FieldValue): boolean {
  return one === other || (isUnset(one) && isUnset(other));
}

function isUnset(value: FieldValue): boolean {
  return value === null || value === false;
}

function changeOf(key: string, row: RecordedEntry | undefined): FieldExplained["changed"] {
  if (!row) return null;
  const { id, at, who, before, causes, requestIds } = row;
  return {
    entryId: id,
    at: at.toISOString(),
    who,
    before: before[key] ?? null,
    causes,
    requestIds: requestIdViews(requestIds),
  };
}
