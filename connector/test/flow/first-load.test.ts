import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleAccount } from "../../src/cli/demo/sample-account.ts";
import { sampleCompany } from "../../src/cli/demo/sample-company.ts";
import { startFlow } from "./bench.ts";
import { compareWithOracle } from "./compare.ts";

describe("a first load", () => {
  let flow: Awaited<ReturnType<typeof startFlow>>;
  beforeAll(async () => {
    const company = sampleCompany(1, "2026-11-20");
    flow = await startFlow({ company, account: sampleAccount(1, company), today: "2026-11-20" });
  });
  afterAll(() => flow.close());

  it("writes what the plan said", async () => {
    const before = await flow.zendeskControl("GET", "state");
    const plan = await flow.load();
    console.log(JSON.stringify(plan.counts));
    expect(await flow.engine.stores.plans.approve(plan.id, "test")).toBe(true);
    await flow.settled();
    const counts = await flow.engine.stores.links.countDispositions(flow.connectionId);
    console.log(JSON.stringify(counts));
    console.log(JSON.stringify(await flow.engine.stores.incidents.open()));
    console.log(JSON.stringify(await flow.zendeskControl("GET", "counters")));
    console.log(JSON.stringify(await flow.quickbooksControl("GET", "counters")));
    console.log(JSON.stringify(await compareWithOracle(flow, before), undefined, 1).slice(0, 6000));
  });
});
