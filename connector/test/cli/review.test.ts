// What people answer, through the command line: each answer leads to the right state in Zendesk, and undoing it brings back what was.

import { answerResult, reviewList, syncResult } from "@ml-connector/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Product, startProduct } from "../harness/product.ts";
import { organizations, smallAccount, smallCompany } from "../harness/small-world.ts";

describe.each(["without a service", "beside a running service"])("an answer, %s,", (where) => {
  const served = where !== "without a service";
  let product: Product;
  let before: Record<string, number | undefined>;
  beforeAll(async () => {
    const database = served ? "built-in" : "own";
    product = await startProduct({ company: smallCompany(), account: smallAccount(), database });
    expect(await product.connect("--yes", "--json")).toMatchObject({ code: 0 });
    if (served) await product.start();
    before = await linked();
  });
  afterAll(() => product?.close());

  /** Which organization each party is linked to. */
  async function linked(): Promise<Record<string, number | undefined>> {
    return Object.fromEntries(
      (await product.standings()).flatMap(({ key, organizationId, disposition }) =>
        disposition === "linked" ? [[key, organizationId]] : [],
      ),
    );
  }

  /** The service works by itself; without one, `sync` does. */
  async function settle(): Promise<void> {
    if (served) await product.quiet();
    else expect(syncResult.parse(await product.json("sync"))).toMatchObject({ settled: true });
  }

  const answer = async (...words: string[]) => answerResult.parse(await product.json("review", ...words)).answers;
  const parked = async () => reviewList.parse(await product.json("review", "list")).parked;
  const fieldsOf = async (id: number | undefined) => (await product.organization(id)).organization_fields;
  const created = (party: string) => `qbo:${product.quickbooks.realm}:${party}`;

  // Reading is the same in both places; a person's answer is not.
  if (!served)
    it("is asked for where it is needed, and only there", async () => {
      const waiting = await parked();
      expect(waiting.map(({ party, reason }) => `${party} ${reason}`)).toEqual([
        "customer:3 several-organizations",
        "customer:4 legal-form",
      ]);
      expect(waiting[0]?.candidates.map(({ organizationId }) => organizationId)).toEqual([
        organizations.cedarNorth,
        organizations.cedarSouth,
      ]);
    });

  it("links, creates, joins and sets aside, and changes nothing else", async () => {
    expect(await answer("link", "Cedar Desks", "2")).toEqual([
      {
        party: "customer:3",
        displayName: "Cedar Desks",
        answer: { kind: "link", organizationId: organizations.cedarSouth, organization: "Cedar South" },
        undone: null,
        undo: "ml-connector review undo customer:3 --connection 1",
      },
    ]);
    expect(await answer("create", "customer:4")).toMatchObject([{ answer: { kind: "create" } }]);
    expect(await answer("join", "customer:6", "customer:5")).toMatchObject([
      { answer: { kind: "join", with: "customer:5" } },
    ]);
    expect(await answer("ignore", "customer:8", "customer:2")).toHaveLength(2);
    await settle();

    const now = await linked();
    expect(now).toMatchObject({
      "customer:1": before["customer:1"],
      "customer:3": organizations.cedarSouth,
      "customer:5": before["customer:5"],
      "customer:6": before["customer:5"],
      "vendor:1": before["vendor:1"],
    });
    expect(Object.keys(now)).not.toContain("customer:8");
    expect(Object.keys(now)).not.toContain("customer:2");
    expect(await product.standing("customer:8")).toMatchObject({ disposition: "ignored" });
    expect(await product.standing("customer:2")).toMatchObject({ disposition: "ignored" });

    const linkedTo = await product.organization(organizations.cedarSouth);
    expect(linkedTo).toMatchObject({ name: "Cedar South", external_id: null });
    expect(linkedTo.organization_fields).toMatchObject({ qbo_open_amount: 10, qbo_key: created("customer:3") });
    expect(await fieldsOf(organizations.cedarNorth)).toMatchObject({ qbo_open_amount: null, qbo_key: null });

    const dogwood = await product.organization(now["customer:4"]);
    expect(dogwood).toMatchObject({ name: "Dogwood Ltd", external_id: created("customer:4") });
    expect(dogwood.organization_fields).toMatchObject({ qbo_open_amount: 20 });
    expect(await fieldsOf(organizations.dogwoodInc)).toMatchObject({ qbo_key: null });

    // 30 USD, and 40 EUR at 1.1.
    expect(await fieldsOf(before["customer:5"])).toMatchObject({ qbo_open_amount: 74, qbo_currency: "MIXED" });
    await expectCleared(before["customer:6"], null);
    await expectCleared(before["customer:8"], null);
    await expectCleared(organizations.birch, "CRM-602");
    expect(await product.organization(organizations.birch)).toMatchObject({
      notes: "Ask for Ms Birch.",
      tags: ["gold"],
    });
    expect(await parked()).toEqual([]);
  });

  it("that is undone brings back what was before", async () => {
    const answers = await answer("undo", "customer:3", "customer:4", "customer:6", "customer:8", "customer:2");
    expect(answers.map(({ undone }) => undone)).toEqual(["link", "create", "join", "ignore", "ignore"]);
    const dogwood = (await linked())["customer:4"];
    await settle();

    const now = await linked();
    expect(now).toEqual({ ...before, "customer:4": now["customer:4"] });
    // The organization that the answer made has its name: it is found by that now.
    expect(now["customer:4"]).toBe(dogwood);
    expect((await parked()).map(({ party, reason }) => `${party} ${reason}`)).toEqual([
      "customer:3 several-organizations",
    ]);
    await expectCleared(organizations.cedarSouth, null);
    expect(await fieldsOf(before["customer:5"])).toMatchObject({ qbo_open_amount: 30, qbo_currency: "USD" });
    expect(await fieldsOf(before["customer:6"])).toMatchObject({ qbo_open_amount: 40, qbo_currency: "EUR" });
    expect(await fieldsOf(before["customer:8"])).toMatchObject({ qbo_open_amount: 50 });
    expect(await fieldsOf(organizations.birch)).toMatchObject({ qbo_open_amount: 75.5 });
    expect(await product.verdict()).toMatchObject({ different: 0, foreignTouched: 0, duplicates: 0, differences: [] });
  });

  if (!served)
    it("that cannot be given is refused with what to do instead", async () => {
      const refused = async (...words: string[]) => {
        const { code, err } = await product.run("review", ...words);
        expect(code).toBe(1);
        expect(err.split("\n")).toHaveLength(2);
        return err;
      };
      expect(await refused("create", "Workshop")).toMatch(/is shown with customer:1: answer for that one instead/);
      expect(await refused("undo", "customer:5")).toMatch(/Nobody answered for customer:5/);
      expect(await refused("link", "customer:5", String(before["customer:1"]))).toMatch(
        /shows customer:1 already.*--yes/,
      );
    });

  async function expectCleared(id: number | undefined, externalId: string | null): Promise<void> {
    const { organization_fields: fields, external_id } = await product.organization(id);
    const ours = Object.entries(fields).filter(
      ([key, value]) => key.startsWith("qbo_") && value !== null && value !== false,
    );
    expect(ours).toEqual([]);
    expect(external_id).toBe(externalId);
  }
});
