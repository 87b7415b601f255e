import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startWithClient, type TestClient } from "./client.ts";

let zendesk: TestClient;
beforeEach(async () => {
  zendesk = await startWithClient({
    account: {
      organizations: [
        { id: 11, name: "Acme" },
        { id: 12, name: "Birds" },
      ],
      users: [{ id: 21, name: "Amy", email: "Amy@Acme.example", organization_id: 11 }],
    },
  });
});
afterEach(() => zendesk.close());

const createUser = (user: object) => zendesk.call("POST", "/api/v2/users", { user });

describe("users", () => {
  it("refuse a taken address whatever its case, also one that is only secondary", async () => {
    const taken = await createUser({ name: "Other", email: "amy@acme.EXAMPLE" });
    expect([taken.status, taken.body.details.email[0]]).toEqual([
      422,
      { description: "Email: amy@acme.EXAMPLE is already being used by another user", error: "DuplicateValue" },
    ]);
    await zendesk.call("PUT", "/api/v2/users/21", { user: { email: "second@acme.example" } });
    expect((await createUser({ name: "Other", email: "second@acme.example" })).status).toBe(422);
  });

  it("get a second address by an update, and change the first only by make_primary", async () => {
    const updated = await zendesk.call("PUT", "/api/v2/users/21", { user: { email: "second@acme.example" } });
    expect(updated.body.user.email).toBe("amy@acme.example");
    const { identities } = (await zendesk.get("/api/v2/users/21/identities")).body;
    expect(identities.map((one: { value: string; primary: boolean }) => [one.value, one.primary])).toEqual([
      ["amy@acme.example", true],
      ["second@acme.example", false],
    ]);
    await zendesk.call("PUT", `/api/v2/users/21/identities/${identities[1].id}/make_primary`);
    expect((await zendesk.get("/api/v2/users/21")).body.user.email).toBe("second@acme.example");
  });

  it("are created or updated by external_id or e-mail", async () => {
    const upsert = (user: object) => zendesk.call("POST", "/api/v2/users/create_or_update", { user });
    const made = await upsert({ name: "Bob", email: "bob@birds.example", external_id: "b1" });
    expect(made.status).toBe(201);
    const again = await upsert({ external_id: "B1", phone: "5" });
    expect([again.status, again.body.user.id, again.body.user.external_id]).toEqual([200, made.body.user.id, "B1"]);
    expect((await upsert({ name: "Robert", email: "BOB@birds.example" })).body.user).toMatchObject({
      id: made.body.user.id,
      name: "Robert",
    });
  });

  it("are listed by role and cursor, shown by id, searched by index with its lag and by external_id without", async () => {
    await createUser({ name: "Bob", email: "bob@birds.example", external_id: "b1" });
    const list = (await zendesk.get("/api/v2/users?role=end-user&page[size]=1")).body;
    expect([list.users.length, list.meta.has_more]).toEqual([1, true]);
    expect((await zendesk.get("/api/v2/users?role[]=admin&role[]=agent")).body.count).toBe(1);
    expect((await zendesk.get("/api/v2/users/search?external_id=B1")).body.count).toBe(1);
    expect((await zendesk.get("/api/v2/users/search?query=email:bob@birds.example")).body.count).toBe(0);
    await zendesk.control("POST", "clock", { advanceMs: 61_000 });
    expect((await zendesk.get("/api/v2/users/search?query=email:bob@birds.example")).body.count).toBe(1);
    const paged = await zendesk.get("/api/v2/users/search?query=bob&page[size]=1");
    expect([paged.status, paged.body.error.message]).toEqual([400, expect.stringContaining("page must be an integer")]);
  });

  it("cannot be imported in bulk until the account may", async () => {
    const many = () =>
      zendesk.call("POST", "/api/v2/users/create_many", { users: [{ name: "A", email: "a@a.example" }] });
    expect((await many()).status).toBe(403);
    await zendesk.control("POST", "switches", { bulkUserImport: true });
    const { id } = (await many()).body.job_status;
    expect((await zendesk.get(`/api/v2/job_statuses/${id}`)).body.job_status.results[0].status).toBe("Created");
  });

  it("stay readable when deleted, inactive and without their address", async () => {
    const gone = await zendesk.call("DELETE", "/api/v2/users/21");
    expect([gone.status, gone.body.user.active, gone.body.user.email]).toEqual([200, false, null]);
    expect((await zendesk.get("/api/v2/users/21")).body.user.active).toBe(false);
    expect((await createUser({ name: "New Amy", email: "amy@acme.example" })).status).toBe(201);
  });
});

