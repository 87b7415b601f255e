import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parsePartyKey } from "../../src/domain/index.ts";
import { defaultFields } from "../../src/rules/mapping/index.ts";
import { type Flow, startFlow } from "./bench.ts";
import { compareWithOracle } from "./compare.ts";
import { account, type CardName, cards, company, joins, today } from "./default-fields/company.ts";
import { later, mutations } from "./default-fields/later.ts";
import { type Row, rows } from "./default-fields/rows.ts";

describe("every default field, from QuickBooks to Zendesk", () => {
  let flow: Flow;
  let before: unknown;
  const organizationIds = new Map<CardName, number>();

  beforeAll(async () => {
    flow = await startFlow({ company, account, today });
    before = await flow.zendeskControl("GET", "state");
    await flow.load();
    for (const [party, other] of joins)
      await flow.engine.stores.links.storeAnswer(
        flow.connectionId,
        parsePartyKey(party),
        { kind: "join", with: parsePartyKey(other) },
        "test",
      );
    const plan = await flow.engine.plan(flow.connectionId, () => undefined);
    await flow.engine.stores.plans.approve(plan?.id ?? 0, "test");
    await flow.settled();
    for (const name of Object.keys(cards) as CardName[]) {
      const [link] = await flow.engine.stores.links.linksOf(flow.connectionId, [parsePartyKey(cards[name])]);
      if (link) organizationIds.set(name, link.organizationId);
    }
  });
  afterAll(() => flow?.close());

  const organizationOf = async (card: CardName) => {
    const { organizations } = await flow.accountNow();
    const found = organizations.find(({ id }) => id === organizationIds.get(card));
    if (!found) throw new Error(`${card} has no organization`);
    return found;
  };

  it("has a row for every default field and every value of a drop-down, and for nothing else", () => {
    expect(Object.keys(rows).sort()).toEqual(defaultFields.map(({ key }) => key).sort());
    for (const { key, options = [] } of defaultFields) {
      const told = new Set(
        [...(rows[key] ?? []), ...later.filter(({ field }) => field === key)].map(({ value }) => value),
      );
      for (const { value } of options) expect(told, `a row with ${value}`).toContain(value);
    }
  });

  for (const [field, of] of Object.entries(rows))
    describe(field, () => {
      it.each<Row>([...of])("$card: $from: $value", async ({ card, value }) => {
        expect((await organizationOf(card)).organization_fields[field]).toEqual(value);
      });
    });

  it("names what it creates, and leaves the name, number and notes of what was there", async () => {
    expect(await organizationOf("inactive")).toMatchObject({
      name: "Vesper Gym",
      external_id: expect.stringMatching(/:customer:13$/),
    });
    expect(await organizationOf("studio")).toMatchObject({
      id: 501,
      name: "The studio by the marsh",
      external_id: "CRM-77",
      notes: "Call before noon.",
      tags: expect.arrayContaining(["vip", "qbo_status_open"]),
    });
    expect(await organizationOf("timber")).toMatchObject({ id: 502, name: "Yarrow", external_id: null });
    const { users } = await flow.accountNow();
    expect(
      users.find(({ id }) => id === 902)?.organization_id,
      "a user without an organization who has the address",
    ).toBe(organizationIds.get("bakery"));
  });

  it("agrees with an independent computation", async () => {
    const verdict = await compareWithOracle(flow, before);
    expect(verdict.differences).toEqual([]);
    expect(verdict.cards).toBe(organizationIds.size);
  });

  it("finds the same cards when our database is lost, those of two parties among them", async () => {
    const linked = await flow.engine.stores.overview.standings(flow.connectionId);
    const writes = await flow.zendeskWrites();
    const second = await startFlow({ company, account, today, beside: flow });
    try {
      const plan = await second.load();
      await second.engine.stores.plans.approve(plan.id, "test");
      await second.settled();
      expect(await second.engine.stores.overview.standings(second.connectionId)).toEqual(linked);
      expect(await second.zendeskWrites()).toBe(writes);
    } finally {
      await second.close();
    }
  });

  describe("after changes that no webhook told of, once the change poll ran", () => {
    beforeAll(async () => {
      for (const mutation of mutations) await flow.quickbooksControl("POST", "mutate", mutation);
      await flow.engine.stores.overview.makePollDue(flow.connectionId);
      await flow.engine.pollWhenDue(flow.connectionId);
      await flow.settled();
    });

    it.each(later)("$card, $field: $from: $value", async ({ card, field, value }) => {
      const organization = await organizationOf(card);
      expect(organization.organization_fields[field]).toEqual(value);
    });

    it("keeps the name of an inactive vendor, without the word that QuickBooks puts behind it", async () => {
      expect((await organizationOf("power")).name).toBe("Vale Power");
    });

    it("agrees with an independent computation", async () => {
      expect((await compareWithOracle(flow, before)).differences).toEqual([]);
    });
  });
});
