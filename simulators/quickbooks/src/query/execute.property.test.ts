import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultSwitches } from "../behaviour/index.ts";
import { type Company, loadCompany, pacificTime, recordIn, recordOf, storeRecord, tableOf } from "../company/index.ts";
import { type JsonRecord, textAt } from "../json.ts";
import { executeQuery } from "./execute.ts";

const startMs = Date.parse("2026-01-01T00:00:00Z");

interface Drawn {
  readonly created: number;
  readonly changed: number;
  readonly balance: number;
  readonly customer: number;
}

const drawn = fc.record({ created: fc.nat(6), changed: fc.nat(6), balance: fc.nat(3), customer: fc.nat(3) });

function record(id: string, { created, changed, balance, customer }: Drawn): JsonRecord {
  const at = (hours: number) => pacificTime(startMs + hours * 3_600_000);
  return {
    Id: id,
    Balance: balance,
    CustomerRef: { value: String(customer) },
    MetaData: { CreateTime: at(created), LastUpdatedTime: at(created + changed) },
  };
}

function companyOf(list: readonly Drawn[]): Company {
  const Invoice = list.map((one, place) => record(String(place + 1), one));
  return loadCompany("1", { Invoice }, startMs);
}

const instant = fc.nat(9).map((hours) => new Date(startMs + hours * 3_600_000).toISOString());
const comparison = fc.constantFrom("<", "<=", ">", ">=", "=");
const condition = fc.oneof(
  fc.tuple(fc.constantFrom("MetaData.CreateTime", "MetaData.LastUpdatedTime"), comparison, instant),
  fc.tuple(fc.constant("Balance"), comparison, fc.nat(3).map(String)),
  fc.tuple(fc.constant("CustomerRef"), fc.constant("="), fc.nat(3).map(String)),
  fc.tuple(fc.constant("Id"), comparison, fc.integer({ min: 1, max: 30 }).map(String)),
);
const order = fc.option(
  fc.tuple(fc.constantFrom("Id", "MetaData.CreateTime", "MetaData.LastUpdatedTime", "Balance"), fc.boolean()),
);

/** The same question answered without any index: every row looked at, then sorted. */
function naively(
  company: Company,
  conditions: readonly [string, string, string][],
  sortedBy: [string, boolean],
): string[] {
  const valueOf = (row: JsonRecord, property: string): number => {
    const times = row["MetaData"] as Record<string, string>;
    if (property.startsWith("MetaData.")) return Date.parse(times[property.slice("MetaData.".length)] ?? "");
    if (property === "CustomerRef") return Number((row["CustomerRef"] as JsonRecord)["value"]);
    return Number(row[property]);
  };
  const holds = (row: JsonRecord) =>
    conditions.every(([property, operator, text]) => {
      const own = valueOf(row, property);
      const other = property.startsWith("MetaData.") ? Date.parse(text) : Number(text);
      if (operator === "=") return own === other;
      if (operator === "<") return own < other;
      if (operator === "<=") return own <= other;
      return operator === ">" ? own > other : own >= other;
    });
  const [property, descending] = sortedBy;
  const sign = descending ? -1 : 1;
  return [...tableOf(company, "Invoice").all()]
    .map(recordOf)
    .filter(holds)
    .sort((a, b) => sign * (valueOf(a, property) - valueOf(b, property) || Number(a["Id"]) - Number(b["Id"])))
    .map((row) => textAt(row, "Id") ?? "");
}

describe("executeQuery", () => {
  it("answers with its orders and short cuts what looking at every row would, also after changes", () => {
    const input = {
      rows: fc.array(drawn, { maxLength: 30 }),
      changes: fc.array(fc.tuple(fc.nat(29), drawn), { maxLength: 8 }),
      conditions: fc.array(condition, { maxLength: 3 }),
      order,
      start: fc.integer({ min: 1, max: 8 }),
      size: fc.integer({ min: 1, max: 12 }),
    };
    fc.assert(
      fc.property(fc.record(input), ({ rows, changes, conditions, order: asked, start, size }) => {
        const company = companyOf(rows);
        const where = conditions
          .map(([property, operator, value]) => `${property} ${operator} '${value}'`)
          .join(" and ");
        const by = asked === null ? "" : ` orderby ${asked[0]} ${asked[1] ? "desc" : "asc"}`;
        const text = `select * from Invoice${where === "" ? "" : ` where ${where}`}${by} startposition ${start} maxresults ${size}`;
        const ask = () => {
          const result = executeQuery(company, text, defaultSwitches);
          return result.kind === "rows" ? result.rows.map((row) => row.id) : [];
        };
        const expected = () =>
          naively(company, conditions, asked ?? ["MetaData.LastUpdatedTime", true]).slice(start - 1, start - 1 + size);
        expect(ask()).toEqual(expected());
        for (const [place, one] of changes) {
          const id = String(place + 1);
          if (recordIn(company, "Invoice", id) !== undefined) storeRecord(company, "Invoice", id, record(id, one));
        }
        expect(ask()).toEqual(expected());
      }),
      { numRuns: 400 },
    );
  });
});
