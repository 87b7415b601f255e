import { Decimal } from "decimal.js";
import { type Company, type EntityName, type Row, recordIn, recordOf, tableOf } from "../company/index.ts";
import { type JsonRecord, recordAt, refAt, textAt } from "../json.ts";
import { amountAt } from "../ledger/index.ts";

export type Buckets = readonly [Decimal, Decimal, Decimal, Decimal, Decimal];

export interface AgedParty {
  readonly id: string;
  readonly name: string;
  readonly parentId: string | undefined;
  readonly buckets: Buckets;
}

export const bucketTitles = ["Current", "1 - 30", "31 - 60", "61 - 90", "91 and over"] as const;
const dayMs = 86_400_000;

/** What is open per customer or vendor in home currency, by days past due at `reportDate`; credits by their own dates. */
export function agedParties(company: Company, side: "Customer" | "Vendor", reportDate: string): AgedParty[] {
  const kinds: readonly [EntityName, 1 | -1, "Balance" | "UnappliedAmt"][] =
    side === "Customer"
      ? [
          ["Invoice", 1, "Balance"],
          ["CreditMemo", -1, "Balance"],
          ["Payment", -1, "UnappliedAmt"],
        ]
      : [
          ["Bill", 1, "Balance"],
          ["VendorCredit", -1, "Balance"],
        ];
  const open = new Map<string, Decimal[]>();
  for (const [entity, sign, field] of kinds) {
    for (const row of tableOf(company, entity).all()) {
      if (isSettled(row, field)) continue;
      addDocument(open, recordOf(row), { side, sign, field, reportDate });
    }
  }
  return [...open]
    .map(([id, buckets]) => agedParty(company, side, id, buckets))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Most documents of a company are paid: told by their text, without reading them. */
function isSettled(row: Row, field: string): boolean {
  return row.json.includes(`"${field}":0,`) || row.json.includes(`"${field}":0}`);
}

function addDocument(
  open: Map<string, Decimal[]>,
  record: JsonRecord,
  given: { side: "Customer" | "Vendor"; sign: 1 | -1; field: string; reportDate: string },
): void {
  const id = refAt(record, given.side === "Customer" ? "CustomerRef" : "VendorRef");
  const date = textAt(record, "TxnDate") ?? given.reportDate;
  const amount = amountAt(record, given.field);
  if (id === undefined || amount.isZero() || date > given.reportDate) return;
  const rate = record["ExchangeRate"] === undefined ? new Decimal(1) : amountAt(record, "ExchangeRate");
  const home = record["HomeBalance"] === undefined ? amount.times(rate) : amountAt(record, "HomeBalance");
  const buckets = open.get(id) ?? bucketTitles.map(() => new Decimal(0));
  const dueDate = given.sign === 1 ? textAt(record, "DueDate") : undefined;
  const place = bucketOf(dueDate ?? date, given.reportDate);
  buckets[place] = (buckets[place] ?? new Decimal(0)).plus(home.times(given.sign));
  open.set(id, buckets);
}

function bucketOf(dueDate: string, reportDate: string): number {
  const late = Math.round((Date.parse(`${reportDate}T00:00:00Z`) - Date.parse(`${dueDate}T00:00:00Z`)) / dayMs);
  if (late <= 0) return 0;
  return Math.min(4, Math.ceil(late / 30));
}

function agedParty(company: Company, side: "Customer" | "Vendor", id: string, buckets: Decimal[]): AgedParty {
  const record = recordIn(company, side, id) ?? {};
  const [a, b, c, d, e] = buckets.map((bucket) => bucket.toDecimalPlaces(2));
  const none = new Decimal(0);
  return {
    id,
    name: textAt(record, "DisplayName") ?? id,
    parentId:
      side === "Customer" && recordAt(record, "ParentRef") !== undefined ? refAt(record, "ParentRef") : undefined,
    buckets: [a ?? none, b ?? none, c ?? none, d ?? none, e ?? none],
  };
}
