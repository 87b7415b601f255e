import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startWithClient, type TestClient } from "./client.ts";

let zendesk: TestClient;
beforeEach(async () => {
  zendesk = await startWithClient({
    jobPace: 15,
    account: {
      organizations: [
        { id: 11, name: "Loser", external_id: "l", domain_names: ["l.example"], notes: "gone" },
        { id: 12, name: "Winner", external_id: "w" },
      ],
      users: [
        { id: 21, name: "Amy", email: "amy@l.example", organization_id: 11 },
        { id: 22, name: "Bob", email: "bob@l.example" },
      ],
      tickets: [{ id: 1, subject: "T", requester_id: 21 }],
    },
  });
  await zendesk.control("POST", "clock", { now: "2026-11-22T10:00:00Z", freeze: true });
});
afterEach(() => zendesk.close());

describe("merging organizations", () => {
  it("moves users, tickets and domains but no values, and the loser is 404 with its merge still readable", async () => {
    const started = await zendesk.call("POST", "/api/v2/organizations/11/merge", {
      organization_merge: { winner_id: 12 },
    });
    expect(started.body.organization_merge).toMatchObject({ loser_id: 11, winner_id: 12, status: "new" });
    const path = `/api/v2/organization_merges/${started.body.organization_merge.id}`;
    expect((await zendesk.get(path)).body.organization_merge.status).toBe("in progress");
    await zendesk.control("POST", "clock", { advanceMs: 3000 });
    expect((await zendesk.get("/api/v2/organizations/11/merges")).body.organization_merges[0].status).toBe("complete");
    expect((await zendesk.get("/api/v2/organizations/11")).status).toBe(404);
    const winner = (await zendesk.get("/api/v2/organizations/12")).body.organization;
    expect(winner).toMatchObject({ external_id: "w", notes: null, domain_names: ["l.example"] });
    expect((await zendesk.get("/api/v2/users/21")).body.user.organization_id).toBe(12);
    expect((await zendesk.get("/api/v2/tickets/1")).body.ticket.organization_id).toBe(12);
    expect((await zendesk.get("/api/v2/organizations/99/merges")).status).toBe(404);
  });

  it("happens at once when a person does it over the control port; users merge likewise", async () => {
    const merged = await zendesk.control("POST", "mutate", {
      entity: "organization",
      operation: "merge",
      id: 11,
      into: 12,
    });
    expect(merged.body.entity.id).toBe(12);
    expect((await zendesk.get("/api/v2/organizations/11")).status).toBe(404);
    await zendesk.control("POST", "mutate", { entity: "user", operation: "merge", id: 21, into: 22 });
    const { identities } = (await zendesk.get("/api/v2/users/22/identities")).body;
    expect(identities.map((one: { value: string }) => one.value)).toEqual(["amy@l.example", "bob@l.example"]);
    expect((await zendesk.get("/api/v2/users/21")).body.user.active).toBe(false);
    expect((await zendesk.get("/api/v2/users/22")).body.user).toMatchObject({
      organization_id: 12,
      email: "bob@l.example",
    });
  });
});
