import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startWithClient, type TestClient } from "./client.ts";

interface Delivery {
  headers: IncomingHttpHeaders;
  text: string;
  body: { id: string; type: string; subject: string; detail: Record<string, unknown>; event: Record<string, unknown> };
}

let zendesk: TestClient;
let receiver: Server;
let deliveries: Delivery[];
/** Statuses that the receiver answers, in turn; 200 when they are used up. */
let answers: { status: number; headers?: Record<string, string> }[];

beforeEach(async () => {
  deliveries = [];
  answers = [];
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      deliveries.push({ headers: request.headers, text, body: text === "" ? {} : JSON.parse(text) });
      const answer = answers.shift() ?? { status: 200 };
      response.writeHead(answer.status, answer.headers).end();
    });
  });
  await new Promise<void>((resolve) => {
    receiver.listen(0, "127.0.0.1", resolve);
  });
  zendesk = await startWithClient({
    account: { organizations: [{ id: 11, name: "Acme" }], users: [{ id: 21, name: "Amy", email: "amy@acme.example" }] },
  });
});
afterEach(async () => {
  await zendesk.close();
  receiver.closeAllConnections();
  await new Promise((resolve) => {
    receiver.close(resolve);
  });
});

const endpoint = () => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;

async function subscribe(...kinds: string[]) {
  const webhook = {
    name: "hook",
    status: "active",
    endpoint: endpoint(),
    http_method: "POST",
    request_format: "json",
    subscriptions: kinds.map((kind) => `zen:event-type:${kind}`),
  };
  const made = await zendesk.call("POST", "/api/v2/webhooks", { webhook });
  expect(made.status, made.text).toBe(201);
  return made.body.webhook.id as string;
}

/** Waits until every planned delivery has ended one way or the other. */
async function idle(): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const { webhooks } = (await zendesk.control("GET", "webhooks")).body;
    if (webhooks.isIdle) return;
  }
  throw new Error("deliveries did not come to an end");
}

