import type { Doc } from "./books.ts";
import type { Card } from "./check-cards.ts";
import type { Findings } from "./findings.ts";
import type { Input } from "./input.ts";
import { isJson, type Json, listAt, textAt } from "./json.ts";

// Invoices and bills as records of custom objects: those of every linked party that are open, or settled and lately changed.

const objects: Readonly<Record<string, string>> = { Invoice: "qbo_invoice", Bill: "qbo_bill" };
const ours = new Set(Object.values(objects));
const dayMs = 86_400_000;

export function checkRecords(cards: readonly Card[], input: Input, findings: Findings): void {
  const held = listAt(input.account, "custom_object_records").filter((record) => isOurs(record));
  const left = new Map(held.map((record) => [textAt(record, "external_id") ?? textAt(record, "id"), record]));
  for (const card of input.settings.records === "objects" ? cards : [])
    for (const unit of card.units)
      for (const member of unit.members)
        for (const doc of member.documents) {
          if (!isKept(doc, input)) continue;
          const key = `qbo:${input.realm}:${doc.entity.toLowerCase()}:${doc.id}`;
          const found = left.get(key);
          left.delete(key);
          const expected = recordOf(doc, member, input);
          compareRecord(found, { ...expected, organization: String(card.organizationId) }, (what, wanted, shown) =>
            findings.add("different", {
              organizationId: card.organizationId,
              what: `${key} ${what}`,
              expected: wanted,
              found: shown,
            }),
          );
        }
  for (const [key, record] of left)
    findings.add("different", { what: `record ${String(key)}`, expected: "none", found: record["name"] });
  checkOthers(input, findings);
}

const isOurs = (record: Json): boolean => ours.has(textAt(record, "custom_object_key") ?? "");

function isKept(doc: Doc, { settings, today, zone }: Input): boolean {
  if (!(doc.entity in objects) || doc.voided) return false;
  if (doc.balance.greaterThan(0)) return true;
  const changed = new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(new Date(doc.updatedAt));
  return (Date.parse(today) - Date.parse(changed)) / dayMs <= settings.recordDays;
}

function recordOf(doc: Doc, member: { name: string; currency: string }, input: Input): Record<string, unknown> {
  const daysLate = doc.due === undefined ? 0 : (Date.parse(input.today) - Date.parse(doc.due)) / dayMs;
  const status = doc.balance.isZero()
    ? "paid"
    : daysLate > input.settings.graceDays
      ? "overdue"
      : doc.balance.lessThan(doc.total)
        ? "partly_paid"
        : "open";
  return {
    name: `${doc.entity} ${doc.number ?? `#${doc.id}`}`,
    party: member.name,
    status: `qbo_document_${status}`,
    total: doc.total.toNumber(),
    balance: doc.balance.toNumber(),
    currency: doc.currency ?? member.currency,
    date: doc.date,
    due_date: doc.due ?? null,
    link: `${input.appUrl}/app/${doc.entity.toLowerCase()}?txnId=${doc.id}`,
  };
}

function compareRecord(
  found: Json | undefined,
  expected: Readonly<Record<string, unknown>>,
  differs: (what: string, expected: unknown, found: unknown) => void,
): void {
  if (!found) {
    differs("as a record", expected["name"], "none");
    return;
  }
  const values = isJson(found["custom_object_fields"]) ? found["custom_object_fields"] : {};
  for (const [key, wanted] of Object.entries(expected)) {
    const raw = key === "name" ? found["name"] : (values[key] ?? null);
    const shown = key.endsWith("date") && typeof raw === "string" ? raw.slice(0, 10) : raw;
    if (shown !== wanted) differs(key, wanted, shown);
  }
}

/** Records of other people's objects stay as they were. */
function checkOthers({ account, accountBefore }: Input, findings: Findings): void {
  const others = (of: Json) => listAt(of, "custom_object_records").filter((record) => !isOurs(record));
  const now = new Map(others(account).map((record) => [textAt(record, "id"), JSON.stringify(record)]));
  for (const record of others(accountBefore)) {
    const found = now.get(textAt(record, "id"));
    if (found !== JSON.stringify(record))
      findings.add("foreign", {
        what: `record ${textAt(record, "id")}`,
        expected: record["name"],
        found: found ?? "none",
      });
  }
}
