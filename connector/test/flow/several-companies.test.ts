// Several companies into one account, and one company into several accounts: each pair is a connection of its own.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startQuickbooksSimulator } from "../../../simulators/quickbooks/src/index.ts";
import { startZendeskSimulator } from "../../../simulators/zendesk/src/index.ts";
import { createConnection } from "../../src/connections/index.ts";
import { type ConnectionId, parseSubdomain, priorities, type Subdomain } from "../../src/domain/index.ts";
import { eventually } from "../harness/index.ts";
import { smallCompany, today } from "../harness/small-world.ts";
import { type AccountDump, type Flow, startFlow } from "./bench.ts";

const secondRealm = "9341453000000002";
const otherAccount = parseSubdomain("other");

describe("connections that share a company or an account", () => {
  let flow: Flow;
  let second: ConnectionId;
  let third: ConnectionId;
  const stop = new AbortController();
  const owning: Promise<unknown>[] = [];
  beforeAll(async () => {
    // The same books twice: every name and every address is wanted by two clients.
    const quickbooks = await startQuickbooksSimulator({
      company: smallCompany(),
      companies: { [secondRealm]: smallCompany() },
    });
    const zendesk = await startZendeskSimulator({ account: {}, moreSubdomains: [otherAccount] });
    flow = await startFlow({ company: {}, account: {}, today, beside: { quickbooks, zendesk } });
    const first = await flow.load();
    await flow.engine.stores.plans.approve(first.id, "test");
    await flow.settled();
    second = await connect(flow.subdomain, secondRealm);
    third = await connect(otherAccount, flow.quickbooks.realm);
    for (const [id, subdomain] of [
      [second, flow.subdomain],
      [third, otherAccount],
    ] as const)
      await load(id, subdomain);
  });
  afterAll(async () => {
    stop.abort();
    await Promise.all(owning);
    await flow.close();
    await flow.quickbooks.close();
    await flow.zendesk.close();
  });

  async function connect(subdomain: Subdomain, realm: string): Promise<ConnectionId> {
    const { engine } = flow;
    const id = await createConnection({ subdomain }, engine.life);
    const begun = await engine.stores.connections.read(id);
    if (begun) await engine.useConfiguredZendesk(begun);
    const url = await engine.beginAuthorization({ system: "quickbooks", connectionId: id });
    const asked = `${url}&simulator_consent=allow&simulator_realm=${realm}`;
    const answer = await fetch(asked, { redirect: "manual" });
    const query = Object.fromEntries(new URL(answer.headers.get("location") ?? "http://none").searchParams);
    expect(await engine.completeAuthorization("quickbooks", query, undefined)).toMatchObject({ missing: [] });
    return id;
  }

  async function load(id: ConnectionId, subdomain: Subdomain): Promise<void> {
    const { engine } = flow;
    await engine.loadDirectory(subdomain, () => undefined);
    await engine.sweep(id, "test", () => undefined);
    const plan = await engine.plan(id, () => undefined);
    await engine.stores.plans.approve(plan?.id ?? 0, "test");
    if (subdomain === otherAccount) owning.push(engine.owners.own(subdomain, stop.signal));
    else engine.owners.wake(subdomain);
    await eventually(async () => {
      const backlog = await engine.stores.marks.countDue([id]);
      return backlog.every(({ due, waiting }) => due + waiting === 0);
    }, 60_000);
  }

  const organizations = async (subdomain?: Subdomain) => {
    const call = subdomain === undefined ? "state" : `state?subdomain=${subdomain}`;
    return ((await flow.zendeskControl("GET", call)) as AccountDump).organizations;
  };
  const keyed = (all: AccountDump["organizations"], realm: string) =>
    all.filter(({ external_id }) => external_id?.startsWith(`qbo:${realm}:`));

  it("give every client of either company an organization of its own, under a name that nobody else has", async () => {
    const all = await organizations();
    const [ours, theirs] = [keyed(all, flow.quickbooks.realm), keyed(all, secondRealm)];
    expect(ours.length).toBeGreaterThan(5);
    expect(theirs).toHaveLength(ours.length);
    expect(new Set(all.map(({ name }) => name.toLowerCase())).size).toBe(all.length);
    // The first company keeps the bare names.
    expect(ours.map(({ name }) => name)).toContain("Gorse Gardens");
    expect(theirs.map(({ name }) => name)).toContain("Gorse Gardens (customer)");
  });

  it("write what changes in one company to its own client alone", async () => {
    const of = async (realm: string) =>
      keyed(await organizations(), realm).find(({ external_id }) => external_id?.endsWith(":customer:8"));
    const before = await of(flow.quickbooks.realm);
    const { entities }: { entities: { Id: string }[] } = await flow.quickbooksControl("POST", "mutate", {
      mutations: [
        {
          realm: secondRealm,
          entity: "Invoice",
          operation: "create",
          record: { CustomerRef: { value: "8" }, TxnDate: "2026-11-02", DueDate: "2026-12-12", TotalAmt: 7 },
        },
      ],
    });
    const causes = [{ kind: "person" as const, who: "test", what: "look again", at: new Date().toISOString() }];
    await flow.engine.stores.marks.mark([
      { connectionId: second, kind: "record", key: `Invoice:${entities[0]?.Id}`, priority: priorities.urgent, causes },
    ]);
    flow.engine.owners.wake(flow.subdomain);
    await eventually(async () => (await of(secondRealm))?.organization_fields["qbo_open_count"] === 2, 30_000);
    expect(await of(flow.quickbooks.realm)).toEqual(before);
  });

  it("show one company in two accounts, each with all of its clients", async () => {
    const here = keyed(await organizations(), flow.quickbooks.realm);
    const there = keyed(await organizations(otherAccount), flow.quickbooks.realm);
    const keys = (of: typeof here) => new Set(of.map(({ external_id }) => external_id));
    expect(keys(there)).toEqual(keys(here));
    expect(there.map(({ name }) => name)).toContain("Gorse Gardens");
  });
});
