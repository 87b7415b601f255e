import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleAccount } from "../../src/cli/demo/sample-account.ts";
import { sampleCompany } from "../../src/cli/demo/sample-company.ts";
import { priorities } from "../../src/domain/index.ts";
import { everyoneKey } from "../../src/sync/marks/index.ts";
import type { ProposedPlan } from "../../src/sync/reconcile/index.ts";
import { eventually } from "../harness/index.ts";
import { type Flow, startFlow } from "./bench.ts";
import { compareWithOracle } from "./compare.ts";

const today = "2026-11-20";
const seed = 1;
const company = sampleCompany(seed, today);
const account = sampleAccount(seed, company);
const rows = Object.values(company).flatMap((records) => (Array.isArray(records) ? [records.length] : []));
const pages = rows.reduce((sum, count) => sum + Math.ceil(count / 1_000), 0);

const ofWriting = /^(Create|Update|Delete|Bulk|Merge)/;
const ofReadingTheDirectory = /^(List|Count)(Organizations|Users|OrganizationMemberships)$/;
const ofPollingJobs = /JobStatus(es)?$/;

describe("the first load of the demo company", () => {
  let flow: Flow;
  let before: unknown;
  let plan: ProposedPlan;
  beforeAll(async () => {
    flow = await startFlow({ company, account, today });
    before = await flow.zendeskControl("GET", "state");
    plan = await flow.load();
  });
  afterAll(() => flow?.close());

  const counters = (system: "quickbooks" | "zendesk"): Promise<Record<string, number>> =>
    system === "quickbooks" ? flow.quickbooksControl("GET", "counters") : flow.zendeskControl("GET", "counters");
  const countDispositions = async () => {
    const counts: Record<string, number> = {};
    for (const { state, count } of await flow.engine.stores.links.countDispositions(flow.connectionId))
      counts[state] = (counts[state] ?? 0) + count;
    return counts;
  };

  it("writes nothing before somebody has approved the plan, whatever changes meanwhile", async () => {
    flow.own();
    const { connectionId } = flow;
    const invoice = company.Invoice.find(({ Balance }) => Balance > 0);
    const causes = [{ kind: "person" as const, who: "test", what: "look again", at: new Date().toISOString() }];
    const mark = { connectionId, priority: priorities.urgent, causes };
    await flow.engine.stores.marks.mark([
      { ...mark, kind: "record", key: `Invoice:${invoice?.Id}` },
      { ...mark, kind: "party", key: `customer:${invoice?.CustomerRef.value}` },
    ]);
    flow.engine.owners.wake(flow.subdomain);
    await eventually(async () => {
      const backlog = await flow.engine.stores.marks.countDue([connectionId]);
      return backlog.some(({ kind }) => kind === "party") && backlog.every(({ kind }) => kind === "party");
    });
    const made = Object.keys(await counters("zendesk")).filter((operation) => ofWriting.test(operation));
    expect(made).toEqual([]);
    expect(await flow.engine.stores.links.countDispositions(connectionId)).toEqual([]);
  });

  it("makes of every party what the plan said", async () => {
    expect(await flow.engine.stores.plans.approve(plan.id, "test")).toBe(true);
    await flow.settled();
    const { create, update, unchanged, parked, ignored, outOfScope, rolledUp, parties } = plan.counts;
    const found = await countDispositions();
    expect(found).toMatchObject({ parked, "rolled-up": rolledUp, "out-of-scope": outOfScope });
    const standings = await flow.engine.stores.overview.standings(flow.connectionId);
    const linkedTo = new Set(standings.flatMap(({ organizationId }) => organizationId ?? []));
    expect(linkedTo.size).toBe(create + update + unchanged);
    expect(standings).toHaveLength(parties);
    expect(Object.values(found).reduce((sum, count) => sum + count, 0)).toBe(parties);
    expect(ignored).toBe(0);
  });

  it("parks at most 3 in 100", async () => {
    const { parked = 0 } = await countDispositions();
    expect(parked / plan.counts.parties).toBeLessThanOrEqual(0.03);
  });

  it("costs QuickBooks at most its pages of 1,000 records and 25 calls, none of which writes", async () => {
    const { "oauth.authorize": browser = 0, ...calls } = await counters("quickbooks");
    expect(browser).toBe(1);
    const sum = Object.values(calls).reduce((total, count) => total + count, 0);
    expect(sum).toBeLessThanOrEqual(pages + 25);
    expect(
      Object.keys(calls).filter(
        (operation) => !/^(oauth\.|query$|read$|cdc$|companyinfo$|preferences$)/.test(operation),
      ),
    ).toEqual([]);
  });

  it("costs Zendesk at most a job per 100 cards and 30 calls, apart from reading the directory and polling jobs", async () => {
    const calls = Object.entries(await counters("zendesk")).filter(
      ([operation]) => !ofReadingTheDirectory.test(operation) && !ofPollingJobs.test(operation),
    );
    const writes = calls.filter(([operation]) => ofWriting.test(operation));
    const cards = plan.counts.create + plan.counts.update + plan.counts.unchanged;
    expect(writes.reduce((sum, [, count]) => sum + count, 0)).toBeLessThanOrEqual(cards / 100 + 30);
    const others = calls.filter(([operation]) => !ofWriting.test(operation));
    // Token, its check, the fields that are there, the read-back after the first job, and a look at the users before each job of memberships.
    expect(others.reduce((sum, [, count]) => sum + count, 0)).toBeLessThanOrEqual(10);
  });

  it("leaves Zendesk as an independent computation has it", async () => {
    const verdict = await compareWithOracle(flow, before);
    expect(verdict.differences).toEqual([]);
    expect(verdict).toMatchObject({ different: 0, foreignTouched: 0, duplicates: 0 });
    expect(verdict.equal).toBe(plan.counts.create + plan.counts.update + plan.counts.unchanged);
  });

  // SPEC.md I16.
  it("changes nothing when everything is read and decided again", async () => {
    const writes = await flow.zendeskWrites();
    await flow.engine.loadDirectory(flow.subdomain, () => undefined);
    await flow.engine.sweep(flow.connectionId, "test", () => undefined);
    const again = await flow.engine.dryRun(flow.connectionId);
    expect(again?.counts).toMatchObject({ create: 0, update: 0, fieldsToCreate: 0, parked: plan.counts.parked });
    await markEveryone(flow);
    await flow.settled();
    expect(await flow.zendeskWrites()).toBe(writes);
  });

  it("finds the same links when our database is lost, and writes nothing", async () => {
    const linked = await flow.engine.stores.overview.standings(flow.connectionId);
    const foreign = account.organizations.filter(
      ({ external_id }) => external_id !== null && !external_id.startsWith("qbo:"),
    );
    const adopted = new Set(
      linked.flatMap(({ origin, organizationId }) => (origin === "adopted" ? [organizationId] : [])),
    );
    expect(
      foreign.filter(({ id }) => adopted.has(id)).length,
      "adopted ones with a foreign external_id",
    ).toBeGreaterThan(3);
    const writes = await flow.zendeskWrites();
    const second = await startFlow({ company, account, today, beside: flow });
    try {
      const found = await second.load();
      expect(found.counts).toMatchObject({ create: 0, update: 0, members: 0, fieldsToCreate: 0 });
      await second.engine.stores.plans.approve(found.id, "test");
      await second.settled();
      expect(await second.engine.stores.overview.standings(second.connectionId)).toEqual(linked);
      expect(await second.zendeskWrites()).toBe(writes);
      const { organizations } = await second.accountNow();
      for (const { id, external_id } of foreign)
        expect(organizations.find((one) => one.id === id)?.external_id).toBe(external_id);
    } finally {
      await second.close();
    }
  });
});

async function markEveryone(flow: Flow): Promise<void> {
  const { connectionId } = flow;
  const causes = [{ kind: "person" as const, who: "test", what: "everything again", at: new Date().toISOString() }];
  await flow.engine.stores.marks.mark([
    { connectionId, kind: "party", key: everyoneKey, priority: priorities.background, causes },
  ]);
}
