// What a person answers once for many: batches, rules, organizations of several clients, possible duplicates.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OrganizationId, parseOrganizationId, partyKeyText } from "../../src/domain/index.ts";
import { type BulkRule, possibleDuplicates, proposeAnswers } from "../../src/sync/links/index.ts";
import { type Flow, startFlow } from "../flow/bench.ts";
import { today } from "../harness/small-world.ts";

const stamps = { MetaData: { CreateTime: "2026-10-01T09:00:00-07:00", LastUpdatedTime: "2026-10-01T09:00:00-07:00" } };
const customer = (Id: number, DisplayName: string, Address?: string) => ({
  Id: String(Id),
  SyncToken: "0",
  DisplayName,
  FullyQualifiedName: DisplayName,
  Active: true,
  Balance: 0,
  CurrencyRef: { value: "USD" },
  ...(Address === undefined ? {} : { PrimaryEmailAddr: { Address } }),
  ...stamps,
});
const vip = 910_000_000_001;
const clients = [1, 2, 3, 4, 5, 6];
const formed = [11, 12, 13];

const company = {
  Customer: [
    ...clients.map((id) => customer(id, `Client ${"abcdefg"[id]}`, `bill@client${id}.example`)),
    ...formed.map((id) => customer(id, `Former ${id} Ltd`, id === 13 ? undefined : `bill@former${id}.example`)),
    customer(21, "Test one"),
    customer(22, "TEST two"),
    customer(23, "Attested"),
    customer(31, "Heron Gardens"),
    customer(32, "Heron Garden"),
    customer(33, "Heron Gardens (EUR)"),
  ],
};
const account = {
  organizations: [
    { id: vip, name: "VIP" },
    ...formed.map((id) => ({
      id: 910_000_000_000 + id,
      name: `Former ${id} Inc`,
      domain_names: [`former${id}.example`],
    })),
    { id: 910_000_000_031, name: "Herons Gardens" },
  ],
  users: clients.map((id) => ({
    id: 800 + id,
    name: `Person ${id}`,
    email: `bill@client${id}.example`,
    organization_id: vip,
  })),
  organization_memberships: [],
};

