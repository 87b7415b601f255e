import { type Entity, entities, type RecordCopy, type RecordKey, recordKeyText } from "../../domain/index.ts";
import type { CallBudget } from "./call-budget.ts";
import type { CompanyPages, KeptCopy, Replica, VerifiedConnection } from "./ports.ts";

/** One record that QuickBooks and our copy do not hold alike. */
export interface RecordDifference {
  key: RecordKey;
  what: "record-missing" | "record-differs" | "record-gone";
  party: string | undefined;
  /** When QuickBooks changed it; undefined for one that QuickBooks does not list. */
  changedAt: string | undefined;
  /** When QuickBooks answered. */
  seenAt: string;
}

export interface ComparedCompany {
  compared: number;
  differences: RecordDifference[];
  notCompared: { what: string; says: string }[];
}

export interface CompanyComparison {
  connection: VerifiedConnection;
  company: CompanyPages;
  replica: Replica;
}

/**
 * Every record of the company against our copy, by content and time. A copy that was read after the page was answered knows better and
 * counts as equal. What a complete list does not show is only suspected of being gone: a read by id has to confirm it.
 */
export async function compareCompany(
  of: CompanyComparison,
  budget: CallBudget,
  onProgress: (entity: Entity, compared: number) => void,
): Promise<ComparedCompany> {
  const result: ComparedCompany = { compared: 0, differences: [], notCompared: [] };
  for (const entity of entities) {
    if (of.connection.refusedEntities.includes(entity)) continue;
    await compareEntity(of, entity, budget, result);
    onProgress(entity, result.compared);
  }
  return result;
}

async function compareEntity(
  { connection, company, replica }: CompanyComparison,
  entity: Entity,
  budget: CallBudget,
  result: ComparedCompany,
): Promise<void> {
  const listed = new Set<string>();
  const pages = company.pages(entity)[Symbol.asyncIterator]();
  let firstAnswer: string | undefined;
  for (let last = false; !last; ) {
    const page = budget.take("quickbooks", 1) ? await pages.next() : undefined;
    if (page === undefined || page.done === true) {
      await pages.return?.();
      result.notCompared.push({
        what: entity,
        says: `The budget of ${budget.limit} calls was used up after ${listed.size} records of ${entity}.`,
      });
      return;
    }
    const { records, readAt } = page.value;
    firstAnswer ??= readAt;
    for (const { id } of records) listed.add(id);
    result.compared += records.length;
    const copies = await replica.copiesOf(connection.id, records);
    result.differences.push(...differencesIn(records, readAt, copies));
    last = page.value.last;
  }
  if (firstAnswer === undefined) return;
  const readBefore = new Date(firstAnswer);
  for (const { key, party } of await replica.copiesBefore(connection.id, entity, readBefore))
    if (!listed.has(key.id))
      result.differences.push({ key, what: "record-gone", party, changedAt: undefined, seenAt: firstAnswer });
}

/** Pure. */
export function differencesIn(
  records: readonly RecordCopy[],
  seenAt: string,
  copies: readonly KeptCopy[],
): RecordDifference[] {
  const kept = new Map(copies.map((copy) => [recordKeyText(copy.key), copy]));
  return records.flatMap((record): RecordDifference[] => {
    const copy = kept.get(recordKeyText(record));
    const key = { entity: record.entity, id: record.id };
    const found = { key, party: partyOf(record), changedAt: record.updatedAt, seenAt };
    if (copy && copy.readAt.getTime() > Date.parse(seenAt)) return [];
    if (!copy || copy.gone) return [{ ...found, what: "record-missing" }];
    const ahead = copy.updatedAt.getTime() - Date.parse(record.updatedAt);
    const same = ahead === 0 && Buffer.compare(copy.contentHash, record.contentHash) === 0;
    return ahead > 0 || same ? [] : [{ ...found, what: "record-differs" }];
  });
}

/** Those that our copy has not made good since QuickBooks answered. Costs no call. */
export async function stillDifferent(
  { connection, replica }: CompanyComparison,
  differences: readonly RecordDifference[],
): Promise<RecordDifference[]> {
  const copies = await replica.copiesOf(
    connection.id,
    differences.map(({ key }) => key),
  );
  const readAt = new Map(copies.map((copy) => [recordKeyText(copy.key), copy.readAt.getTime()]));
  return differences.filter(({ key, seenAt }) => (readAt.get(recordKeyText(key)) ?? 0) <= Date.parse(seenAt));
}

function partyOf(record: RecordCopy): string | undefined {
  if (record.kind === "reference") return undefined;
  const { kind, id } = record.kind === "party" ? record.party : record.document.party;
  return `${kind}:${id}`;
}
