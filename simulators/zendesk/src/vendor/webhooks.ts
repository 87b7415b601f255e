import { isJsonObject, type JsonObject, requireObject } from "../records/input.ts";
import { Refusal } from "../records/refusals.ts";
import { type Call, noContent, type Operation, ok, operationsOf, type Reply } from "../server/call.ts";
import { listPage } from "../server/paging.ts";
import { sendOverHttp } from "../webhooks/attempt.ts";
import type { Invocation } from "../webhooks/deliveries.ts";
import { signPayload, testSecret } from "../webhooks/signature.ts";
import { blankWebhook, presentWebhook, readWebhook, type Webhook, webhookNotFound } from "../webhooks/webhook.ts";
import { isoSeconds } from "../world/clock.ts";
import { ulid } from "../world/ulid.ts";

/** https://developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/ */
export const webhookOperations: Operation[] = operationsOf("webhooks", [
  ["ListWebhooks", "GET", "webhooks", "webhooks/index", listWebhooks, "admin"],
  [
    "ShowWebhook",
    "GET",
    "webhooks/{id}",
    "webhooks/show",
    (call) => ok({ webhook: presentWebhook(requireWebhook(call)) }),
    "admin",
  ],
  ["CreateOrCloneWebhook", "POST", "webhooks", "webhooks/create", createWebhook, "admin"],
  ["UpdateWebhook", "PUT", "webhooks/{id}", "webhooks/update", updateWebhook, "admin"],
  ["PatchWebhook", "PATCH", "webhooks/{id}", "webhooks/patch", updateWebhook, "admin"],
  ["DeleteWebhook", "DELETE", "webhooks/{id}", "webhooks/destroy", deleteWebhook, "admin"],
  [
    "ShowWebhookSigningSecret",
    "GET",
    "webhooks/{id}/signing_secret",
    "webhooks/signing_secret",
    (call) => ok(shownSecret(requireWebhook(call))),
    "admin",
  ],
  [
    "ResetWebhookSigningSecret",
    "POST",
    "webhooks/{id}/signing_secret",
    "webhooks/reset_signing_secret",
    resetSecret,
    "admin",
  ],
  ["ListWebhookInvocations", "GET", "webhooks/{id}/invocations", "webhooks/invocations", listInvocations, "admin"],
  [
    "ListWebhookInvocationAttempts",
    "GET",
    "webhooks/{id}/invocations/{invocation}/attempts",
    "webhooks/attempts",
    listAttempts,
    "admin",
  ],
  ["TestWebhook", "POST", "webhooks/test", "webhooks/test", testWebhook, "admin"],
]);

function requireWebhook(call: Call): Webhook {
  const webhook = call.tenant.deliveries.webhooks.get(call.params.id ?? "");
  if (!webhook) throw webhookNotFound();
  return webhook;
}

function listWebhooks(call: Call): Reply {
  const wanted = call.query.get("filter[name_contains]")?.toLowerCase();
  const status = call.query.get("filter[status]");
  const rows = [...call.tenant.deliveries.webhooks.values()]
    .filter(
      (webhook) =>
        (wanted === undefined || webhook.name.toLowerCase().includes(wanted)) &&
        (status === null || webhook.status === status),
    )
    .map((webhook, index) => ({ id: index + 1, webhook }));
  return alwaysByCursor(call, "webhooks", rows, ({ webhook }) => presentWebhook(webhook));
}

/** The webhooks API knows cursor paging only. */
function alwaysByCursor<T extends { id: number }>(
  call: Call,
  key: string,
  source: readonly T[],
  present: (row: T) => unknown,
): Reply {
  const query = new URLSearchParams(call.query);
  if (!query.has("page[size]")) query.set("page[size]", "100");
  return listPage({ call: { ...call, query }, key, source, present });
}

function createWebhook(call: Call): Reply {
  const { account, deliveries } = call.tenant;
  const sent = requireObject(call.body, "webhook", call.operation.action);
  const original = deliveries.webhooks.get(call.query.get("clone_webhook_id") ?? "");
  const blank = blankWebhook(call.author.at, call.caller?.user.id ?? 0);
  const checked = readWebhook(
    sent,
    original ? { ...original, ...blank, subscriptions: original.subscriptions } : blank,
  );
  const webhook: Webhook = {
    ...checked,
    id: ulid(call.author.at, account.random),
    secret: Buffer.from(account.random.hex(43)).toString("base64"),
  };
  deliveries.webhooks.set(webhook.id, webhook);
  return { status: 201, body: { webhook: presentWebhook(webhook) } };
}

