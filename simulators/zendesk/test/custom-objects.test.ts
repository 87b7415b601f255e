import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startWithClient, type TestClient } from "./client.ts";

const object = { key: "invoice", title: "Invoice", title_pluralized: "Invoices" };
const fields = [
  {
    id: 81,
    object_key: "invoice",
    key: "org",
    type: "lookup",
    title: "Client",
    relationship_target_type: "zen:organization",
  },
  { id: 82, object_key: "invoice", key: "total", type: "decimal", title: "Total" },
  { id: 83, object_key: "invoice", key: "due", type: "date", title: "Due" },
  {
    id: 84,
    object_key: "invoice",
    key: "status",
    type: "dropdown",
    title: "Status",
    custom_field_options: [
      { name: "Open", value: "inv_open" },
      { name: "Paid", value: "inv_paid" },
    ],
  },
];
const account = {
  organizations: [
    { id: 11, name: "Acme" },
    { id: 12, name: "Birds" },
  ],
  users: [{ id: 21, name: "Amy", email: "amy@acme.example", organization_id: 11 }],
  custom_objects: [object],
  custom_object_fields: fields,
};

let zendesk: TestClient;
beforeEach(async () => {
  zendesk = await startWithClient({ account });
  await zendesk.control("POST", "switches", { searchLagMs: 0 });
});
afterEach(() => zendesk.close());

const at = "/api/v2/custom_objects";
const upsert = (externalId: string, record: object) =>
  zendesk.call("PATCH", `${at}/invoice/records?external_id=${externalId}`, { custom_object_record: record });
const list = async (
  query = "",
): Promise<{ id: string; external_id: string; custom_object_fields: Record<string, unknown> }[]> =>
  (await zendesk.get(`${at}/invoice/records${query}`)).body.custom_object_records;
const job = async (action: string, items: unknown[]) => {
  const answer = await zendesk.call("POST", `${at}/invoice/jobs`, { job: { action, items } });
  expect(answer.status).toBe(201);
  return (await zendesk.get(`/api/v2/job_statuses/${answer.body.job_status.id}`)).body.job_status;
};

describe("custom objects", () => {
  it("are made by admins with their typed fields, and keys of deleted ones are burned", async () => {
    const made = await zendesk.call("POST", at, {
      custom_object: { key: "bill", title: "Bill", title_pluralized: "Bills" },
    });
    expect([made.status, made.body.custom_object.key]).toEqual([201, "bill"]);
    const field = { key: "org", type: "lookup", title: "Vendor" };
    const refused = await zendesk.call("POST", `${at}/bill/fields`, { custom_object_field: field });
    expect([refused.status, Object.keys(refused.body.details)]).toEqual([422, ["relationship_target_type"]]);
    const target = { ...field, relationship_target_type: "zen:organization" };
    expect((await zendesk.call("POST", `${at}/bill/fields`, { custom_object_field: target })).status).toBe(201);
    const again = await zendesk.call("POST", `${at}/bill/fields`, { custom_object_field: target });
    expect(again.body.details.key[0].error).toBe("DuplicateValue");
    expect((await zendesk.call("DELETE", `${at}/bill`)).status).toBe(204);
    const burned = await zendesk.call("POST", at, {
      custom_object: { key: "bill", title: "B", title_pluralized: "B" },
    });
    expect(burned.body.details.key[0].error).toBe("DuplicateValue");
  });

  it("are refused where the plan has none, and beyond its number", async () => {
    await zendesk.control("POST", "plan", { plan: "support-professional" });
    expect((await zendesk.get(at)).status).toBe(403);
    await zendesk.control("POST", "switches", { missingFeature: "not-found" });
    expect((await zendesk.get(`${at}/invoice/records`)).body.error).toBe("InvalidEndpoint");
    await zendesk.control("POST", "plan", { plan: "team" });
    const make = (key: string) =>
      zendesk.call("POST", at, { custom_object: { key, title: key, title_pluralized: key } });
    expect([(await make("a")).status, (await make("b")).status, (await make("c")).status]).toEqual([201, 201, 422]);
    expect((await zendesk.get(`${at}/limits/object_limit`)).body).toEqual({ count: 3, limit: 3 });
  });
});

