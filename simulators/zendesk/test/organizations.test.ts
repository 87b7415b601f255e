import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startWithClient, type TestClient } from "./client.ts";

let zendesk: TestClient;
beforeEach(async () => {
  zendesk = await startWithClient();
});
afterEach(() => zendesk.close());

const create = (organization: object) => zendesk.call("POST", "/api/v2/organizations", { organization });

describe("organizations", () => {
  it("come back with the keys in the order of the wire, links with the host that was asked", async () => {
    const made = await create({ name: "  Acme  " });
    expect(made.status).toBe(201);
    expect(Object.keys(made.body.organization)).toEqual([
      "url",
      "id",
      "name",
      "shared_tickets",
      "shared_comments",
      "external_id",
      "created_at",
      "updated_at",
      "domain_names",
      "details",
      "notes",
      "group_id",
      "tags",
      "organization_fields",
    ]);
    expect(made.body.organization).toMatchObject({
      name: "Acme",
      external_id: null,
      tags: [],
      organization_fields: {},
    });
    const url = `${zendesk.url}/api/v2/organizations/${made.body.organization.id}.json`;
    expect(made.headers.get("location")).toBe(url);
    expect(made.body.organization.url).toBe(url);
    const shown = await zendesk.get(`/api/v2/organizations/${made.body.organization.id}.json`);
    expect(shown.body).toEqual(made.body);
  });

  it("refuse a second name that differs only in case and outer blanks, and a second external_id", async () => {
    await create({ name: "Acme", external_id: "Q1" });
    const twin = await create({ name: " ACME " });
    expect(twin.status).toBe(422);
    expect(twin.body).toEqual({
      error: "RecordInvalid",
      description: "Record validation errors",
      details: { name: [{ description: "Name: ACME has already been taken", error: "DuplicateValue" }] },
    });
    const sameKey = await create({ name: "Other", external_id: "q1" });
    expect(sameKey.body.details.external_id[0].error).toBe("DuplicateValue");
    expect((await create({ name: "A|B" })).body.details.name[0].error).toBe("InvalidValue");
    expect((await create({ name: "   " })).body.details.name[0].error).toBe("BlankValue");
  });

  it("drop unknown keys with a warning, ignore unknown field keys, refuse values of another type", async () => {
    const made = await create({ name: "Acme", colour: "red", organization_fields: { nobody: 1 } });
    expect(made.status).toBe(201);
    expect(made.headers.get("x-zendesk-api-warn")).toContain(':unpermitted_keys=>["organization.colour"]');
    const wrong = await create({ name: { deep: true } });
    expect(wrong.status).toBe(400);
    expect(wrong.body.error.title).toBe("Invalid attribute");
  });

  it("keep what a partial update does not send, and their time when nothing changes", async () => {
    await zendesk.control("POST", "clock", { now: "2026-11-22T10:00:00Z", freeze: true });
    const { organization } = (await create({ name: "Acme", notes: "by a person", tags: ["VIP", "vip"] })).body;
    await zendesk.control("POST", "clock", { advanceMs: 60_000 });
    const path = `/api/v2/organizations/${organization.id}`;
    const same = await zendesk.call("PUT", path, { organization: { name: "Acme" } });
    expect(same.body.organization.updated_at).toBe("2026-11-22T10:00:00Z");
    const changed = await zendesk.call("PUT", path, { organization: { external_id: 7 } });
    expect(changed.body.organization).toMatchObject({
      notes: "by a person",
      tags: ["vip"],
      external_id: "7",
      updated_at: "2026-11-22T10:01:00Z",
    });
  });

  it("are created or updated by id or external_id, never by name", async () => {
    const path = "/api/v2/organizations/create_or_update";
    const made = await zendesk.call("POST", path, { organization: { name: "Acme", external_id: "k" } });
    expect(made.status).toBe(201);
    const updated = await zendesk.call("POST", path, { organization: { external_id: "K", notes: "n" } });
    expect([updated.status, updated.body.organization.id]).toEqual([200, made.body.organization.id]);
    const byName = await zendesk.call("POST", path, { organization: { name: "Acme" } });
    expect(byName.status).toBe(422);
  });

  it("page by cursor in id order, with links on the last page that lead to an empty page of nulls", async () => {
    for (const name of ["C", "A", "B"]) await create({ name });
    const first = (await zendesk.get("/api/v2/organizations.json?page%5Bsize%5D=2")).body;
    expect(first.organizations.map((one: { name: string }) => one.name)).toEqual(["C", "A"]);
    expect(first.meta.has_more).toBe(true);
    expect(first.links.prev).toMatch(/page%5Bbefore%5D=/);
    const last = (await zendesk.get(first.links.next.slice(zendesk.url.length))).body;
    expect(last.organizations.map((one: { name: string }) => one.name)).toEqual(["B"]);
    expect(last.meta.has_more).toBe(false);
    expect(last.meta.after_cursor).not.toBeNull();
    const beyond = (await zendesk.get(last.links.next.slice(zendesk.url.length))).body;
    expect(beyond).toEqual({
      organizations: [],
      meta: { has_more: false, after_cursor: null, before_cursor: null },
      links: { prev: null, next: null },
    });
    const back = (await zendesk.get(last.links.prev.slice(zendesk.url.length))).body;
    expect(back.organizations.map((one: { name: string }) => one.name)).toEqual(["C", "A"]);
    const byName = (await zendesk.get("/api/v2/organizations?page[size]=2&sort=-name")).body;
    expect(byName.organizations.map((one: { name: string }) => one.name)).toEqual(["C", "B"]);
  });

  it("page by offset in name order, and no deeper than 10,000 records", async () => {
    for (const name of ["C", "A", "B"]) await create({ name });
    const page = (await zendesk.get("/api/v2/organizations?per_page=2")).body;
    expect(page.organizations.map((one: { name: string }) => one.name)).toEqual(["A", "B"]);
    expect(page).toMatchObject({
      count: 3,
      previous_page: null,
      next_page: `${zendesk.url}/api/v2/organizations?page=2&per_page=2`,
    });
    const deep = await zendesk.get("/api/v2/organizations?page=1001&per_page=10");
    expect([deep.status, deep.body.errors[0].code]).toEqual([400, "InvalidPaginationDepth"]);
  });

  it("are found by external_id at once and by autocomplete only after the index has caught up", async () => {
    const { organization } = (await create({ name: "Acme", external_id: "qbo:1:customer:5" })).body;
    const found = await zendesk.get("/api/v2/organizations/search?external_id=QBO%3A1%3Acustomer%3A5");
    expect(found.body.organizations[0].id).toBe(organization.id);
    expect((await zendesk.get("/api/v2/organizations/autocomplete?name=ac")).body.count).toBe(0);
    await zendesk.control("POST", "clock", { advanceMs: 61_000 });
    expect((await zendesk.get("/api/v2/organizations/autocomplete?name=ac")).body.count).toBe(1);
    const both = await zendesk.get("/api/v2/organizations/search?external_id=a&name=b");
    expect(both.status).toBe(400);
  });

  it("take their memberships with them when they are deleted, and are 404 from then on", async () => {
    const { organization } = (await create({ name: "Acme" })).body;
    const { user } = (
      await zendesk.call("POST", "/api/v2/users", {
        user: { name: "Amy", email: "amy@acme.example", organization_id: organization.id },
      })
    ).body;
    expect(user.organization_id).toBe(organization.id);
    const path = `/api/v2/organizations/${organization.id}`;
    expect((await zendesk.call("DELETE", path)).status).toBe(204);
    const gone = await zendesk.get(path);
    expect([gone.status, gone.body]).toEqual([404, { error: "RecordNotFound", description: "Not found" }]);
    expect((await zendesk.get(`/api/v2/users/${user.id}`)).body.user.organization_id).toBeNull();
    expect((await create({ name: "Acme" })).status).toBe(201);
  });
});