describe("answers for many", () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ company, account, today });
    const plan = await flow.load();
    await flow.engine.stores.plans.approve(plan.id, "test");
    await flow.settled();
  });
  afterAll(() => flow?.close());

  const review = () => flow.engine.stores.review;
  const connection = () => ({ id: flow.connectionId, subdomain: flow.subdomain });
  const propose = (rule: BulkRule) => proposeAnswers({ ...flow.engine.stores, review: review() }, connection(), rule);
  const standings = async () =>
    new Map((await flow.engine.stores.overview.standings(flow.connectionId)).map((one) => [one.key, one]));
  const dispositions = async () =>
    Object.fromEntries([...(await standings())].map(([key, { disposition, reason }]) => [key, reason ?? disposition]));
  const actions = async () =>
    (await flow.engine.stores.journal.search({ connectionId: flow.connectionId, limit: 1000 })).map(
      ({ action, who }) => `${action} ${who}`,
    );

  it("asks about an organization of many clients once, and takes one answer for all of them", async () => {
    expect(await review().containerQuestions(flow.connectionId, 10)).toMatchObject([
      { organizationId: vip, name: "VIP", parties: 6, examples: [{ displayName: "Client b" }, {}, {}] },
    ]);
    const organization = parseOrganizationId(vip);
    expect(await review().sayOfSeveralClients(flow.connectionId, { id: organization, several: true }, "ada")).toBe(
      true,
    );
    await flow.settled();
    const after = await dispositions();
    for (const id of clients) expect(after[`customer:${id}`]).toBe("linked");
    expect(new Set(clients.map((id) => after[`customer:${id}`])).size).toBe(1);
    const now = await standings();
    expect(new Set(clients.map((id) => now.get(`customer:${id}`)?.organizationId)).size).toBe(6);
    expect(await review().containerQuestions(flow.connectionId, 10)).toEqual([]);
    expect(await actions()).toContain("several-clients-said ada");
    expect(await review().sayOfSeveralClients(flow.connectionId, { id: organization, several: true }, "ada")).toBe(
      false,
    );
  });

  it("shows what a rule would answer before it does, stores it as one batch, and undoes it whole", async () => {
    const before = await dispositions();
    const rule: BulkRule = { filter: { reason: "legal-form", candidates: "one", sameDomain: true }, answer: "link" };
    const proposal = await propose(rule);
    expect(proposal.answers.map(({ party, organization }) => `${partyKeyText(party)} ${organization}`)).toEqual([
      "customer:11 Former 11 Inc",
      "customer:12 Former 12 Inc",
    ]);
    expect(proposal.shared).toEqual([]);
    expect(await dispositions()).toEqual(before);

    const id = await review().storeBatch(flow.connectionId, { ...proposal, who: "ada" });
    expect(id).toBeGreaterThan(0);
    await flow.settled();
    expect(await dispositions()).toMatchObject({
      "customer:11": "linked",
      "customer:12": "linked",
      "customer:13": "legal-form",
    });
    expect(await review().batches(flow.connectionId, 5)).toMatchObject([{ id, rule, who: "ada", answers: 2 }]);
    expect(await review().storeBatch(flow.connectionId, { ...proposal, who: "bob" })).toBeUndefined();

    expect(await review().undoBatch(flow.connectionId, id ?? 0, "bob")).toBe(2);
    await flow.settled();
    expect(await dispositions()).toEqual(before);
    const organizations = (await flow.accountNow()).organizations.filter(({ name }) => name.startsWith("Former"));
    for (const { organization_fields } of organizations)
      expect(Object.entries(organization_fields).filter(([, value]) => value !== null && value !== false)).toEqual([]);
    expect(await review().undoBatch(flow.connectionId, id ?? 0, "bob")).toBeUndefined();
    expect(await review().batches(flow.connectionId, 5)).toMatchObject([{ undone: { who: "bob" } }]);
  });

  it("counts the organizations that several parties would share by one answer", async () => {
    const proposal = await propose({ filter: { kind: "customer", candidates: "one" }, answer: "link" });
    expect(proposal.answers.map(({ party }) => party.id)).toEqual(["11", "12", "13"]);
    expect((await propose({ filter: { name: "former 13*" }, answer: "ignore" })).answers).toHaveLength(1);
    expect((await propose({ filter: { kind: "vendor" }, answer: "ignore" })).answers).toEqual([]);
  });

  it("lets the answer that stood before stand again when the one after it is undone", async () => {
    const { links } = flow.engine.stores;
    const party = { kind: "customer", id: "23" } as const;
    const before = (await standings()).get("customer:23");
    await links.storeAnswer(flow.connectionId, party, { kind: "ignore" }, "ada");
    await flow.settled();
    await links.storeAnswer(flow.connectionId, party, { kind: "join", with: { kind: "customer", id: "31" } }, "bob");
    await flow.settled();
    expect((await dispositions())["customer:23"]).toBe("linked");
    expect(await links.undoAnswer(flow.connectionId, party, "eve")).toMatchObject({ kind: "join" });
    expect(await links.answersOf(flow.connectionId, [party])).toEqual([
      { party, answer: { kind: "ignore" }, who: "ada" },
    ]);
    await flow.settled();
    expect((await dispositions())["customer:23"]).toBe("ignored");
    await links.undoAnswer(flow.connectionId, party, "eve");
    expect(await links.answersOf(flow.connectionId, [party])).toEqual([]);
    await flow.settled();
    expect((await standings()).get("customer:23")).toEqual({ ...before, origin: "adopted" });
  });

  it("leaves out by name, takes the rule back whole, and lets a person's answer count more", async () => {
    const { links } = flow.engine.stores;
    const exception = { kind: "customer", id: "22" } as const;
    await links.storeAnswer(flow.connectionId, exception, { kind: "create" }, "ada");
    await flow.settled();
    const affected = [{ kind: "customer", id: "21" } as const];
    const rule = await review().addIgnoreRule(flow.connectionId, { name: "test*" }, affected, "ada");
    await flow.settled();
    expect(await dispositions()).toMatchObject({
      "customer:21": "ignored",
      "customer:22": "linked",
      "customer:23": "linked",
    });
    expect(await review().ignored(flow.connectionId, 10)).toEqual([
      { party: affected[0], displayName: "Test one", by: `rule ${rule} ("test*") of ada` },
    ]);
    expect(await review().endIgnoreRule(flow.connectionId, rule, "bob")).toBe(true);
    expect(await review().endIgnoreRule(flow.connectionId, rule, "bob")).toBe(false);
    await flow.settled();
    expect((await dispositions())["customer:21"]).toBe("linked");
    expect(await actions()).toEqual(expect.arrayContaining(["ignore-rule-added ada", "ignore-rule-ended bob"]));
  });

  it("lists possible duplicates, ours and the account's, until a person says that they are none", async () => {
    const now = await standings();
    const idOf = (party: string) => now.get(party)?.organizationId ?? 0;
    const pairs = async () =>
      (await possibleDuplicates(review(), flow.connectionId, 50)).found
        .filter(({ name }) => name.startsWith("Heron"))
        .map(({ organizationId, other }) => [organizationId, other.organizationId].sort((a, b) => a - b).join(" "))
        .sort();
    const all = [idOf("customer:31"), idOf("customer:32"), idOf("customer:33"), 910_000_000_031].sort((a, b) => a - b);
    const expected = all.flatMap((one, place) => all.slice(place + 1).map((other) => `${one} ${other}`)).sort();
    expect(await pairs()).toEqual(expected);
    const [first = "", ...rest] = expected;
    const [one, other] = first.split(" ").map(Number) as [OrganizationId, OrganizationId];
    await review().sayNotDuplicate(flow.connectionId, [other, one], "ada");
    expect(await pairs()).toEqual(rest);
    expect((await possibleDuplicates(review(), flow.connectionId, 1)).more).toBe(true);
  });
});
