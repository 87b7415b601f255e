import { describe, expect, it } from "vitest";
import { isRecord, type JsonRecord } from "../src/json.ts";
import { smallCompany } from "./company.ts";
import { connected } from "./connected.ts";

function rowsOf(report: JsonRecord): JsonRecord[] {
  const rows = report["Rows"];
  const list = isRecord(rows) ? rows["Row"] : undefined;
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

function values(cells: unknown): unknown[] {
  return Array.isArray(cells) ? cells.filter(isRecord).map((cell) => cell["value"]) : [];
}

describe("aging reports", () => {
  it("put what customers owe into columns of age, families in sections, credits taken off", async () => {
    const simulator = await connected({ company: smallCompany() });
    const form = (entity: string, customer: string, TotalAmt: number, DueDate: string) =>
      simulator.mutate({
        entity,
        operation: "create",
        record: { CustomerRef: { value: customer }, TotalAmt, DueDate, TxnDate: "2026-01-01" },
      });
    await form("Invoice", "4", 100, "2026-11-01");
    await form("Invoice", "4", 50, "2026-06-01");
    await form("Invoice", "2", 7.5, "2026-12-01");
    await form("CreditMemo", "4", 20, "2026-11-22");
    const { json } = await simulator.api("reports/AgedReceivables?report_date=2026-11-22");
    expect(json["Header"]).toMatchObject({ ReportName: "AgedReceivables", EndPeriod: "2026-11-22", Currency: "USD" });
    expect(JSON.stringify(json["Columns"])).toContain("91 and over");
    const [amy, freeman, total] = rowsOf(json);
    expect(amy?.["ColData"]).toMatchObject([{ value: "Amy's Bird Sanctuary", id: "4" }, {}, {}, {}, {}, {}, {}]);
    expect(values(amy?.["ColData"]).slice(1)).toEqual(["", "100.00", "", "", "30.00", "130.00"]);
    expect(freeman).toMatchObject({
      type: "Section",
      Header: { ColData: [{ value: "Freeman", id: "1" }, {}, {}, {}, {}, {}, {}] },
    });
    expect(isRecord(freeman?.["Summary"]) ? values(freeman["Summary"]["ColData"])[6] : undefined).toBe("7.50");
    expect(total).toMatchObject({ group: "GrandTotal" });
    expect(isRecord(total?.["Summary"]) ? values(total["Summary"]["ColData"])[6] : undefined).toBe("137.50");
  });

  it("answer bills likewise, say when there is nothing, and have an XML twin", async () => {
    const simulator = await connected({ company: smallCompany() });
    const empty = await simulator.api("reports/AgedPayables");
    expect(JSON.stringify(empty.json["Header"])).toContain('"NoReportData","Value":"true"');
    const record = { VendorRef: { value: "5" }, TotalAmt: 80, DueDate: "2026-01-01", TxnDate: "2026-01-01" };
    await simulator.mutate({ entity: "Bill", operation: "create", record });
    const xml = await simulator.api("reports/AgedPayables?report_date=2026-11-22", {
      headers: { accept: "application/xml" },
    });
    expect(xml.text).toContain('<Report xmlns="http://schema.intuit.com/finance/v3">');
    expect(xml.text).toContain('<Row><ColData value="Norton Lumber" id="5"/>');
    expect((await simulator.api("reports/ProfitAndLoss")).status).toBe(501);
  });
});
