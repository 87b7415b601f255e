// One person is taken out of everything that is kept, found by looking at every row of every table.
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../src/store/index.ts";
import { type Product, startProduct } from "../harness/product.ts";
import { smallAccount, smallCompany } from "../harness/small-world.ts";
import { type Api, createApi, keyIn } from "./api.ts";

const address = "ada@alder.example";

describe("erasing a person", () => {
  let product: Product;
  let api: Api;
  beforeAll(async () => {
    product = await startProduct({ company: smallCompany(), account: smallAccount(), database: "own" });
    expect((await product.connect("--yes", "--json")).code).toBe(0);
    await product.start();
    await product.quiet();
    api = createApi(product.url, { authorization: `Bearer ${keyIn(product.folder)}` });
  });
  afterAll(() => product?.close());

  /** Tables with a row whose text holds it, anywhere. */
  async function tablesWith(text: string): Promise<string[]> {
    return product.withDatabase(async (database: Database) => {
      const { rows } = await sql<{ name: string }>`
        select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')`.execute(database);
      const found: string[] = [];
      for (const { name } of rows) {
        const hits = await sql<{ hit: boolean }>`
          select exists (select from ${sql.raw(name)} as each where each::text ilike ${`%${text}%`}) as hit`.execute(
          database,
        );
        if (hits.rows[0]?.hit) found.push(name);
      }
      return found;
    });
  }

  it("leaves nothing of them in any table, once QuickBooks and Zendesk have them no more", async () => {
    const before = await tablesWith(address);
    expect(before).toEqual(expect.arrayContaining(["party", "party_address", "zendesk_user_address", "card"]));
    expect(before.some((table) => table.startsWith("journal_"))).toBe(true);
    // As a bookkeeper does it.
    await product.change({
      entity: "Customer",
      operation: "update",
      id: "1",
      record: { PrimaryEmailAddr: { Address: "billing@alder.example" } },
    });
    await product.quiet();
    const { places } = await api.call("erasePerson", { body: { texts: [address.toUpperCase()] } });
    expect(places.map(({ place }) => place)).toContain("journal");
    expect(places.every(({ rows }) => rows > 0)).toBe(true);
    expect(await tablesWith(address)).toEqual([]);
    expect(await tablesWith("billing@alder.example")).not.toEqual([]);
    const { rows } = await api.call("searchAudit", { params: { connectionId: 1 }, query: { limit: 1000 } });
    expect(JSON.stringify(rows)).toContain("[erased]");
  });

  it("reads again whom QuickBooks still has, and Zendesk stays as it says", async () => {
    const { parties } = await api.call("erasePerson", { body: { texts: ["office@birch.example"] } });
    expect(parties).toEqual([{ connectionId: 1, party: expect.stringMatching(/^customer:/) }]);
    await product.quiet();
    expect(await tablesWith("office@birch.example")).toContain("party");
    expect(await product.verdict()).toMatchObject({ cards: 6, equal: 6, duplicates: 0, foreignTouched: 0 });
  });

  it("takes nobody's texts who only looks alike, and refuses a word that many share", async () => {
    await api.call("erasePerson", { body: { texts: ["ffice@birch.example", "rch.example@x.example"] } });
    expect(await tablesWith("office@birch.example")).toContain("party");
    const refused = await api.refusal("erasePerson", { body: { texts: ["customer"] } });
    expect(refused).toMatchObject({ status: 409, code: "refused" });
  });
});
