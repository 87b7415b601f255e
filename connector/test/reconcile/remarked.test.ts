import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { priorities } from "../../src/domain/index.ts";
import { type Flow, startFlow } from "../flow/bench.ts";
import { eventually } from "../harness/index.ts";
import { smallAccount, smallCompany, today } from "../harness/small-world.ts";

const cause = { kind: "person", who: "test", what: "change", at: "2026-11-20T10:00:00Z" } as const;

// SPEC.md I1.
describe("a card that is marked again while it is held", () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ company: smallCompany(), account: smallAccount(), today });
    const plan = await flow.load();
    await flow.engine.stores.plans.approve(plan.id, "test");
    await flow.settled();
  });
  afterAll(() => flow.close());

  const invoice = async (customer: string, amount: number) => {
    const { entity }: { entity: { Id: string } } = await flow.quickbooksControl("POST", "mutate", {
      entity: "Invoice",
      operation: "create",
      record: { CustomerRef: { value: customer }, TotalAmt: amount, TxnDate: today },
    });
    await flow.engine.stores.marks.mark([
      {
        connectionId: flow.connectionId,
        kind: "record",
        key: `Invoice:${entity.Id}`,
        priority: priorities.live,
        causes: [cause],
      },
    ]);
    flow.engine.owners.wake(flow.subdomain);
  };
  const gate = async (operation: string, at: "before-effect" | "after-effect") => {
    const { id }: { id: string } = await flow.zendeskControl("POST", "gates", { operation, nth: 1, at });
    return {
      holds: () => flow.zendeskControl("GET", `gates/${id}?waitMs=20000`),
      release: () => flow.zendeskControl("POST", `gates/${id}/release`, {}),
    };
  };
  const amounts = async (id: number | undefined) => {
    const { requests }: { requests: { operation: string; path: string; requestBody: unknown }[] } =
      await flow.zendeskControl("GET", "log");
    return requests.flatMap(({ operation, path, requestBody }) => {
      if (operation !== "UpdateOrganization" || !path.includes(String(id))) return [];
      const { organization } = requestBody as { organization: { organization_fields: Record<string, unknown> } };
      return organization.organization_fields["qbo_open_amount"];
    });
  };

  it.each(["before-effect", "after-effect"] as const)(
    "during its write (%s) is looked at once more, with what is true then",
    async (at) => {
      const party = at === "before-effect" ? "5" : "8";
      const standings = await flow.engine.stores.overview.standings(flow.connectionId);
      const id = standings.find(({ key }) => key === `customer:${party}`)?.organizationId;
      const opened = party === "5" ? 30 : 50;
      const held = await gate("UpdateOrganization", at);
      await invoice(party, 1);
      await held.holds();
      for (const amount of [2, 3, 4]) await invoice(party, amount);
      // All of it is read before the card is free again.
      await eventually(async () => {
        const backlog = await flow.engine.stores.marks.countDue([flow.connectionId]);
        return backlog.every(({ kind, due, waiting }) => kind !== "record" || due + waiting === 0);
      });
      await held.release();
      await flow.settled();
      const organization = (await flow.accountNow()).organizations.find((one) => one.id === id);
      expect(organization?.organization_fields["qbo_open_amount"]).toBe(opened + 10);
      // One write for what was known then, one for all that came while it was held; nothing in between, nothing twice.
      expect(await amounts(id)).toEqual([opened + 1, opened + 10]);
    },
  );
});
