// What agents pick on a ticket, and whom they find there: vendors, items, accounts, and billing contacts as users.
import { afterEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/domain/index.ts";
import type { ProposedPlan } from "../../src/sync/reconcile/index.ts";
import { eventually } from "../harness/index.ts";
import { smallAccount, smallCompany } from "../harness/small-world.ts";
import { startWorld, type World } from "../switches/world.ts";

interface Field {
  id: number;
  type: string;
  title: string;
  custom_field_options?: { id: number; name: string; value: string }[];
}

interface State {
  ticket_fields: Field[];
  users: { id: number; name: string; email: string; role: string; organization_id: number | null }[];
  tickets: {
    id: number;
    tags: string[];
    organization_id: number | null;
    custom_fields: { id: number; value: unknown }[];
  }[];
}

const stamps = { MetaData: { CreateTime: "2026-10-01T09:00:00-07:00", LastUpdatedTime: "2026-10-01T09:00:00-07:00" } };
const items = [
  { Id: "1", Name: "Fountain", FullyQualifiedName: "Design:Fountain", Active: true, Type: "Service", ...stamps },
  { Id: "2", Name: "Pump", FullyQualifiedName: "Pump", Active: true, Type: "Inventory", ...stamps },
  { Id: "3", Name: "Design", FullyQualifiedName: "Design", Active: true, Type: "Category", ...stamps },
];
const accounts = [
  { Id: "60", Name: "Travel", FullyQualifiedName: "Travel", Active: true, AccountType: "Expense", ...stamps },
];
const somebody = 920_000_000_001;

let world: World;
afterEach(() => world.close());

async function stage(settings: JsonObject): Promise<void> {
  const account = smallAccount() as Record<string, object[]>;
  world = await startWorld({
    company: { ...smallCompany(3), Item: items, Account: accounts },
    account: {
      ...account,
      // Nobody in Zendesk has the address of customer 1.
      users: [
        ...(account["users"] ?? []).filter((user) => !JSON.stringify(user).includes("ada@alder.example")),
        { id: somebody, name: "Zoe", email: "zoe@asks.example", role: "end-user" },
      ],
      tickets: [{ id: 1, subject: "A part is missing", description: "Hello", requester_id: somebody }],
    },
    settings,
    webhooks: { aggregationMs: 50 },
  });
}

async function load(): Promise<void> {
  await world.connect();
  await world.approve();
  await world.quiet();
}

/** Loaded without the setting; then its plan, by which nothing changes, and its approval, which ends when all is done. */
async function start(settings: JsonObject): Promise<ProposedPlan["counts"]> {
  await stage({});
  await load();
  const seen = async () => {
    const { ticket_fields, users, tickets } = await state();
    return { ticket_fields, users, tickets };
  };
  const before = await seen();
  const plan = await world.proposeSettings(settings);
  await world.wake();
  expect(await seen()).toEqual(before);
  expect(await world.apply(plan)).toMatchObject({ state: "applied", planned: 0, beside: 0 });
  return plan.counts;
}

const state = (): Promise<State> => world.zendeskControl("GET", "state");
const fieldOf = async (title: string) => (await state()).ticket_fields.find((field) => field.title === title);
const optionsOf = async (title: string) => ((await fieldOf(title))?.custom_field_options ?? []).map(({ name }) => name);

describe("what agents pick on a ticket", () => {
  it("are the company's items, accounts and vendors, each in a field of its own", async () => {
    const planned = await start({ ticketFields: ["item", "category", "vendor"] });
    expect((await state()).ticket_fields).toHaveLength(3);
    expect(await optionsOf("QuickBooks item")).toEqual(["Design:Fountain", "Pump"]);
    expect(await optionsOf("QuickBooks category")).toEqual(["Travel"]);
    expect(planned).toMatchObject({ ticketFieldsToCreate: 3, ticketOptionsToAdd: 3, usersToCreate: 0 });

    // The agent opens the ticket, sees what there is, and picks.
    const [item, vendor] = [await fieldOf("QuickBooks item"), await fieldOf("QuickBooks vendor")];
    const page = await (await fetch(`${world.zendeskUrl}/tickets/1`)).text();
    expect(page).toContain(">Design:Fountain</option>");
    expect(page).toContain(">Hazel Paper</option>");
    // Nobody but a vendor is offered as one.
    expect(page).not.toContain(">Alder Joinery</option>");
    const paper = await world.standing("vendor:1");
    const pump = item?.custom_field_options?.find(({ name }) => name === "Pump")?.value ?? "";
    const picked = new URLSearchParams({
      [`field:${item?.id}`]: pump,
      [`field:${vendor?.id}`]: String(paper.organizationId),
      do: "save",
    });
    const saved = await fetch(`${world.zendeskUrl}/tickets/1`, { method: "POST", body: picked, redirect: "manual" });
    expect(saved.status).toBe(303);
    const [ticket] = (await state()).tickets;
    const values = Object.fromEntries((ticket?.custom_fields ?? []).map(({ id, value }) => [id, value]));
    expect(values).toMatchObject({ [item?.id ?? 0]: pump, [vendor?.id ?? 0]: String(paper.organizationId) });

    // A new item is offered, a renamed one keeps its value, and what a ticket has is never taken away.
    await world.change({ entity: "Item", operation: "create", record: { Name: "Rock", Type: "Service" } });
    await world.change({ entity: "Item", operation: "rename", id: "1", record: { Name: "Waterfall" } });
    await world.change({ entity: "Item", operation: "inactivate", id: "2" });
    await world.quiet();
    await world.poll();
    await eventually(async () => (await optionsOf("QuickBooks item")).includes("Rock"), 30_000);
    await world.quiet();
    expect(await optionsOf("QuickBooks item")).toContain("Pump");
    const [after] = (await state()).tickets;
    expect(after?.custom_fields).toContainEqual({ id: item?.id, value: pump });
    expect((await state()).ticket_fields).toHaveLength(3);
    const rows = await world.engine.stores.journal.search({ connectionId: world.connection(), limit: 1_000 });
    const told = rows
      .filter(({ action }) => action === "ticket-field-written")
      .map(({ before, after }) => [before, after]);
    expect(told).toHaveLength(5);
    expect(told).toContainEqual([{}, { field: "QuickBooks item", options: 2 }]);
    expect(told).toContainEqual([{}, { field: "QuickBooks item", option: "Rock" }]);
    expect(told).toContainEqual([
      { option: "Design:Fountain" },
      { field: "QuickBooks item", option: expect.stringContaining("Waterfall") },
    ]);
  });

  it("is made once, although nobody answered when it was made", async () => {
    await stage({ ticketFields: ["item"] });
    await world.zendeskControl("POST", "faults", { operation: "CreateTicketField", status: 500, afterEffect: true });
    await load();
    await eventually(async () => (await optionsOf("QuickBooks item")).length === 2, 30_000);
    await world.quiet();
    const made = (await world.calls()).filter(({ operation }) => operation === "CreateTicketField");
    expect(made.map(({ status }) => status)).toEqual([500]);
    const rows = await world.engine.stores.journal.search({ connectionId: world.connection(), limit: 1_000 });
    expect(rows.filter(({ action }) => action === "ticket-field-written")).toHaveLength(1);
    expect((await state()).ticket_fields).toHaveLength(1);
  });
});

describe("billing contacts", () => {
  it("become end users of their client's organization, so that their tickets show it", async () => {
    const planned = await start({ contacts: true });
    const alder = await world.standing("customer:1");
    const ada = (await state()).users.find(({ email }) => email === "ada@alder.example");
    expect(ada).toMatchObject({ role: "end-user", organization_id: alder.organizationId });
    const verdict = await world.verdict();
    expect(verdict.differences).toEqual([]);
    const made = (await world.calls()).filter(({ operation, status }) => operation === "CreateUser" && status === 201);
    expect(planned).toMatchObject({ usersToCreate: made.length, ticketFieldsToCreate: 0 });

    await world.edit({
      entity: "ticket",
      operation: "create",
      record: { subject: "My invoice", comment: { body: "Hello" }, requester_id: ada?.id },
    });
    const ticket = (await state()).tickets.at(-1);
    expect(ticket?.organization_id).toBe(alder.organizationId);
    // They were asked for once, without a mail of Zendesk to anybody.
    const asked = (await world.calls()).filter(({ operation }) => operation === "CreateUser");
    expect(asked.every(({ requestBody }) => JSON.stringify(requestBody).includes('"skip_verify_email":true'))).toBe(
      true,
    );
    expect(new Set(asked.map(({ requestBody }) => JSON.stringify(requestBody))).size).toBe(asked.length);
  });

  it("whom somebody made meanwhile stay as they are, agents too", async () => {
    await stage({});
    await load();
    await world.zendeskControl("POST", "switches", { webhookLoss: 1, searchLagMs: 0 });
    await world.edit({
      entity: "user",
      operation: "create",
      record: { name: "Ada of ours", email: "ada@alder.example", role: "agent" },
    });
    await world.apply(await world.proposeSettings({ contacts: true }));
    expect((await world.calls()).filter(({ operation }) => operation === "SearchUsers")).not.toEqual([]);
    const ada = (await state()).users.filter(({ email }) => email === "ada@alder.example");
    expect(ada).toMatchObject([{ name: "Ada of ours", role: "agent", organization_id: null }]);
  });
});
