import { Decimal } from "decimal.js";
import { type Company, pacificDate, pacificTime, recordIn } from "../company/index.ts";
import { faults } from "../faults.ts";
import { type JsonRecord, recordAt, refAt, textAt } from "../json.ts";
import { NotBuilt } from "../not-built.ts";
import { type AgedParty, agedParties, bucketTitles } from "./aging.ts";

/**
 * AgedReceivables and AgedPayables, summary form (docs/api/accounting/all-entities/agedreceivables). Balances are those of
 * now: the past of a balance is not kept, so an earlier `report_date` only changes ages and leaves later documents out.
 */
export function reportOf(
  company: Company,
  name: string,
  query: Readonly<Record<string, string>>,
  nowMs: number,
): JsonRecord {
  const side = sides.get(name.toLowerCase());
  if (side === undefined) throw new NotBuilt(`report ${name}`);
  const reportDate = query["report_date"] ?? pacificDate(nowMs);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(reportDate)) throw faults.unsupportedProperty("report_date");
  const wanted = query[side.toLowerCase()]?.split(",");
  const aged = agedParties(company, side, reportDate);
  const parties = wanted === undefined ? aged : aged.filter(({ id }) => wanted.includes(id));
  const rows = side === "Customer" ? families(company, parties) : parties.map(dataRow);
  return {
    Header: header(company, side, { reportDate, nowMs, isEmpty: parties.length === 0 }),
    Columns: { Column: columns(side) },
    Rows: parties.length === 0 ? {} : { Row: [...rows, grandTotal(parties)] },
  };
}

const sides = new Map<string, "Customer" | "Vendor">([
  ["agedreceivables", "Customer"],
  ["agedpayables", "Vendor"],
]);

function header(
  company: Company,
  side: "Customer" | "Vendor",
  { reportDate, nowMs, isEmpty }: { reportDate: string; nowMs: number; isEmpty: boolean },
): JsonRecord {
  const prefs = recordAt(recordIn(company, "Preferences", "1") ?? {}, "CurrencyPrefs") ?? {};
  return {
    Time: pacificTime(nowMs),
    ReportName: side === "Customer" ? "AgedReceivables" : "AgedPayables",
    DateMacro: "today",
    StartPeriod: reportDate,
    EndPeriod: reportDate,
    SummarizeColumnsBy: "Total",
    Currency: refAt(prefs, "HomeCurrency") ?? "USD",
    Option: [
      { Name: "report_date", Value: reportDate },
      { Name: "NoReportData", Value: String(isEmpty) },
    ],
  };
}

function columns(side: "Customer" | "Vendor"): JsonRecord[] {
  const money = [...bucketTitles, "Total"].map((ColTitle) => ({ ColTitle, ColType: "Money" }));
  return [{ ColTitle: "", ColType: side }, ...money];
}

function cells(amounts: readonly Decimal[]): JsonRecord[] {
  const total = amounts.reduce((sum, amount) => sum.plus(amount), new Decimal(0));
  // Empty buckets are blank, the total never is.
  return [
    ...amounts.map((amount) => ({ value: amount.isZero() ? "" : amount.toFixed(2) })),
    { value: total.toFixed(2) },
  ];
}

function dataRow({ id, name, buckets }: AgedParty): JsonRecord {
  return { ColData: [{ value: name, id }, ...cells(buckets)] };
}

function sumOf(parties: readonly AgedParty[]): Decimal[] {
  return bucketTitles.map((_, place) =>
    parties.reduce((sum, { buckets }) => sum.plus(buckets[place] ?? 0), new Decimal(0)),
  );
}

/** Sub-customers stand inside a section of their parent, with its total at the end. */
function families(company: Company, parties: readonly AgedParty[]): JsonRecord[] {
  const children = Map.groupBy(parties, ({ parentId }) => parentId);
  const known = new Set(parties.map(({ id }) => id));
  const tops = parties.filter(({ parentId }) => parentId === undefined);
  const hidden = [...children.keys()]
    .filter((id) => id !== undefined && !known.has(id))
    .map((id) => silent(company, id ?? ""));
  return [...tops, ...hidden.filter(({ parentId }) => parentId === undefined || !known.has(parentId))].map((party) =>
    section(party, children),
  );
}

/** A parent that owes nothing itself. */
function silent(company: Company, id: string): AgedParty {
  const record = recordIn(company, "Customer", id) ?? {};
  const none = new Decimal(0);
  const name = textAt(record, "DisplayName") ?? id;
  return { id, name, parentId: refAt(record, "ParentRef"), buckets: [none, none, none, none, none] };
}

function section(party: AgedParty, children: ReadonlyMap<string | undefined, AgedParty[]>): JsonRecord {
  const below = children.get(party.id) ?? [];
  if (below.length === 0) return dataRow(party);
  const all = [party, ...descendants(party.id, children)];
  return {
    Header: { ColData: [{ value: party.name, id: party.id }, ...cells(party.buckets)] },
    Rows: { Row: below.map((one) => section(one, children)) },
    Summary: { ColData: [{ value: `Total ${party.name}` }, ...cells(sumOf(all))] },
    type: "Section",
  };
}

function descendants(id: string, children: ReadonlyMap<string | undefined, AgedParty[]>): AgedParty[] {
  return (children.get(id) ?? []).flatMap((child) => [child, ...descendants(child.id, children)]);
}

function grandTotal(parties: readonly AgedParty[]): JsonRecord {
  return { Summary: { ColData: [{ value: "TOTAL" }, ...cells(sumOf(parties))] }, type: "Section", group: "GrandTotal" };
}
