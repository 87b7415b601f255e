// Webhooks and their deliveries: developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks, documentation/webhooks/verifying.
import { createHmac, timingSafeEqual } from "node:crypto";
import type { WebhookSource } from "../../connections/ports.ts";
import { parseOrganizationKey, RemoteFailure } from "../../domain/index.ts";
import type { CreatedWithKey, NamedByEvent } from "../../sync/intake/ports.ts";
import type { AccountCalls } from "./calls.ts";
import { listPage } from "./directory-source.ts";
import { malformedAnswer } from "./failures.ts";
import { isObject, parseBody } from "./json.ts";

export function createWebhookSource(calls: AccountCalls): WebhookSource {
  return {
    async listWebhooks(subdomain) {
      const found: { id: string; endpoint: string; subscriptions: string[] }[] = [];
      let cursor: string | undefined;
      do {
        const list = { operation: "ListWebhooks", path: "webhooks", rowsKey: "webhooks", cursor };
        const { rows, next } = await listPage(calls, subdomain, list);
        for (const { id, endpoint, subscriptions } of rows)
          if (typeof id === "string" && typeof endpoint === "string")
            found.push({ id, endpoint, subscriptions: textsIn(subscriptions) });
        cursor = next;
      } while (cursor !== undefined);
      return found;
    },

    async createWebhook(subdomain, { name, endpoint, subscriptions }) {
      const operation = "CreateOrCloneWebhook";
      const { body, requestId } = await calls.ask(subdomain, {
        operation,
        method: "POST",
        path: "webhooks",
        body: {
          webhook: {
            name,
            endpoint,
            status: "active",
            http_method: "POST",
            request_format: "json",
            subscriptions: [...subscriptions],
          },
        },
      });
      const webhook = body["webhook"];
      const id = isObject(webhook) ? webhook["id"] : undefined;
      if (typeof id !== "string") throw malformedAnswer({ operation, write: true }, requestId);
      return id;
    },

    async deleteWebhook(subdomain, id) {
      await calls
        .ask(subdomain, { operation: "DeleteWebhook", method: "DELETE", path: `webhooks/${encodeURIComponent(id)}` })
        .catch((failure: unknown) => {
          if (!(failure instanceof RemoteFailure) || failure.status !== 404) throw failure;
        });
    },

    async testWebhook(subdomain, id) {
      const { body } = await calls.ask(subdomain, {
        operation: "TestWebhook",
        method: "POST",
        path: "webhooks/test",
        query: { webhook_id: id },
        body: { request: { payload: "" } },
      });
      const status = isObject(body["response"]) ? body["response"]["status"] : undefined;
      return typeof status === "number" ? status : 0;
    },

    async readSigningSecret(subdomain, id) {
      const operation = "ShowWebhookSigningSecret";
      const { body, requestId } = await calls.ask(subdomain, {
        operation,
        method: "GET",
        path: `webhooks/${encodeURIComponent(id)}/signing_secret`,
      });
      const secret = isObject(body["signing_secret"]) ? body["signing_secret"]["secret"] : undefined;
      if (typeof secret !== "string") throw malformedAnswer({ operation, write: false }, requestId);
      return secret;
    },
  };
}

/** No window is documented; five minutes let clocks differ, and nothing recorded be played back later. */
const windowMs = 5 * 60 * 1000;

/** base64(HMAC-SHA256(secret, timestamp + raw body)), compared in constant time; the timestamp no further from `nowMs` than the window. */
export function verifyZendeskSignature(
  rawBody: Uint8Array,
  header: { timestamp: string | undefined; signature: string | undefined },
  secret: string,
  nowMs: number,
): boolean {
  const { timestamp = "", signature = "" } = header;
  const expected = Buffer.from(createHmac("sha256", secret).update(timestamp).update(rawBody).digest("base64"));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
  const at = Date.parse(timestamp);
  return Math.abs(nowMs - at) <= windowMs;
}

/**
 * Whom an event concerns: of one of an organization or user only its subject counts, but for the key and name of one that was created with
 * our key; of a new ticket the organization that it belongs to.
 * Undefined: it concerns nobody.
 */
export function parseZendeskEvent(rawBody: Uint8Array): NamedByEvent | undefined {
  const event = parseBody(Buffer.from(rawBody).toString("utf8"));
  const subject = event?.["subject"];
  const found = typeof subject === "string" ? /^zen:(organization|user|ticket):(\d{1,15})$/.exec(subject) : null;
  const [, kind, id] = found ?? [];
  if (kind === "ticket") return newTicketOf(event?.["type"], event?.["detail"]);
  if ((kind !== "organization" && kind !== "user") || Number(id) <= 0) return undefined;
  const created = kind === "organization" ? createdWithKey(event?.["type"], event?.["detail"]) : undefined;
  return { kind, id: Number(id), ...(created ? { created } : {}) };
}

function createdWithKey(type: unknown, detail: unknown): CreatedWithKey | undefined {
  if (type !== "zen:event-type:organization.created" || !isObject(detail)) return undefined;
  const { external_id: externalId, name } = detail;
  const isOurs = typeof externalId === "string" && parseOrganizationKey(externalId) !== undefined;
  return isOurs && typeof name === "string" ? { externalId, name } : undefined;
}

function newTicketOf(type: unknown, detail: unknown): NamedByEvent | undefined {
  const id = isObject(detail) ? detail["organization_id"] : undefined;
  const isNew = type === "zen:event-type:ticket.created";
  return isNew && typeof id === "string" && /^[1-9]\d{0,14}$/.test(id)
    ? { kind: "ticket-of", id: Number(id) }
    : undefined;
}

function textsIn(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((text) => typeof text === "string") : [];
}