describe("records", () => {
  it("are created or changed by external id, and only what is sent changes", async () => {
    const first = await upsert("a", {
      name: "INV-1",
      custom_object_fields: { total: 5, org: "11", due: "2026-01-31" },
    });
    expect(first.status).toBe(200);
    const second = await upsert("a", { custom_object_fields: { total: 6 } });
    expect(second.body.custom_object_record.id).toBe(first.body.custom_object_record.id);
    expect(second.body.custom_object_record).toMatchObject({
      name: "INV-1",
      custom_object_fields: { total: 6, org: "11", due: "2026-01-31T00:00:00+00:00", status: null },
    });
    await upsert("A", { name: "INV-2" });
    expect((await list()).map((record) => record.external_id)).toEqual(["a", "A"]);
    expect((await list("?filter[external_ids]=A,none")).map((record) => record.external_id)).toEqual(["A"]);
  });

  it("are refused with a lookup to nothing, a taken external id, or more than 32 KB", async () => {
    const dangling = await upsert("a", { name: "x", custom_object_fields: { org: "99" } });
    expect([dangling.status, Object.keys(dangling.body.details)]).toEqual([422, ["org"]]);
    const name = { name: "x", external_id: "b" };
    expect((await zendesk.call("POST", `${at}/invoice/records`, { custom_object_record: name })).status).toBe(201);
    const twice = await zendesk.call("POST", `${at}/invoice/records`, { custom_object_record: name });
    expect(twice.body.details.external_id[0].error).toBe("DuplicateValue");
  });

  it("go by jobs, in which each item stands or falls alone", async () => {
    const done = await job("create_or_update_by_external_id", [
      { name: "INV-1", external_id: "a", custom_object_fields: { total: 1 } },
      { name: "", external_id: "b" },
      { name: "INV-3", external_id: "c", custom_object_fields: { status: "inv_open" } },
    ]);
    expect(done.status).toBe("completed");
    expect(done.results.map((one: { error?: string }) => one.error ?? "done")).toEqual([
      "done",
      "CustomObjectRecordUpdateFailed",
      "done",
    ]);
    const [kept] = await list();
    await job("update", [{ id: kept?.id, custom_object_fields: { total: 2 } }]);
    expect((await list())[0]?.custom_object_fields["total"]).toBe(2);
    await job("delete_by_external_id", ["a", "c"]);
    expect(await list()).toEqual([]);
    const many = Array.from({ length: 101 }, (_, index) => ({ name: `n${index}`, external_id: String(index) }));
    const tooMany = await zendesk.call("POST", `${at}/invoice/jobs`, { job: { action: "create", items: many } });
    expect([tooMany.status, tooMany.body.error]).toEqual([400, "TooManyValues"]);
  });

  it("are found by a filter, and say which of it makes no sense", async () => {
    for (const [externalId, total, org] of [
      ["a", 1, "11"],
      ["b", 5, "12"],
      ["c", 9, "11"],
    ] as const)
      await upsert(externalId, { name: `INV ${externalId}`, custom_object_fields: { total, org } });
    const search = (filter: object) => zendesk.call("POST", `${at}/invoice/records/search`, { filter });
    const found = await search({
      $and: [{ "custom_object_fields.org": { $eq: "11" } }, { "custom_object_fields.total": { $gt: 4 } }],
    });
    expect(found.body.custom_object_records.map((one: { external_id: string }) => one.external_id)).toEqual(["c"]);
    expect((await search({ "custom_object_fields.nope": { $eq: "1" } })).status).toBe(400);
    expect((await search({ "custom_object_fields.total": { $like: "1" } })).status).toBe(400);
  });

  it("are listed from the organization that they point at, and let go of it when it is deleted", async () => {
    await upsert("a", { name: "INV-1", custom_object_fields: { org: 11 } });
    await upsert("b", { name: "INV-2", custom_object_fields: { org: 12 } });
    const sources = (id: number) =>
      zendesk.get(`/api/v2/zen:organization/${id}/relationship_fields/81/zen%3Acustom_object%3Ainvoice`);
    const names = (await sources(11)).body.custom_object_records.map((one: { name: string }) => one.name);
    expect(names).toEqual(["INV-1"]);
    await zendesk.call("DELETE", "/api/v2/organizations/11");
    expect((await list())[0]?.custom_object_fields["org"]).toBeNull();
  });

  it("survive a snapshot and a dump that is loaded again", async () => {
    await upsert("a", { name: "INV-1", custom_object_fields: { total: 5, org: "11" } });
    await zendesk.control("POST", "snapshots", { name: "s" });
    await zendesk.call("DELETE", `${at}/invoice/records?external_id=a`);
    await zendesk.control("POST", "snapshots/s/restore");
    const before = await list();
    const { body } = await zendesk.control("GET", "state");
    expect((await zendesk.control("POST", "seed", { account: body })).status).toBe(200);
    expect(await list()).toEqual(before);
  });
});