describe("a webhook", () => {
  it("delivers an organization's event signed over timestamp and body, with the documented keys", async () => {
    const id = await subscribe("organization.created");
    const { secret } = (await zendesk.get(`/api/v2/webhooks/${id}/signing_secret`)).body.signing_secret;
    const { organization } = (
      await zendesk.call("POST", "/api/v2/organizations", { organization: { name: "Birds", external_id: "k" } })
    ).body;
    await idle();
    const [delivery] = deliveries;
    const timestamp = String(delivery?.headers["x-zendesk-webhook-signature-timestamp"]);
    const signature = createHmac("sha256", secret)
      .update(timestamp + delivery?.text)
      .digest("base64");
    expect(delivery?.headers["x-zendesk-webhook-signature"]).toBe(signature);
    expect(delivery?.headers["x-zendesk-webhook-id"]).toBe(id);
    expect(Object.keys(delivery?.body ?? {})).toEqual([
      "type",
      "account_id",
      "subject",
      "id",
      "time",
      "zendesk_event_version",
      "detail",
      "event",
    ]);
    expect(delivery?.body).toMatchObject({
      type: "zen:event-type:organization.created",
      subject: `zen:organization:${organization.id}`,
      event: {},
      detail: { id: String(organization.id), name: "Birds", external_id: "k" },
    });
    expect(delivery?.body.detail).not.toHaveProperty("group_id");
  });

  it("tells each change apart: name, external_id, fields, tags, but never notes", async () => {
    await zendesk.call("POST", "/api/v2/organization_fields", {
      organization_field: { key: "age", type: "integer", title: "Age" },
    });
    await subscribe(
      ...["name_changed", "external_id_changed", "custom_field_changed", "tags_changed", "deleted"].map(
        (kind) => `organization.${kind}`,
      ),
    );
    const put = (organization: object) => zendesk.call("PUT", "/api/v2/organizations/11", { organization });
    await put({ notes: "only notes", details: "d", domain_names: ["acme.example"] });
    await put({ name: "Acme 2", external_id: "x", tags: ["vip"], organization_fields: { age: 5 } });
    await zendesk.call("DELETE", "/api/v2/organizations/11");
    await idle();
    const byType = Object.fromEntries(
      deliveries.map(({ body }) => [body.type.replace("zen:event-type:organization.", ""), body.event]),
    );
    expect(byType).toEqual({
      name_changed: { current: "Acme 2", previous: "Acme" },
      external_id_changed: { current: "x", previous: null },
      tags_changed: { added: { tags: ["vip"] }, removed: { tags: [] } },
      custom_field_changed: {
        field: { id: expect.any(String), title: "Age", type: "integer" },
        current: 5,
        previous: null,
      },
      deleted: {},
    });
  });

  it("hears of users, memberships and tickets, from the API and from people", async () => {
    await subscribe("user.created", "user.organization_membership_created", "ticket.created");
    await zendesk.call("POST", "/api/v2/users", {
      user: { name: "Bob", email: "bob@birds.example", organization_id: 11 },
    });
    await zendesk.control("POST", "mutate", {
      entity: "ticket",
      operation: "create",
      record: { subject: "Help", comment: { body: "Hello" }, requester_id: 21 },
    });
    await idle();
    expect(deliveries.map(({ body }) => body.type.replace("zen:event-type:", "")).sort()).toEqual([
      "ticket.created",
      "user.created",
      "user.organization_membership_created",
    ]);
    await zendesk.control("POST", "switches", { echoOwnWrites: false });
    await zendesk.call("POST", "/api/v2/users", { user: { name: "Cy" } });
    await zendesk.control("POST", "mutate", { entity: "user", operation: "create", record: { name: "Di" } });
    await idle();
    expect(deliveries).toHaveLength(4);
  });

  it("tries 409 and 503 with Retry-After again, and nothing else", async () => {
    const id = await subscribe("organization.name_changed");
    const rename = async (name: string) => {
      await zendesk.call("PUT", "/api/v2/organizations/11", { organization: { name } });
      await idle();
    };
    answers = [{ status: 409 }, { status: 503, headers: { "retry-after": "0" } }];
    await rename("B");
    expect(deliveries).toHaveLength(3);
    expect(new Set(deliveries.map(({ body }) => body.id)).size).toBe(1);
    answers = [{ status: 500 }];
    await rename("C");
    expect(deliveries).toHaveLength(4);
    const { invocations } = (await zendesk.get(`/api/v2/webhooks/${id}/invocations`)).body;
    expect(invocations.map((one: { status: string; status_code: number }) => [one.status, one.status_code])).toEqual([
      ["failed", 500],
      ["success", 200],
    ]);
    const attempts = (await zendesk.get(`/api/v2/webhooks/${id}/invocations/${invocations[1].id}/attempts`)).body
      .attempts;
    expect(attempts.map((one: { status_code: number }) => one.status_code)).toEqual([409, 503, 200]);
  });

  it("is paused by the circuit breaker after too many errors, and comes back", async () => {
    await zendesk.control("POST", "clock", { now: "2026-11-22T10:00:00Z", freeze: true });
    await subscribe("organization.name_changed");
    answers = Array.from({ length: 20 }, () => ({ status: 500 }));
    for (let turn = 0; turn < 22; turn += 1) {
      await zendesk.call("PUT", "/api/v2/organizations/11", { organization: { name: `N${turn}` } });
      await idle();
    }
    expect(deliveries).toHaveLength(20);
    await zendesk.control("POST", "clock", { advanceMs: 31_000 });
    await zendesk.call("PUT", "/api/v2/organizations/11", { organization: { name: "back" } });
    await idle();
    expect(deliveries).toHaveLength(21);
  });

  it("may lose, double and delay its events where a switch says so", async () => {
    const id = await subscribe("organization.name_changed");
    const rename = (name: string) => zendesk.call("PUT", "/api/v2/organizations/11", { organization: { name } });
    await zendesk.control("POST", "switches", { webhookLoss: 1 });
    await rename("B");
    await zendesk.control("POST", "switches", { webhookLoss: 0, webhookDuplicates: 1, webhookShuffleMs: 30 });
    await rename("C");
    await idle();
    expect(deliveries.map(({ body }) => body.detail.name)).toEqual(["C", "C"]);
    expect(deliveries[0]?.body.id).toBe(deliveries[1]?.body.id);
    expect(deliveries[0]?.headers["x-zendesk-webhook-invocation-id"]).not.toBe(
      deliveries[1]?.headers["x-zendesk-webhook-invocation-id"],
    );
    const listed = (await zendesk.control("GET", "webhooks")).body.webhooks.deliveries;
    expect(
      listed.filter((one: { webhookId: string }) => one.webhookId === id).map((one: { state: string }) => one.state),
    ).toEqual(["lost", "success", "success"]);
  });

  it("keeps its kind of subscription, hides its credentials, and is refused with the errors envelope", async () => {
    const id = await subscribe("organization.deleted");
    const patch = (webhook: object) => zendesk.call("PATCH", `/api/v2/webhooks/${id}`, { webhook });
    expect(
      (
        await patch({
          status: "inactive",
          authentication: { type: "basic_auth", add_position: "header", data: { username: "u", password: "p" } },
        })
      ).status,
    ).toBe(204);
    const shown = (await zendesk.get(`/api/v2/webhooks/${id}`)).body.webhook;
    expect([shown.status, shown.authentication]).toEqual(["inactive", { type: "basic_auth", add_position: "header" }]);
    expect((await patch({ subscriptions: ["conditional_ticket_events"] })).body.errors[0].code).toBe("InvalidValue");
    expect((await patch({ subscriptions: ["zen:event-type:nothing.happened"] })).status).toBe(400);
    expect((await zendesk.call("DELETE", `/api/v2/webhooks/${id}`)).status).toBe(204);
    expect((await zendesk.get(`/api/v2/webhooks/${id}`)).body.errors[0].code).toBe("WebhookNotFound");
  });

  it("can be tested before it is made, signed with the secret that everybody knows", async () => {
    const answer = await zendesk.call("POST", "/api/v2/webhooks/test", {
      request: { endpoint: endpoint(), http_method: "POST", request_format: "json", payload: '{"a":1}' },
    });
    expect(answer.body.response.status).toBe(200);
    const timestamp = String(deliveries[0]?.headers["x-zendesk-webhook-signature-timestamp"]);
    const expected = createHmac("sha256", "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==")
      .update(`${timestamp}{"a":1}`)
      .digest("base64");
    expect(deliveries[0]?.headers["x-zendesk-webhook-signature"]).toBe(expected);
  });
});