describe("memberships", () => {
  const join = (organization_membership: object) =>
    zendesk.call("POST", "/api/v2/organization_memberships", { organization_membership });

  it("are one per pair, default true or null, and follow make_default", async () => {
    const second = await join({ user_id: 21, organization_id: 12 });
    expect(second.status).toBe(201);
    expect(second.body.organization_membership).toMatchObject({ default: null, organization_name: "Birds" });
    expect((await join({ user_id: 21, organization_id: 12 })).status).toBe(422);
    const list = (await zendesk.get("/api/v2/users/21/organization_memberships")).body.organization_memberships;
    expect(list.map((one: { default: boolean | null }) => one.default)).toEqual([true, null]);
    await zendesk.call(
      "PUT",
      `/api/v2/users/21/organization_memberships/${second.body.organization_membership.id}/make_default`,
    );
    expect((await zendesk.get("/api/v2/users/21")).body.user.organization_id).toBe(12);
    await zendesk.call("DELETE", `/api/v2/organization_memberships/${second.body.organization_membership.id}`);
    expect((await zendesk.get("/api/v2/users/21")).body.user.organization_id).toBe(11);
  });

  it("are created by the hundred in a job that names each outcome", async () => {
    const bob = (await createUser({ name: "Bob", email: "bob@birds.example" })).body.user.id;
    const { id } = (
      await zendesk.call("POST", "/api/v2/organization_memberships/create_many", {
        organization_memberships: [
          { user_id: bob, organization_id: 12 },
          { user_id: 21, organization_id: 11 },
        ],
      })
    ).body.job_status;
    const { results } = (await zendesk.get(`/api/v2/job_statuses/${id}`)).body.job_status;
    expect(results[0]).toEqual({ action: "create", id: expect.any(Number), status: "Created", success: true });
    expect(results[1].error).toBe("OrganizationMembershipCreateFailed");
    expect((await zendesk.get("/api/v2/organizations/12/users")).body.users[0].id).toBe(bob);
    expect((await zendesk.get("/api/v2/organizations/12/related")).body.organization_related.users_count).toBe(1);
  });

  it("are one per user on Team plans: the new one takes the place of the old", async () => {
    await zendesk.close();
    zendesk = await startWithClient({
      plan: "team",
      account: {
        organizations: [
          { id: 11, name: "Acme" },
          { id: 12, name: "Birds" },
        ],
        users: [{ id: 21, name: "Amy", organization_id: 11 }],
      },
    });
    await join({ user_id: 21, organization_id: 12 });
    const list = (await zendesk.get("/api/v2/users/21/organization_memberships")).body.organization_memberships;
    expect(list.map((one: { organization_id: number }) => one.organization_id)).toEqual([12]);
  });
});

describe("the account's limits", () => {
  it("end with 50 bytes of plain text and Retry-After, in every spelling of the headers before that", async () => {
    await zendesk.close();
    zendesk = await startWithClient({ plan: "team" });
    await zendesk.control("POST", "clock", { now: "2026-11-22T10:00:58Z", freeze: true });
    const first = await zendesk.get("/api/v2/organizations");
    for (const name of ["x-rate-limit", "rate-limit", "ratelimit-limit"])
      expect(first.headers.get(name), name).toBe("200");
    for (const name of ["x-rate-limit-remaining", "rate-limit-remaining", "ratelimit-remaining"])
      expect(first.headers.get(name), name).toBe("199");
    for (const name of ["rate-limit-reset", "ratelimit-reset"]) expect(first.headers.get(name), name).toBe("2");
    await Promise.all(Array.from({ length: 199 }, () => zendesk.get("/api/v2/organizations/count")));
    const refused = await zendesk.get("/api/v2/organizations/count");
    expect([refused.status, refused.text, refused.headers.get("retry-after")]).toEqual([
      429,
      "Number of allowed API requests per minute exceeded",
      "2",
    ]);
    expect(refused.headers.get("content-type")).toBe("text/plain");
    expect(refused.headers.get("content-length")).toBe("50");
    await zendesk.control("POST", "clock", { advanceMs: 2000 });
    expect((await zendesk.get("/api/v2/organizations/count")).status).toBe(200);
  });

  it("allow one user upsert a second and ten exports a minute", async () => {
    await zendesk.close();
    zendesk = await startWithClient({ plan: "enterprise" });
    await zendesk.control("POST", "clock", { now: "2026-11-22T10:00:00Z", freeze: true });
    const upsert = (email: string) =>
      zendesk.call("POST", "/api/v2/users/create_or_update", { user: { name: "A", email } });
    expect((await upsert("a@a.example")).headers.get("zendesk-ratelimit-create-update-user")).toBe(
      "total=1; remaining=0; resets=1",
    );
    expect((await upsert("b@a.example")).status).toBe(429);
    for (let turn = 0; turn < 10; turn += 1)
      expect((await zendesk.get("/api/v2/incremental/organizations?start_time=0")).status).toBe(200);
    const refused = await zendesk.get("/api/v2/incremental/organizations?start_time=0");
    expect([refused.status, refused.headers.get("zendesk-ratelimit-incremental-exports")]).toEqual([
      429,
      "total=10; remaining=0; resets=60",
    ]);
  });
});

describe("the incremental export", () => {
  it("lists what changed since, from a minute ago on, and never splits a second", async () => {
    const now = Math.floor(Date.now() / 1000);
    const recent = await zendesk.get(`/api/v2/incremental/organizations?start_time=${now - 30}`);
    expect([recent.status, recent.body.error]).toEqual([400, "StartTimeTooRecent"]);
    const page = (await zendesk.get("/api/v2/incremental/organizations.json?start_time=0&per_page=1")).body;
    expect(page).toMatchObject({ count: 2, end_of_stream: true });
    expect(page.next_page).toBe(`${zendesk.url}/api/v2/incremental/organizations.json?start_time=${page.end_time}`);
  });
});
