// The life of a connection, by the commands that an operator types, between both simulators.
import { disconnectResult } from "@ml-connector/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseConnectionId } from "../../src/domain/index.ts";
import { type Product, startProduct } from "../harness/product.ts";
import { smallAccount, smallCompany } from "../harness/small-world.ts";

describe("a connection", () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct({ company: smallCompany(), account: smallAccount(), database: "own" });
    expect((await product.connect("--yes", "--json")).code).toBe(0);
  });
  afterAll(() => product?.close());

  const connections = async () =>
    (
      (await product.json("status"))["connections"] as unknown as {
        connectionId: number;
        state: string;
        realm: string | null;
      }[]
    ).map(({ connectionId, state }) => ({ connectionId, state }));
  const ours = (fields: Record<string, unknown>) =>
    Object.entries(fields).filter(([key, value]) => key.startsWith("qbo_") && value !== null && value !== false);
  const bearing = async () =>
    (await product.account()).organizations.filter(({ organization_fields }) => ours(organization_fields).length > 0);
  const grants = async () =>
    (
      (await product.quickbooksControl("GET", "state")) as { tokens: { grants: { revoked: boolean }[] } }
    ).tokens.grants.filter(({ revoked }) => !revoked).length;
  const rowsOf = (table: "credential" | "link" | "party" | "journal" | "zendesk_webhook") =>
    product.withDatabase(async (database) => (await database.selectFrom(table).selectAll().execute()).length);

  it("says at once that the company is connected already, and leaves nothing behind", async () => {
    const before = performance.now();
    const again = await product.connect("--json");
    expect(performance.now() - before).toBeLessThan(60_000);
    expect(again.code).not.toBe(0);
    expect(again.err + again.out).toContain("connected already");
    expect(await connections()).toEqual([{ connectionId: 1, state: "active" }]);
  });

  it("is paused and resumed by a person; what changed meanwhile is written then", async () => {
    expect(await product.json("pause")).toMatchObject({ state: "paused" });
    await product.change({
      entity: "Customer",
      operation: "update",
      id: "8",
      record: { DisplayName: "Gorse Meadows" },
    });
    expect(await product.json("resume")).toMatchObject({ state: "active" });
    await product.json("sync");
    expect((await product.account()).organizations.map(({ name }) => name)).toContain("Gorse Meadows");
    expect((await product.run("resume", "--json")).code).not.toBe(0);
  });

  it("shows first what its end would do, and does nothing before somebody agrees", async () => {
    expect(await product.json("disconnect", "--clear")).toMatchObject({ done: false, mode: "clear" });
    expect(await connections()).toEqual([{ connectionId: 1, state: "active" }]);
  });

  it("that ends with everything left in place revokes its consents, and goes on when it is connected again", async () => {
    const before = (await product.account()).organizations;
    // The sign-in that was refused above is another grant of the same company: revoking it would end the first one.
    const granted = await grants();
    expect(await product.json("disconnect", "--yes")).toMatchObject({
      done: true,
      mode: "leave",
      revoked: ["quickbooks", "zendesk"],
      notRevoked: [],
    });
    expect(await grants()).toBe(granted - 1);
    expect(await rowsOf("credential")).toBe(0);
    expect((await product.account()).organizations).toEqual(before);
    expect(await connections()).toEqual([{ connectionId: 1, state: "disconnected" }]);

    expect((await product.connect("--yes", "--json")).code).toBe(0);
    expect(await connections()).toEqual([{ connectionId: 1, state: "active" }]);
    expect((await product.account()).organizations.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  });

  it("that ends with its values cleared empties our fields and keys, and touches nothing else", async () => {
    const before = await product.account();
    expect((await bearing()).length).toBeGreaterThan(3);
    // What it says that it would empty is what Zendesk holds.
    const { clears, done } = disconnectResult.parse(await product.json("disconnect", "--clear"));
    expect(done).toBe(false);
    const held: Record<string, number> = {};
    for (const { organization_fields } of before.organizations)
      for (const [key, value] of Object.entries(organization_fields))
        if (key.startsWith("qbo_") && value !== null && value !== false) held[key] = (held[key] ?? 0) + 1;
    expect(Object.fromEntries(clears.fields.map(({ key, organizations }) => [key, organizations]))).toEqual(held);
    const keyed = before.organizations.filter(({ external_id }) => external_id?.startsWith("qbo:"));
    expect(clears).toMatchObject({ externalIds: keyed.length, records: 0 });
    expect((await product.account()).organizations).toEqual(before.organizations);
    expect(await product.json("disconnect", "--clear", "--yes")).toMatchObject({ done: true, mode: "clear", clears });
    expect(await bearing()).toEqual([]);
    const after = await product.account();
    expect(after.organizations.map(({ id }) => id)).toEqual(before.organizations.map(({ id }) => id));
    expect(after.organizations.filter(({ external_id }) => external_id?.startsWith("qbo:"))).toEqual([]);
    const foreign = before.organizations.filter(
      ({ external_id }) => external_id !== null && !external_id.startsWith("qbo:"),
    );
    // Zendesk takes the tags of our drop-downs away with their values.
    for (const { id, external_id, notes, tags } of foreign)
      expect(after.organizations.find((each) => each.id === id)).toMatchObject({
        external_id,
        notes,
        tags: tags.filter((tag) => !tag.startsWith("qbo_")),
      });
  });

  it("can be made anew afterwards, and purged: what is known of the company goes, what happened stays", async () => {
    expect((await product.connect("--yes", "--json")).code).toBe(0);
    const anew = (await connections()).find(({ state }) => state === "active")?.connectionId ?? 1;
    expect(anew).toBeGreaterThan(1);
    expect((await bearing()).length).toBeGreaterThan(3);
    expect(await product.json("disconnect", "--purge", "--yes")).toMatchObject({ done: true, mode: "purge" });
    expect(await bearing()).toEqual([]);
    expect(await rowsOf("link")).toBe(0);
    expect(await rowsOf("credential")).toBe(0);
    const parties = await product.withDatabase((database) =>
      database.selectFrom("party").selectAll().where("connection_id", "=", parseConnectionId(anew)).execute(),
    );
    expect(parties).toEqual([]);
    expect(await rowsOf("journal")).toBeGreaterThan(0);
  });
});
