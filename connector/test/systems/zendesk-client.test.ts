import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type OrganizationId, parseOrganizationId, parseUserId } from "../../src/domain/index.ts";
import { defaultFields } from "../../src/rules/mapping/index.ts";
import type { JobState, OrganizationWrite } from "../../src/sync/reconcile/ports.ts";
import { eventually } from "../harness/index.ts";
import { startZendeskBench } from "./zendesk-bench.ts";

let bench: Awaited<ReturnType<typeof startZendeskBench>>;
beforeEach(async () => {
  bench = await startZendeskBench({
    account: {
      organizations: [
        {
          id: 10_000_000_000_001,
          name: "Acme",
          external_id: "crm-7",
          notes: "call first",
          domain_names: ["acme.test"],
        },
        ...Array.from({ length: 250 }, (_, index) => ({
          id: 10_000_000_001_000 + index,
          name: `Organization ${index}`,
        })),
      ],
      users: [
        {
          id: 20_000_000_000_001,
          name: "Ann",
          email: "Ann@Acme.test",
          role: "end-user",
          organization_id: 10_000_000_000_001,
        },
        { id: 20_000_000_000_002, name: "Otto", email: "otto@support.test", role: "agent" },
        { id: 20_000_000_000_003, name: "Nobody", email: null, role: "end-user" },
      ],
    },
  });
  for (const [position, field] of defaultFields.slice(0, 12).entries())
    await bench.client.createField(bench.subdomain, field, position);
});
afterEach(async () => {
  // Every call has the name of its operation, and what is reported of it holds neither query nor body.
  for (const call of bench.calls) expect(`${call.operation} ${call.subject}`).toMatch(/^[A-Za-z.-]+ simulator$/);
  await bench.close();
});

const soon = () => performance.now() + 5_000;
const acme = parseOrganizationId(10_000_000_000_001);

async function ended(jobId: string, items: OrganizationWrite[]): Promise<Extract<JobState, { state: "ended" }>> {
  let last: JobState | undefined;
  await eventually(async () => {
    last = (await bench.client.readJobs(bench.subdomain, [{ jobId, items }])).get(jobId);
    return last?.state === "ended";
  });
  return last as Extract<JobState, { state: "ended" }>;
}

