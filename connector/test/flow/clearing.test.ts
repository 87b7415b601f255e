import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parsePartyKey } from "../../src/domain/index.ts";
import { defaultFields } from "../../src/rules/mapping/index.ts";
import { smallAccount, smallCompany, today } from "../harness/small-world.ts";
import { type Flow, startFlow } from "./bench.ts";

// SPEC.md I17.
describe("a card that loses its last party", () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ company: smallCompany(), account: smallAccount(), today });
    const plan = await flow.load();
    await flow.engine.stores.plans.approve(plan.id, "test");
    await flow.settled();
  });
  afterAll(() => flow.close());

  const standingOf = async (party: string) =>
    (await flow.engine.stores.overview.standings(flow.connectionId)).find(({ key }) => key === party);

  /** What a clearing write leaves, put there behind our back: as after a crash between the write and its settlement. */
  async function clearBehindOurBack(id: number): Promise<void> {
    const empty = Object.fromEntries(defaultFields.map(({ key, type }) => [key, type === "checkbox" ? false : null]));
    const record = { organization_fields: empty };
    await flow.zendeskControl("POST", "mutate", { entity: "organization", operation: "update", id, record });
    await flow.engine.loadDirectory(flow.subdomain, () => undefined);
  }

  it.each(["customer:2", "customer:5"])("lets go of %s also where its values are cleared already", async (party) => {
    const { organizationId = 0, origin } = (await standingOf(party)) ?? {};
    await clearBehindOurBack(organizationId);
    await flow.engine.stores.links.storeAnswer(flow.connectionId, parsePartyKey(party), { kind: "ignore" }, "test");
    await flow.settled();
    expect(await standingOf(party)).toMatchObject({ disposition: "ignored", organizationId: undefined });
    const organization = (await flow.accountNow()).organizations.find(({ id }) => id === organizationId);
    // Our key goes from what we created; what people had there stays.
    expect(organization?.external_id).toBe(origin === "created" ? null : "CRM-602");
  });
});
