import { isJsonObject, type JsonObject, textOf } from "../records/input.ts";
import { Refusal } from "../records/refusals.ts";
import { isoSeconds } from "../world/clock.ts";
import { eventKinds, eventType } from "./event.ts";

export interface Webhook {
  id: string;
  name: string;
  description: string | null;
  status: "active" | "inactive";
  endpoint: string;
  http_method: string;
  request_format: string;
  subscriptions: string[];
  authentication: JsonObject | null;
  custom_headers: Record<string, string>;
  created_at: string;
  created_by: string;
  updated_at: string;
  updated_by: string;
  secret: string;
}

/** For triggers and automations; a webhook has either this subscription or events, for good. */
const conditional = "conditional_ticket_events";
const knownSubscriptions = new Set([conditional, ...eventKinds.map(eventType)]);
const methods = new Set(["GET", "POST", "PUT", "PATCH", "DELETE"]);
const formats = new Set(["json", "xml", "form_encoded"]);

/** The webhooks API answers in the `errors` list envelope. */
function refuse(code: string, title: string, status = 400): Refusal {
  return new Refusal(status, { errors: [{ code, title }] });
}

export function webhookNotFound(): Refusal {
  return refuse("WebhookNotFound", "Webhook not found", 404);
}

/** The writable part, complete; `sent` lies over what stands. https://developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/ */
export function readWebhook(sent: JsonObject, before: Webhook): Webhook {
  const next: Webhook = {
    ...before,
    name: "name" in sent ? textOf(sent.name).trim() : before.name,
    description: "description" in sent ? textOf(sent.description) || null : before.description,
    endpoint: "endpoint" in sent ? textOf(sent.endpoint) : before.endpoint,
    http_method: "http_method" in sent ? textOf(sent.http_method).toUpperCase() : before.http_method,
    request_format: "request_format" in sent ? textOf(sent.request_format) : before.request_format,
    subscriptions: "subscriptions" in sent ? readSubscriptions(sent.subscriptions) : before.subscriptions,
    authentication:
      "authentication" in sent
        ? isJsonObject(sent.authentication)
          ? sent.authentication
          : null
        : before.authentication,
    custom_headers: isJsonObject(sent.custom_headers) ? readHeaders(sent.custom_headers) : before.custom_headers,
  };
  if (sent.status !== undefined && sent.status !== "active" && sent.status !== "inactive")
    throw refuse("InvalidValue", "status is invalid");
  if (sent.status === "active" || sent.status === "inactive") next.status = sent.status;
  if (next.name === "") throw refuse("MissingRequiredField", "name is required");
  if (!URL.canParse(next.endpoint) || !/^https?:$/.test(new URL(next.endpoint).protocol))
    throw refuse("InvalidValue", "endpoint is not a valid URL");
  if (!methods.has(next.http_method)) throw refuse("InvalidValue", "http_method is invalid");
  if (!formats.has(next.request_format)) throw refuse("InvalidValue", "request_format is invalid");
  checkSubscriptions(next, before);
  return next;
}

function readSubscriptions(sent: unknown): string[] {
  if (!Array.isArray(sent)) throw refuse("InvalidValue", "subscriptions must be an array");
  const unknown = sent.find((one) => typeof one !== "string" || !knownSubscriptions.has(one));
  if (unknown !== undefined) throw refuse("InvalidValue", `subscription ${textOf(unknown)} is not supported`);
  return sent.map(String);
}

/** Events and triggers do not mix, and the choice is made at creation; events are posted as JSON. */
function checkSubscriptions(next: Webhook, before: Webhook): void {
  const isForTriggers = next.subscriptions.includes(conditional);
  if (isForTriggers && next.subscriptions.length > 1)
    throw refuse("InvalidValue", "conditional_ticket_events cannot be combined with events");
  const wasForTriggers = before.subscriptions.includes(conditional);
  if (before.id !== "" && isForTriggers !== wasForTriggers)
    throw refuse("InvalidValue", "the kind of subscription cannot be changed");
  const takesEvents = next.subscriptions.length > 0 && !isForTriggers;
  if (takesEvents && (next.http_method !== "POST" || next.request_format !== "json")) {
    throw refuse("InvalidValue", "event subscriptions need http_method POST and request_format json");
  }
}

function readHeaders(sent: JsonObject): Record<string, string> {
  const entries = Object.entries(sent).map(([name, value]): [string, string] => [name, textOf(value)]);
  if (entries.length > 5) throw refuse("TooManyValues", "custom_headers accepts 5 headers");
  if (
    entries.some(
      ([name, value]) => !/^[\w-]+$/.test(name) || /[\r\n]/.test(value) || name.toLowerCase().startsWith("x-zendesk"),
    )
  ) {
    throw refuse("InvalidValue", "custom_headers are invalid");
  }
  return Object.fromEntries(entries);
}

export function blankWebhook(now: number, userId: number): Webhook {
  return {
    id: "",
    name: "",
    description: null,
    status: "active",
    endpoint: "",
    http_method: "",
    request_format: "",
    subscriptions: [],
    authentication: null,
    custom_headers: {},
    created_at: isoSeconds(now),
    created_by: String(userId),
    updated_at: isoSeconds(now),
    updated_by: String(userId),
    secret: "",
  };
}

/** Credentials are written, never read. */
export function presentWebhook(webhook: Webhook): JsonObject {
  const { secret: _secret, authentication, description, custom_headers, ...rest } = webhook;
  return {
    ...rest,
    ...(description === null ? {} : { description }),
    ...(authentication === null
      ? {}
      : { authentication: { type: authentication.type, add_position: authentication.add_position ?? "header" } }),
    ...(Object.keys(custom_headers).length === 0 ? {} : { custom_headers }),
  };
}

/** The Authorization header (or the API key's own) that a webhook sends. */
export function authenticationHeaders(webhook: Webhook): Record<string, string> {
  const { authentication } = webhook;
  const parts = authentication && isJsonObject(authentication.data) ? authentication.data : {};
  if (authentication?.type === "basic_auth") {
    return {
      authorization: `Basic ${Buffer.from(`${textOf(parts.username)}:${textOf(parts.password)}`).toString("base64")}`,
    };
  }
  if (authentication?.type === "bearer_token") return { authorization: `Bearer ${textOf(parts.token)}` };
  if (authentication?.type === "api_key") return { [textOf(parts.name).toLowerCase()]: textOf(parts.value) };
  return {};
}