describe("a ticket", () => {
  it("takes an option, a vendor or a record that an agent picks on its page", async () => {
    await zendesk.control("POST", "mutate", {
      entity: "ticket",
      operation: "create",
      record: { subject: "Help", comment: { body: "Hello" }, requester_id: 21 },
    });
    const make = async (record: object): Promise<number> =>
      (await zendesk.call("POST", "/api/v2/ticket_fields", { ticket_field: record })).body.ticket_field.id;
    const item = await make({
      type: "tagger",
      title: "Item",
      custom_field_options: [{ name: "Bolt", value: "item_1" }],
    });
    const vendor = await make({ type: "lookup", title: "Vendor", relationship_target_type: "zen:organization" });
    const invoice = await make({
      type: "lookup",
      title: "Invoice",
      relationship_target_type: "zen:custom_object:invoice",
    });
    const record = (await upsert("a", { name: "INV-1" })).body.custom_object_record.id as string;
    const page = (await zendesk.call("GET", "/tickets/1")).text;
    expect(page).toContain(">Bolt</option>");
    expect(page).toContain(">Birds</option>");
    expect(page).toContain(">INV-1</option>");
    const form = `field%3A${item}=item_1&field%3A${vendor}=12&field%3A${invoice}=${record}&do=save`;
    const saved = await zendesk.call("POST", "/tickets/1", form, {
      "content-type": "application/x-www-form-urlencoded",
    });
    expect(saved.status).toBe(303);
    const { ticket } = (await zendesk.get("/api/v2/tickets/1")).body;
    const values = Object.fromEntries(
      ticket.custom_fields.map(({ id, value }: { id: number; value: unknown }) => [id, value]),
    );
    expect(values).toEqual({ [item]: "item_1", [vendor]: "12", [invoice]: record });
    expect(ticket.tags).toContain("item_1");
    const nobody = { ticket: { custom_fields: [{ id: vendor, value: 99 }] } };
    expect((await zendesk.call("PUT", "/api/v2/tickets/1", nobody)).status).toBe(422);
  });

  it("is offered only the organizations that the field's filter lets pass", async () => {
    await zendesk.call("PUT", "/api/v2/organizations/12", { organization: { tags: ["vendor"] } });
    const filter = { all: [{ field: "tags", operator: "includes", value: "vendor" }], any: [] };
    const field = {
      type: "lookup",
      title: "Vendor",
      relationship_target_type: "zen:organization",
      relationship_filter: filter,
    };
    await zendesk.call("POST", "/api/v2/ticket_fields", { ticket_field: field });
    const ticket = { subject: "Help", comment: { body: "Hello" }, requester_id: 21 };
    await zendesk.call("POST", "/api/v2/tickets", { ticket });
    const page = (await zendesk.call("GET", "/tickets/1")).text;
    expect(page).toContain(">Birds</option>");
    expect(page).not.toContain(">Acme</option>");
  });
});