describe("the Zendesk client", () => {
  it("lists every organization and user once, by cursor", async () => {
    const ids: OrganizationId[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await bench.client.listOrganizations(bench.subdomain, cursor);
      ids.push(...page.organizations.map(({ id }) => id));
      cursor = page.next;
      pages += 1;
    } while (cursor !== undefined);
    expect(new Set(ids).size).toBe(251);
    expect(ids).toHaveLength(251);
    expect(pages).toBe(3);
    const { users } = await bench.client.listUsers(bench.subdomain, undefined);
    expect(users.filter(({ id }) => id < 30_000_000_000_000)).toEqual([
      { id: 20_000_000_000_001, organizationId: acme, addresses: ["ann@acme.test"], agent: false },
      { id: 20_000_000_000_002, organizationId: undefined, addresses: ["otto@support.test"], agent: true },
      { id: 20_000_000_000_003, organizationId: undefined, addresses: [], agent: false },
    ]);
  });

  it("creates organizations by job and reads back what it sent, in canonical form", async () => {
    const items: OrganizationWrite[] = [
      {
        name: "New & Co",
        externalId: "qbo:1:customer:5",
        fields: {
          qbo_status: "qbo_status_overdue",
          qbo_open_count: 2,
          qbo_open_amount: "1234.5",
          qbo_overdue_since: "2026-10-01",
        },
      },
      { name: " acme ", externalId: "qbo:1:customer:6", fields: {} },
    ];
    const { jobId } = await bench.client.createMany(bench.subdomain, items, soon());
    const { results } = await ended(jobId, items);
    expect(results[0]).toMatchObject({ kind: "done" });
    expect(results[1]).toMatchObject({ kind: "failed" });
    const [created, ...rest] = await bench.client.showByExternalIds(bench.subdomain, [
      "QBO:1:customer:5",
      "qbo:1:customer:6",
    ]);
    expect(rest).toEqual([]);
    expect(created).toMatchObject({ name: "New & Co", externalId: "qbo:1:customer:5", keys: ["qbo:1:customer:5"] });
    expect(created?.fields).toMatchObject(items[0]?.fields ?? {});
    expect(await bench.client.listOpenJobs(bench.subdomain)).toEqual([]);
  });

  it("says of a taken name that it is taken, so that it can be looked up", async () => {
    const items = [{ name: "Acme", externalId: "qbo:1:customer:6", fields: {} }];
    const { jobId } = await bench.client.createMany(bench.subdomain, items, soon());
    expect((await ended(jobId, items)).results).toMatchObject([{ kind: "failed", duplicateName: true }]);
    const [item] = items;
    await expect(bench.client.createOrUpdate(bench.subdomain, item ?? { fields: {} }, soon())).rejects.toMatchObject({
      code: "DuplicateValue",
      action: "park",
      outcomeUnknown: false,
    });
    expect(await bench.client.findByName(bench.subdomain, "acme")).toMatchObject([{ id: acme }]);
  });

  it("updates what it names and nothing else", async () => {
    const items = [{ id: acme, fields: { qbo_open_count: 3 } }];
    const { jobId } = await bench.client.updateMany(bench.subdomain, items, soon());
    expect((await ended(jobId, items)).results).toEqual([{ kind: "done", id: acme }]);
    const { organization } = await bench.client.update(
      bench.subdomain,
      { id: acme, fields: { qbo_open_amount: "7.25" } },
      soon(),
    );
    expect(organization).toMatchObject({
      name: "Acme",
      externalId: "crm-7",
      fields: { qbo_open_count: 3, qbo_open_amount: "7.25" },
    });
    const state = JSON.stringify(await bench.control.get("state"));
    expect(state).toContain("call first");
    const cleared = await bench.client.update(bench.subdomain, { id: acme, fields: { qbo_open_amount: null } }, soon());
    expect(cleared.organization.fields).not.toHaveProperty("qbo_open_amount");
  });

  it("shows more than a hundred by id in several calls, and leaves out what is gone", async () => {
    const ids = Array.from({ length: 150 }, (_, index) => parseOrganizationId(10_000_000_001_000 + index));
    const found = await bench.client.showByIds(bench.subdomain, [...ids, parseOrganizationId(99_999_999_999_999)]);
    expect(new Set(found.map(({ id }) => id))).toEqual(new Set(ids));
  });

  it("adds members by job", async () => {
    const member = { userId: parseUserId(20_000_000_000_003), organizationId: acme };
    const { jobId } = await bench.client.createMemberships(bench.subdomain, [member], soon());
    expect((await ended(jobId, [{ fields: {} }])).results).toMatchObject([{ kind: "done" }]);
    const { users } = await bench.client.listUsers(bench.subdomain, undefined);
    expect(users.find(({ id }) => id === member.userId)?.organizationId).toBe(acme);
  });

  it("knows the fields of the account", async () => {
    const fields = await bench.client.listFields(bench.subdomain);
    const status = fields.find(({ key }) => key === "qbo_status");
    expect(status?.type).toBe("dropdown");
    expect(status?.options.map(({ value }) => value)).toContain("qbo_status_overdue");
    const [first] = defaultFields;
    if (first)
      await expect(bench.client.createField(bench.subdomain, first, 0)).rejects.toMatchObject({
        code: "DuplicateValue.key",
      });
  });

  it("sends no write whose time is over, and says that nothing happened", async () => {
    const late = bench.client.createMany(bench.subdomain, [{ name: "Late", fields: {} }], performance.now() - 1);
    await expect(late).rejects.toMatchObject({ code: "deadline", action: "retry", outcomeUnknown: false });
    expect((await bench.control.log()).filter(({ operation }) => operation === "CreateManyOrganizations")).toEqual([]);
  });

  it("says that the outcome is unknown when a write ends in an error of theirs or in silence", async () => {
    await bench.control.faults({ operation: "UpdateOrganization", nth: 1, times: 1, status: 500, afterEffect: true });
    const write = () => bench.client.update(bench.subdomain, { id: acme, fields: { qbo_open_count: 9 } }, soon());
    await expect(write()).rejects.toMatchObject({ action: "retry", outcomeUnknown: true });
    const [now] = await bench.client.showByIds(bench.subdomain, [acme]);
    expect(now?.fields["qbo_open_count"]).toBe(9);
    const { id } = await bench.control.post("gates", { operation: "UpdateOrganization", nth: 1, at: "after-effect" });
    const silent = expect(write()).rejects.toMatchObject({ code: "broken", outcomeUnknown: true });
    await bench.control.get(`gates/${String(id)}?waitMs=5000`);
    await bench.control.post(`gates/${String(id)}/release`, { drop: true });
    await silent;
  });

  it("keeps one organization's own limit from stopping the account", async () => {
    const write = (count: number) =>
      bench.client.update(bench.subdomain, { id: acme, fields: { qbo_open_count: count } }, soon());
    for (const count of [1, 2, 3, 4, 5]) await write(count);
    await expect(write(6)).rejects.toMatchObject({ status: 429, action: "wait" });
    expect(bench.blocks.blocked.size).toBe(0);
    expect(await bench.client.showByIds(bench.subdomain, [acme])).toHaveLength(1);
    expect(bench.client.accountLimits(bench.subdomain)?.account).toMatchObject({ total: 700 });
  });

  it("refreshes once after a refused token, and proves a token by asking for it", async () => {
    expect((await bench.client.checkToken(bench.subdomain)).scopes).toEqual(["read", "write"]);
    bench.tokens.current = "nonsense";
    await bench.client.listFields(bench.subdomain);
    expect(bench.tokens.refreshes).toBe(1);
    await expect(bench.client.checkToken(bench.subdomain, "nonsense")).rejects.toMatchObject({ action: "reauthorize" });
    expect(bench.tokens.refreshes).toBe(1);
  });

  it("calls a job expired that Zendesk no longer shows", async () => {
    const jobs = await bench.client.readJobs(bench.subdomain, [
      { jobId: "V3-00000000000000000000000000000000", items: [] },
    ]);
    expect([...jobs.values()]).toEqual([{ state: "expired" }]);
  });
});