/** PUT and PATCH answer without content. */
function updateWebhook(call: Call): Reply {
  const before = requireWebhook(call);
  const checked = readWebhook(requireObject(call.body, "webhook", call.operation.action), before);
  const webhook = { ...checked, updated_at: isoSeconds(call.author.at), updated_by: String(call.caller?.user.id ?? 0) };
  call.tenant.deliveries.webhooks.set(webhook.id, webhook);
  return noContent;
}

function deleteWebhook(call: Call): Reply {
  call.tenant.deliveries.webhooks.delete(requireWebhook(call).id);
  return noContent;
}

const shownSecret = (webhook: Webhook): JsonObject => ({
  signing_secret: { algorithm: "SHA256", secret: webhook.secret },
});

function resetSecret(call: Call): Reply {
  const { account, deliveries } = call.tenant;
  const webhook = { ...requireWebhook(call), secret: Buffer.from(account.random.hex(43)).toString("base64") };
  deliveries.webhooks.set(webhook.id, webhook);
  return { status: 201, body: shownSecret(webhook) };
}

function listInvocations(call: Call): Reply {
  const rows = call.tenant.deliveries
    .invocationsOf(requireWebhook(call).id)
    .reverse()
    .map((invocation, index) => ({ id: index + 1, invocation }));
  return alwaysByCursor(call, "invocations", rows, ({ invocation }) => presentInvocation(invocation));
}

const statusWords: Record<Invocation["state"], string> = {
  waiting: "in progress",
  sending: "in progress",
  success: "success",
  failed: "failed",
  lost: "failed",
  paused: "circuit_broken",
};

function presentInvocation(invocation: Invocation): JsonObject {
  const last = invocation.attempts.at(-1);
  return {
    id: invocation.id,
    latest_completed_at: last ? new Date(last.completedAt).toISOString() : null,
    status: statusWords[invocation.state],
    status_code: last?.status ?? 0,
  };
}

function listAttempts(call: Call): Reply {
  const invocations = call.tenant.deliveries.invocationsOf(requireWebhook(call).id);
  const invocation = invocations.find((one) => one.id === call.params.invocation);
  if (!invocation) throw new Refusal(404, { errors: [{ code: "InvocationNotFound", title: "Invocation not found" }] });
  const attempts = invocation.attempts.map((attempt) => ({
    id: `${invocation.id}-${attempt.id}`,
    invocation_id: invocation.id,
    status: attempt.outcome === "success" ? "success" : "failed",
    status_code: attempt.status ?? 0,
    invoked_at: new Date(attempt.sentAt).toISOString(),
    completed_at: new Date(attempt.completedAt).toISOString(),
  }));
  return ok({ attempts });
}

/** Sends one request now and answers what came back; without a webhook it is signed with the secret that everybody knows. */
async function testWebhook(call: Call): Promise<Reply> {
  const { account, deliveries } = call.tenant;
  const known = deliveries.webhooks.get(call.query.get("webhook_id") ?? "");
  const request = isJsonObject(call.body) && isJsonObject(call.body.request) ? call.body.request : {};
  const webhook =
    known ??
    readWebhook(
      { name: "test", http_method: "POST", request_format: "json", ...request },
      blankWebhook(call.author.at, 0),
    );
  const payload = typeof request.payload === "string" ? request.payload : "";
  const timestamp = isoSeconds(call.author.at);
  const said = await sendOverHttp({
    url: webhook.endpoint,
    method: webhook.http_method,
    body: payload,
    timeoutMs: account.switches.webhookTimeoutMs,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "x-zendesk-account-id": String(account.id),
      "x-zendesk-webhook-signature": signPayload(known?.secret ?? testSecret, timestamp, payload),
      "x-zendesk-webhook-signature-timestamp": timestamp,
      ...(known ? { "x-zendesk-webhook-id": known.id } : {}),
    },
  });
  const headers = Object.entries(said.headers ?? {}).map(([key, value]) => ({ key, value }));
  return ok({ response: { headers, payload: said.text ?? "", status: said.status ?? 0 } });
}
