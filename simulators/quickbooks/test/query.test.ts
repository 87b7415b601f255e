import { describe, expect, it } from "vitest";
import { isRecord, type JsonRecord } from "../src/json.ts";
import { customer, smallCompany } from "./company.ts";
import { answered, type Connected, connected, faultOf, idOf } from "./connected.ts";

async function start(): Promise<Connected> {
  return connected({ company: smallCompany() });
}

async function ids(simulator: Connected, statement: string): Promise<unknown[]> {
  return (await simulator.rows("Customer", statement)).map((row) => row["Id"]);
}

describe("the query endpoint", () => {
  it("finds by name with an escaped apostrophe, in any case", async () => {
    const simulator = await start();
    expect(await ids(simulator, "select * from customer where displayname = 'amy\\'s bird sanctuary'")).toEqual(["4"]);
    expect(await ids(simulator, "SELECT * FROM Customer WHERE DisplayName LIKE '%bird%'")).toEqual(["4"]);
    expect(await ids(simulator, "select from Customer where Id != '4' order by Id desc")).toEqual(["3", "2", "1"]);
  });

  it("answers an empty object when nothing matches, and only the count when counted", async () => {
    const simulator = await start();
    expect((await simulator.query("select * from Customer where Id = '99'")).json["QueryResponse"]).toEqual({});
    expect((await simulator.query("select count(*) from Customer")).json["QueryResponse"]).toEqual({ totalCount: 4 });
  });

  it("leaves inactive rows out unless asked for them", async () => {
    const simulator = await start();
    await simulator.mutate({ entity: "Customer", operation: "inactivate", id: "4" });
    expect(await ids(simulator, "select * from Customer")).not.toContain("4");
    expect(await ids(simulator, "select * from Customer where Active in (true, false)")).toContain("4");
    expect(await ids(simulator, "select * from Customer where Active = false")).toEqual(["4"]);
  });

  it("pages by position, 100 rows by default and never more than 1,000", async () => {
    const Customer = Array.from({ length: 1200 }, (_, place) => customer(String(place + 1), `Customer ${place + 1}`));
    const simulator = await connected({ company: { Customer } });
    expect(await simulator.rows("Customer", "select * from Customer")).toHaveLength(100);
    expect(await simulator.rows("Customer", "select * from Customer maxresults 5000")).toHaveLength(1000);
    const { json } = await simulator.query("select * from Customer orderby Id startposition 1101 maxresults 1000");
    expect(json["QueryResponse"]).toMatchObject({ startPosition: 1101, maxResults: 100 });
    const rest = await simulator.rows(
      "Customer",
      "select * from Customer orderby Id startposition 1101 maxresults 1000",
    );
    expect(rest[0]).toMatchObject({ Id: "1101" });
  });

  it("compares times as instants, whatever their offset", async () => {
    const simulator = await start();
    const all = "select * from Customer where MetaData.CreateTime";
    expect(await ids(simulator, `${all} >= '2026-04-01T00:00:01Z'`)).toHaveLength(4);
    expect(await ids(simulator, `${all} > '2026-04-01T00:00:01+00:00'`)).toHaveLength(0);
    expect(await ids(simulator, `${all} <= '2026-03-31T17:00:01-07:00'`)).toHaveLength(4);
  });

  it("carries totalCount on invoices and bills, not on customers", async () => {
    const simulator = await start();
    const record = { CustomerRef: { value: "4" }, TotalAmt: 5 };
    await simulator.mutate({ entity: "Invoice", operation: "create", record });
    await simulator.mutate({ entity: "Payment", operation: "create", record });
    const block = async (entity: string) => (await simulator.query(`select * from ${entity}`)).json["QueryResponse"];
    expect(await block("Invoice")).toMatchObject({ totalCount: 1 });
    for (const entity of ["Customer", "Payment"]) {
      const found = await block(entity);
      expect(isRecord(found) ? Object.keys(found) : []).not.toContain("totalCount");
    }
  });

  it("takes a posted query as text of any type and as a form field", async () => {
    const simulator = await start();
    const statement = "select count(*) from Vendor";
    for (const type of ["text/plain", "application/text", "application/x-www-form-urlencoded"]) {
      const body = type.includes("form") ? `query=${encodeURIComponent(statement)}` : statement;
      const answer = await simulator.api("query", { method: "POST", body, headers: { "content-type": type } });
      expect(answer.json["QueryResponse"]).toEqual({ totalCount: 1 });
    }
  });

  it.each([
    [
      "select * from NULL",
      "4000",
      'QueryParserError: Encountered " "null" "NULL "" at line 1, column 15.\nWas expecting:\n    <IDENTIFIER> ...\n    ',
    ],
    ["select * from Customer where Balance > 0", "4000", undefined],
    ["select * from Customer where Id = '1' or Id = '2'", "4000", undefined],
    [
      "select * from Purchase where NoSuchField = '1'",
      "4001",
      "QueryValidationError: Property NoSuchField not found for Entity Purchase",
    ],
    [
      "select * from Vendor where PrimaryEmailAddr = 'a'",
      "4001",
      "QueryValidationError: property 'PrimaryEmailAddr' is not queryable",
    ],
    [
      "select * from Invoice where Active = true",
      "4001",
      "QueryValidationError: Property Active not found for Entity Invoice",
    ],
    ["select * from TaxServices", "4001", "QueryValidationError: Metadata not found for Entity: TaxServices"],
    [
      "select * from Customer maxresults 0",
      "4001",
      "QueryValidationError: value 0 is too small. Min allowed value is 1",
    ],
  ])("refuses %s with %s", async (statement, code, detail) => {
    const simulator = await start();
    const answer = await simulator.query(statement);
    expect(faultOf(answer)).toMatchObject({ status: 400, code, type: "ValidationFault" });
    if (detail !== undefined) expect(faultOf(answer).detail).toBe(detail);
  });

  it("names what is not built instead of answering something", async () => {
    const simulator = await start();
    for (const path of ["query?query=select%20*%20from%20Estimate", "estimate/1", "invoice/1/pdf"]) {
      const answer = await simulator.api(path);
      expect(answer.status).toBe(501);
      expect(answer.json["operation"]).toBeTruthy();
    }
    expect((await answered(await fetch(`${simulator.url}/graphql`))).status).toBe(501);
  });
});