describe("show_many", () => {
  it("may lag behind: young organizations are missing and changed ones still read as before", async () => {
    await zendesk.control("POST", "switches", { showManyLagMs: 5000 });
    const { organization } = (await create({ name: "Acme", external_id: "k" })).body;
    const show = async () => (await zendesk.get("/api/v2/organizations/show_many?external_ids=k")).body.organizations;
    expect(await show()).toEqual([]);
    await zendesk.control("POST", "clock", { advanceMs: 6000 });
    await zendesk.call("PUT", `/api/v2/organizations/${organization.id}`, { organization: { notes: "new" } });
    expect((await show())[0].notes).toBeNull();
    expect((await zendesk.get(`/api/v2/organizations/${organization.id}`)).body.organization.notes).toBe("new");
    await zendesk.control("POST", "clock", { advanceMs: 6000 });
    expect((await show())[0].notes).toBe("new");
  });
});

describe("one organization", () => {
  it("takes five updates a minute, then answers the errors envelope with Retry-After", async () => {
    await zendesk.close();
    zendesk = await startWithClient({ plan: "enterprise" });
    await zendesk.control("POST", "clock", { now: "2026-11-22T10:00:05Z", freeze: true });
    const { organization } = (await create({ name: "Acme" })).body;
    const path = `/api/v2/organizations/${organization.id}`;
    for (let turn = 0; turn < 5; turn += 1) {
      expect((await zendesk.call("PUT", path, { organization: { notes: `${turn}` } })).status).toBe(200);
    }
    const refused = await zendesk.call("PUT", path, { organization: { notes: "6" } });
    expect(refused.status).toBe(429);
    expect(refused.body).toEqual({ errors: [{ code: "TooManyRequests", title: "Too many requests to update" }] });
    expect(refused.headers.get("retry-after")).toBe("60");
    await zendesk.control("POST", "clock", { advanceMs: 60_000 });
    expect((await zendesk.call("PUT", path, { organization: { notes: "6" } })).status).toBe(200);
  });
});
