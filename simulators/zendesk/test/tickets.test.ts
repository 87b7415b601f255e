import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startWithClient, type TestClient } from "./client.ts";

let zendesk: TestClient;
beforeEach(async () => {
  zendesk = await startWithClient({
    account: {
      organizations: [{ id: 11, name: "Acme Birds" }],
      users: [{ id: 21, name: "Amy", email: "amy@acme.example", organization_id: 11 }],
    },
  });
});
afterEach(() => zendesk.close());

const create = (ticket: object, headers: Record<string, string> = {}) =>
  zendesk.call("POST", "/api/v2/tickets", { ticket }, headers);

describe("tickets", () => {
  it("take the requester's organization, mirror drop-downs as tags, and freeze when closed", async () => {
    const field = (
      await zendesk.call("POST", "/api/v2/ticket_fields", {
        ticket_field: { type: "tagger", title: "Kind", custom_field_options: [{ name: "Bill", value: "kind_bill" }] },
      })
    ).body.ticket_field;
    expect(field.type).toBe("tagger");
    const made = await create({
      subject: "Help",
      comment: { body: "Hello" },
      requester: { email: "amy@acme.example" },
      custom_fields: [{ id: field.id, value: "kind_bill" }],
    });
    expect(made.status).toBe(201);
    const { ticket } = made.body;
    expect(ticket).toMatchObject({ id: 1, organization_id: 11, requester_id: 21, status: "open", tags: ["kind_bill"] });
    expect(ticket.custom_fields).toEqual([{ id: field.id, value: "kind_bill" }]);
    const put = (body: object) => zendesk.call("PUT", `/api/v2/tickets/${ticket.id}`, { ticket: body });
    expect((await put({ status: "closed" })).status).toBe(200);
    const frozen = await put({ status: "open" });
    expect([frozen.status, Object.keys(frozen.body.details)]).toEqual([422, ["status"]]);
  });

  it("answer a repeated creation under one Idempotency-Key with the first result", async () => {
    const key = { "Idempotency-Key": "k1" };
    const first = await create({ comment: { body: "a" }, requester_id: 21 }, key);
    const again = await create({ comment: { body: "a" }, requester_id: 21 }, key);
    expect([first.headers.get("x-idempotency-lookup"), again.headers.get("x-idempotency-lookup")]).toEqual([
      "miss",
      "hit",
    ]);
    expect(again.body.ticket.id).toBe(first.body.ticket.id);
    expect((await create({ comment: { body: "b" }, requester_id: 21 }, key)).body.errors[0].code).toBe(
      "IdempotentRequestError",
    );
  });

  it("refuse a safe update of what changed meanwhile", async () => {
    const { ticket } = (await create({ comment: { body: "a" }, requester_id: 21 })).body;
    const put = (stamp: string) =>
      zendesk.call("PUT", `/api/v2/tickets/${ticket.id}`, {
        ticket: { priority: "high", safe_update: true, updated_stamp: stamp },
      });
    expect((await put("2020-01-01T00:00:00Z")).status).toBe(409);
    expect((await put(ticket.updated_at)).body.ticket.priority).toBe("high");
  });
});

describe("search", () => {
  const search = (query: string) => zendesk.get(`/api/v2/search?query=${encodeURIComponent(query)}`);

  it("finds by type and words once the index has caught up, up to 1,000 results and by offset only", async () => {
    await zendesk.call("POST", "/api/v2/organizations", { organization: { name: "Acme Two", external_id: "x9" } });
    await zendesk.control("POST", "clock", { advanceMs: 59_000 });
    expect((await search("type:organization acme")).body.count).toBe(0);
    await zendesk.control("POST", "clock", { advanceMs: 3000 });
    const found = (await search("type:organization acme")).body;
    expect(found.results.map((one: { name: string; result_type: string }) => [one.name, one.result_type])).toEqual([
      ["Acme Birds", "organization"],
      ["Acme Two", "organization"],
    ]);
    expect((await search("external_id:x9 type:organization")).body.count).toBe(1);
    expect((await search('type:user email:"amy@acme.example"')).body.count).toBe(1);
    expect((await zendesk.get("/api/v2/search?query=acme&page[size]=2")).status).toBe(400);
    expect((await zendesk.get("/api/v2/search?query=acme&page=101&per_page=10")).status).toBe(422);
    expect((await zendesk.get("/api/v2/search/count?query=acme")).body.count).toBe(2);
  });

  it("exports by cursor with the type as a filter, not in the query", async () => {
    await zendesk.control("POST", "clock", { advanceMs: 61_000 });
    const page = (await zendesk.get("/api/v2/search/export?query=acme&filter[type]=organization&page[size]=1")).body;
    expect([page.results.length, page.meta.has_more, page.facets]).toEqual([1, false, null]);
    expect(page.links.next).toContain("filter%5Btype%5D=organization");
    expect((await zendesk.get("/api/v2/search/export?query=type:organization&filter[type]=organization")).status).toBe(
      422,
    );
    expect((await zendesk.get("/api/v2/search/export?query=acme")).status).toBe(422);
  });
});

describe("the user export", () => {
  it("pages by time and by cursor to its end, deleted users included", async () => {
    await zendesk.call("DELETE", "/api/v2/users/21");
    await zendesk.control("POST", "clock", { advanceMs: 120_000 });
    const first = (await zendesk.get("/api/v2/incremental/users/cursor?start_time=0&per_page=1")).body;
    const second = (await zendesk.get(first.after_url.slice(zendesk.url.length))).body;
    const seen = [...first.users, ...second.users].map((user: { id: number; active: boolean }) => [
      user.id,
      user.active,
    ]);
    expect(seen).toContainEqual([21, false]);
    expect((await zendesk.get("/api/v2/incremental/users?start_time=0")).body.end_of_stream).toBe(true);
  });
});
