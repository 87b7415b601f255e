import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseOrganizationId, parseUserId } from "../../src/domain/index.ts";
import { eventually } from "../harness/index.ts";
import { type LiveFlow, startLiveFlow } from "./live-bench.ts";

const stamp = "2026-10-01T09:00:00-07:00";
const common = { MetaData: { CreateTime: stamp, LastUpdatedTime: stamp }, CurrencyRef: { value: "USD" } };
const customer = (Id: string, more: object = {}) => ({
  Id,
  DisplayName: `Client ${Id}`,
  Active: true,
  Balance: 0,
  ...common,
  ...more,
});
const shared = { PrimaryEmailAddr: { Address: "ann@client-three.example" } };
const company = { Customer: [customer("1"), customer("2"), customer("3", shared), customer("4")] };
/** Two organizations that client 3 may belong to, by the users of one address: a person has to say, or Zendesk has to change. */
const account = {
  organizations: [
    { id: 501, name: "Three A" },
    { id: 502, name: "Three B" },
  ],
  users: [
    { id: 901, name: "Ann", email: "ann@client-three.example", role: "end-user", organization_id: 501 },
    { id: 902, name: "Bob", email: "bob@elsewhere.example", role: "end-user", organization_id: 502 },
  ],
};

interface Hooks {
  webhooks: {
    isIdle: boolean;
    webhooks: { id: string; endpoint: string; subscriptions: string[] }[];
    deliveries: { state: string }[];
  };
}

