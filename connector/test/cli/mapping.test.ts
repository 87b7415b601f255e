// Mappings through the command line: looked at, checked, tried, set by a plan, taken along as a file, and put back.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  mappingChecked,
  mappingExported,
  mappingHistory,
  mappingPresets,
  mappingPreview,
  mappingSaved,
  mappingShown,
} from "@ml-connector/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Product, startProduct } from "../harness/product.ts";
import { smallAccount, smallCompany } from "../harness/small-world.ts";

describe("the mapping", () => {
  let product: Product;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "mapping-"));
    product = await startProduct({ company: smallCompany(), account: smallAccount(), database: "own" });
    expect(await product.connect("--yes", "--json")).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await product?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const alder = async () => {
    const { organizationId = 0 } = (await product.standings()).find(({ key }) => key === "customer:1") ?? {};
    return product.organization(organizationId);
  };
  const file = (name: string) => path.join(folder, name);
  const saveJson = (name: string, json: unknown) => writeFile(file(name), JSON.stringify(json));

  it("is the default one at first, and presets are there to begin with", async () => {
    const shown = mappingShown.parse(await product.json("mapping", "show"));
    expect(shown).toMatchObject({ version: 1, inForce: 1, who: "ml-connector", noteTemplate: null });
    expect(shown.rows).toHaveLength(23);
    expect(shown.rows[0]).toMatchObject({ key: "qbo_status", from: { kind: "source", text: "customer.status" } });
    const { presets } = mappingPresets.parse(await product.json("mapping", "presets"));
    expect(presets.map(({ name }) => name)).toEqual([
      "default",
      "receivables",
      "full-aging",
      "vendor-desk",
      "status-only",
    ]);
  });

  it("is refused as a file with everything that is wrong, its place and what was meant, and nothing is stored", async () => {
    const target = (key: string, type: string) => ({ key, type, title: key, description: "" });
    await saveJson("wrong.json", {
      format: 1,
      rows: [
        { target: target("crm_level", "text"), value: { source: "card.name" } },
        { target: target("qbo_open_amount", "text"), value: { expression: "customer.balanse" } },
      ],
    });
    const checked = await product.run("mapping", "check", file("wrong.json"), "--json");
    expect(checked.code).toBe(1);
    expect(mappingChecked.parse(JSON.parse(checked.out)).problems).toMatchObject([
      { at: "rows[0].target.key", key: "crm_level", suggestion: "qbo_crm_level" },
      { at: "rows[1].target.type", suggestion: "decimal" },
      { at: "rows[1].value.expression", line: 1, column: 10, suggestion: "balance" },
    ]);
    expect(await product.run("mapping", "set", file("wrong.json"))).toMatchObject({ code: 1 });
    expect(mappingHistory.parse(await product.json("mapping", "history")).versions).toHaveLength(1);
    await writeFile(file("broken.json"), "{ rows: ");
    expect((await product.run("mapping", "check", file("broken.json"))).err).toMatch(/is no JSON/);
    expect((await product.run("mapping", "check", file("nowhere.json"))).err).toMatch(/There is no file/);
    expect((await product.run("mapping", "set", "--preset", "aging")).err).toMatch(/There is no preset aging/);
  });

  it("shows what another mapping makes of one client, and writes nothing", async () => {
    const before = await alder();
    const words = ["mapping", "preview", "Alder Joinery", "--preset", "full-aging"];
    const preview = mappingPreview.parse(await product.json(...words));
    expect(preview).toMatchObject({ party: "customer:1", organizationId: before.id });
    const valueOf = (key: string) => preview.values.find((value) => value.key === key);
    expect(valueOf("qbo_aging_current")).toMatchObject({ now: null, wanted: "120", fault: null });
    expect(valueOf("qbo_open_amount")).toMatchObject({ now: "120", wanted: "120" });
    expect(valueOf("notes")?.wanted).toBe("Open: 120.00 USD, of that late: 0.00\n1101, due 2026-12-01: 120.00 USD");
    // What the default mapping writes and this one does not.
    expect(valueOf("qbo_open_count")).toMatchObject({ now: 1, wanted: null });
    expect(await alder()).toEqual(before);
  });

  it("shows a party that nobody has linked yet, too", async () => {
    const preview = mappingPreview.parse(await product.json("mapping", "preview", "Cedar Desks"));
    expect(preview).toMatchObject({ party: "customer:3", organizationId: null });
    expect(preview.values.find(({ key }) => key === "qbo_open_amount")).toMatchObject({ now: null, wanted: "10" });
  });

  it("changes nothing before its plan is approved, and everything afterwards: what it leaves out is cleared", async () => {
    const before = await alder();
    const { version, plan } = mappingSaved.parse(await product.json("mapping", "set", "--preset", "status-only"));
    expect(version).toBe(2);
    expect(plan).toMatchObject({ state: "proposed" });
    expect(await alder()).toEqual(before);
    expect(mappingShown.parse(await product.json("mapping", "show"))).toMatchObject({ version: 1 });
    expect(await product.run("plan", "approve", "--yes")).toMatchObject({ code: 0 });
    const after = await alder();
    expect(after.organization_fields).toMatchObject({
      qbo_status: "qbo_status_open",
      qbo_open_amount: null,
      qbo_phone: null,
    });
    expect(mappingShown.parse(await product.json("mapping", "show"))).toMatchObject({ version: 2, inForce: 2 });
  });

  it("goes with a file to another place, and says when it is in force already", async () => {
    const exported = mappingExported.parse(await product.json("mapping", "export", file("mine.json")));
    expect(exported).toMatchObject({ version: 2 });
    const document = JSON.parse(await readFile(file("mine.json"), "utf8")) as { retired: unknown[]; rows: unknown[] };
    expect(document.retired).toEqual([]);
    expect(document.rows).toHaveLength(6);
    expect(mappingSaved.parse(await product.json("mapping", "import", file("mine.json")))).toMatchObject({
      version: 2,
      plan: null,
    });
  });

  it("is put back by a plan of its own", async () => {
    const { version, plan } = mappingSaved.parse(await product.json("mapping", "restore", "1", "--note", "as it was"));
    expect(version).toBe(3);
    expect(plan).not.toBeNull();
    expect(await product.run("plan", "approve", "--yes")).toMatchObject({ code: 0 });
    expect((await alder()).organization_fields).toMatchObject({ qbo_open_amount: 120, qbo_open_count: 1 });
    const { versions, inForce } = mappingHistory.parse(await product.json("mapping", "history"));
    expect(inForce).toBe(3);
    expect(versions.map(({ version: number, note }) => [number, note])).toEqual([
      [3, "as it was"],
      [2, null],
      [1, null],
    ]);
  });
});