describe("change data capture", () => {
  const since = encodeURIComponent(new Date(Date.now() - 3_600_000).toISOString());
  const blocksOf = ({ json }: { json: JsonRecord }): JsonRecord[] => {
    const [first] = Array.isArray(json["CDCResponse"]) ? json["CDCResponse"] : [];
    const list = isRecord(first) ? first["QueryResponse"] : undefined;
    return Array.isArray(list) ? list.filter(isRecord) : [];
  };

  it("answers one block per entity asked, empty ones too, deletions after what lives", async () => {
    const simulator = await start();
    const record = { CustomerRef: { value: "4" }, TotalAmt: 5 };
    const gone = await simulator.mutate({ entity: "Invoice", operation: "create", record });
    await simulator.mutate({ entity: "Invoice", operation: "delete", id: idOf(gone) });
    const kept = await simulator.mutate({ entity: "Invoice", operation: "create", record });
    const blocks = blocksOf(await simulator.api(`cdc?entities=Customer,Bill,Invoice&changedSince=${since}`));
    expect(blocks).toHaveLength(3);
    expect(blocks[0]).toMatchObject({ Customer: [{ Id: "4" }], startPosition: 1, maxResults: 1 });
    expect(blocks[1]).toEqual({});
    expect(blocks[2]).toMatchObject({
      totalCount: 2,
      Invoice: [{ Id: kept["Id"] }, { Id: gone["Id"], status: "Deleted" }],
    });
    const [, tombstone] = (blocks[2]?.["Invoice"] ?? []) as JsonRecord[];
    expect(Object.keys(tombstone ?? {}).sort()).toEqual(["Id", "MetaData", "domain", "status"]);
  });

  it("gives 1,000 objects for all entities together and says nothing of the rest", async () => {
    const MetaData = { CreateTime: new Date().toISOString(), LastUpdatedTime: new Date().toISOString() };
    const Customer = Array.from({ length: 998 }, (_, place) => customer(String(place + 1), `C${place}`, { MetaData }));
    const Item = Array.from({ length: 5 }, (_, place) => ({
      Id: String(place + 1),
      Name: `I${place}`,
      Active: true,
      MetaData,
    }));
    const simulator = await connected({ company: { Customer, Item } });
    const [customers, items] = blocksOf(await simulator.api(`cdc?entities=Customer,Item&changedSince=${since}`));
    expect([customers?.["maxResults"], items?.["maxResults"]]).toEqual([998, 2]);
  });

  it("shows inactive records whole, and refuses to look back more than 30 days", async () => {
    const simulator = await start();
    await simulator.mutate({ entity: "Customer", operation: "inactivate", id: "4" });
    const [block] = blocksOf(await simulator.api(`cdc?entities=customer&changedSince=${since}`));
    expect(block).toMatchObject({
      Customer: [{ Id: "4", Active: false, DisplayName: "Amy's Bird Sanctuary (deleted)" }],
    });
    const old = await simulator.api("cdc?entities=Customer&changedSince=2020-01-01T00:00:00Z");
    expect(faultOf(old)).toMatchObject({ status: 400, code: "500" });
    expect(faultOf(old).detail).toContain("older than fixed days");
  });
});