describe("what people do in Zendesk", () => {
  let flow: LiveFlow;
  beforeAll(async () => {
    flow = await startLiveFlow({ company, account, today: "2026-11-20" });
    await eventually(async () => (await hooks()).webhooks.length === 1, 20_000);
    await eventually(subscribed, 20_000);
  });
  afterAll(() => flow?.close());

  const hooks = async () => ((await flow.zendeskControl("GET", "webhooks")) as Hooks).webhooks;
  const stores = () => flow.running.engine.stores;
  const subdomain = "simulator" as never; // a subdomain, as the bench connects it
  const subscribed = async () => {
    const base = flow.running.engine.zendeskHooks();
    return base !== undefined && !(await stores().events.isMissing(subdomain, base));
  };
  const mutate = async (mutation: object): Promise<{ entity: { id: number } }> =>
    flow.zendeskControl("POST", "mutate", mutation);
  const newestCall = async () => {
    const { requests }: { requests: { seq: number }[] } = await flow.zendeskControl("GET", "log");
    return requests.at(-1)?.seq ?? 0;
  };
  const standing = async (party: string) =>
    (await stores().overview.standings(flow.connectionId)).find(({ key }) => key === party);
  it("reaches us by one webhook, whose events are signed and whose endpoint cannot be guessed", async () => {
    const [webhook, ...others] = (await hooks()).webhooks;
    expect(others).toEqual([]);
    expect(webhook?.endpoint).toMatch(/^http:\/\/localhost:\d+\/webhooks\/zendesk\/[0-9a-f]{32}$/);
    expect(webhook?.subscriptions).not.toContain("zen:event-type:organization.custom_field_changed");
    expect(webhook?.subscriptions).toContain("zen:event-type:organization.deleted");
  });

  it("finds the webhook of a try that got no answer, and removes its doubles", async () => {
    const [webhook] = (await hooks()).webhooks;
    const { bulk } = flow.running.engine.clients.zendesk;
    await bulk.createWebhook(subdomain, { name: "double", endpoint: webhook?.endpoint ?? "", subscriptions: [] });
    expect((await hooks()).webhooks).toHaveLength(2);
    await flow.run(sql`update zendesk_webhook set active_at = null`);
    await eventually(subscribed);
    expect((await hooks()).webhooks.map(({ id }) => id)).toEqual([webhook?.id]);
  });

  it("is refused when it is not signed by Zendesk, is old, or stands under another path, with the same answer", async () => {
    const endpoint = (await hooks()).webhooks[0]?.endpoint ?? "";
    const post = (url: string, headers: Record<string, string>) =>
      fetch(url, { method: "POST", headers, body: JSON.stringify({ subject: "zen:organization:501" }) });
    const now = new Date().toISOString();
    const bad = { "x-zendesk-webhook-signature": "bm8=", "x-zendesk-webhook-signature-timestamp": now };
    const answers = [
      await post(endpoint, bad),
      await post(endpoint, {}),
      await post(`${endpoint.slice(0, -32)}${"0".repeat(32)}`, bad),
      await post(`${endpoint.slice(0, -32)}nothing`, bad),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
  });

  it("tells us nothing by the creation of what we created, and something by whatever else is said of it", async () => {
    const id = parseOrganizationId((await standing("customer:1"))?.organizationId ?? 0);
    const [known] = await stores().directory.organizationsByIds(subdomain, [id]);
    const created = { externalId: known?.externalId ?? "", name: known?.name ?? "" };
    expect(created.externalId).toMatch(/^qbo:\d+:customer:1$/);
    const marked = async (...of: { id: number; created?: typeof created }[]) => {
      await stores().events.receive(of.map((one) => ({ subdomain, named: { kind: "organization", ...one } })));
      const marks = (await stores().events.claim(subdomain, "organization", 100)).filter(
        (mark) => mark.id === of[0]?.id,
      );
      await stores().events.settle(subdomain, marks);
      return marks.length > 0;
    };
    expect(await marked({ id, created })).toBe(false);
    expect(await marked({ id, created: { ...created, name: "Renamed at once" } })).toBe(true);
    expect(await marked({ id, created }, { id })).toBe(true);
    expect(await marked({ id }, { id, created })).toBe(true);
    // Somebody else made one with a key of our form: nothing of ours is on its way.
    expect(await marked({ id: 9_000_001, created: { ...created, externalId: "qbo:1:customer:77" } })).toBe(true);
  });

  it("reaches the directory: organizations made, renamed and deleted, and users", async () => {
    const made = await mutate({ entity: "organization", operation: "create", record: { name: "Brand new" } });
    const id = parseOrganizationId(made.entity.id);
    const nameKnown = async () => (await stores().directory.organizationsByIds(subdomain, [id]))[0]?.name;
    await eventually(async () => (await nameKnown()) === "Brand new");
    await mutate({ entity: "organization", operation: "update", id, record: { name: "Renamed" } });
    await eventually(async () => (await nameKnown()) === "Renamed");
    await mutate({ entity: "organization", operation: "delete", id });
    await eventually(async () => (await nameKnown()) === undefined);

    const email = "new@client-four.example";
    const user = await mutate({
      entity: "user",
      operation: "create",
      record: { name: "New", email, role: "end-user" },
    });
    const known = async () => (await stores().directory.usersByAddresses(subdomain, [email]))[0]?.id;
    await eventually(async () => (await known()) === parseUserId(user.entity.id));
    await mutate({ entity: "user", operation: "delete", id: user.entity.id });
    await eventually(async () => (await known()) === undefined);
  });

  it("parks a party whose organization somebody deleted, without a poll or a sweep", async () => {
    const { id } = await flow.organizationOf("customer:2");
    await mutate({ entity: "organization", operation: "delete", id });
    await eventually(async () => (await standing("customer:2"))?.disposition === "parked");
  });

  it("costs no write where we did it ourselves", async () => {
    const seq = await newestCall();
    await flow.change({ entity: "Customer", operation: "create", record: { DisplayName: "Client of today" } });
    await eventually(async () => (await flow.writesSince(seq)).length > 0);
    await flow.settled();
    await eventually(async () => (await hooks()).isIdle);
    await flow.settled();
    expect(await flow.writesSince(seq)).toHaveLength(1);
  });

  it("is put right within the hour where it changed our own fields, and only those", async () => {
    const { id } = await flow.organizationOf("customer:1");
    const before = (await flow.organizationOf("customer:1")).organization_fields;
    await mutate({
      entity: "organization",
      operation: "update",
      id,
      record: { notes: "mine", organization_fields: { qbo_contact: "somebody else" } },
    });
    const seq = await newestCall();
    // The hour passes.
    await flow.run(sql`update account set export_due_at = now()`);
    await eventually(async () => (await flow.writesSince(seq)).length > 0, 20_000);
    await flow.settled();
    const after = await flow.organizationOf("customer:1");
    expect(after.organization_fields).toEqual(before);
    expect(after.notes).toBe("mine");
    expect(await flow.writesSince(seq)).toHaveLength(1);
  });

  it("has the client of a new ticket read at once where that is wanted, and is told of no ticket otherwise", async () => {
    const ticketCreated = "zen:event-type:ticket.created";
    const { id } = await flow.organizationOf("customer:1");
    expect((await hooks()).webhooks[0]?.subscriptions).not.toContain(ticketCreated);
    // A change that no webhook announces.
    await flow.quickbooksControl("POST", "mutate", {
      entity: "Customer",
      operation: "update",
      id: "1",
      silent: true,
      record: { PrimaryPhone: { FreeFormNumber: "555-0100" } },
    });
    const { settings } = (await stores().connections.read(flow.connectionId)) ?? {};
    await stores().connections.saveSettings(flow.connectionId, { ...(settings as object), ticketEvents: true });
    await eventually(async () => (await hooks()).webhooks[0]?.subscriptions.includes(ticketCreated) === true, 20_000);
    await eventually(subscribed, 20_000);
    const requester = await mutate({
      entity: "user",
      operation: "create",
      record: { name: "Una", email: "una@client-one.example", role: "end-user", organization_id: id },
    });
    await mutate({
      entity: "ticket",
      operation: "create",
      record: {
        subject: "Where is my invoice?",
        description: "Please see above.",
        organization_id: id,
        requester_id: requester.entity.id,
      },
    });
    const phone = async () => (await flow.organizationOf("customer:1")).organization_fields["qbo_phone"];
    await eventually(async () => (await phone()) === "555-0100", 20_000);
    expect((await hooks()).webhooks).toHaveLength(1);

    await stores().connections.saveSettings(flow.connectionId, { ...(settings as object), ticketEvents: false });
    await eventually(async () => (await hooks()).webhooks[0]?.subscriptions.includes(ticketCreated) === false, 20_000);
  });
});
