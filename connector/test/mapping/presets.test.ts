import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parsePartyKey } from "../../src/domain/index.ts";
import { presets } from "../../src/rules/mapping/index.ts";
import { type Flow, startFlow } from "../flow/bench.ts";
import { account, type CardName, cards, company, joins, today } from "../flow/default-fields/company.ts";
import { rows } from "../flow/default-fields/rows.ts";
import { changeMapping } from "./change-mapping.ts";
import { golden } from "./presets/golden.ts";

// The sample company and its figures stand in flow/default-fields, each with its reason; what only a preset shows, in presets/golden.ts.
describe("a preset, on the sample company", () => {
  let flow: Flow;
  const organizationIds = new Map<CardName, number>();
  beforeAll(async () => {
    flow = await startFlow({ company, account, today });
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

  it.each(presets.map((preset) => [preset.name, preset] as const))(
    "%s gives every card its golden values",
    async (name, preset) => {
      await changeMapping(flow, preset.document);
      await flow.settled();
      const { organizations } = await flow.accountNow();
      const keys = preset.document.rows.map(({ target }) => target.key);
      for (const [card, id] of organizationIds) {
        const found = organizations.find((organization) => organization.id === id);
        const byHand = keys.flatMap((key) =>
          (rows[key] ?? []).flatMap((row) => (row.card === card ? [[key, row.value]] : [])),
        );
        const more = golden[name]?.[card] ?? {};
        expect(found?.organization_fields, card).toMatchObject({ ...Object.fromEntries(byHand), ...more.fields });
        expect(found?.notes ?? "", card).toBe(more.notes ?? (card === "studio" ? "Call before noon." : ""));
        // What the preset does not name is empty, whatever was there before.
        const others = Object.entries(found?.organization_fields ?? {}).filter(
          ([key]) => key.startsWith("qbo_") && !keys.includes(key),
        );
        expect(
          others.filter(([, value]) => value !== null && value !== false),
          card,
        ).toEqual([]);
      }
    },
    240_000,
  );

  it("status-only leaves no amount and no count anywhere", async () => {
    const { organizations } = await flow.accountNow();
    for (const { organization_fields, notes } of organizations) {
      expect(Object.values(organization_fields).filter((value) => typeof value === "number")).toEqual([]);
      expect(notes ?? "").not.toMatch(/\d/);
    }
  });
});
