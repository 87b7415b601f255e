// The forms in which Slack and webhooks of others take an alert.
import { createHmac } from "node:crypto";
import type { AlertMessage } from "./ports.ts";

/** Slack's incoming webhooks (api.slack.com/messaging/webhooks). `&`, `<` and `>` are its control characters. */
export function slackBody({ title, text }: AlertMessage): string {
  return JSON.stringify({ text: [`*${escaped(title)}*`, ...text.map(escaped)].join("\n") });
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** One form for whatever takes it; the keys stay. */
export function webhookBody({ id, event, at, title, text, incident }: AlertMessage): string {
  return JSON.stringify({
    type: `ml-connector.incident.${event}`,
    timestamp: at.toISOString(),
    data: {
      alertId: id,
      title,
      text: text.join("\n"),
      incident: incident && {
        id: incident.id,
        cause: incident.cause,
        severity: incident.severity,
        says: incident.says,
        affected: incident.affected,
        connectionId: incident.connectionId ?? null,
        subdomain: incident.subdomain ?? null,
        company: incident.company ?? null,
        openedAt: incident.openedAt.toISOString(),
        resolvedAt: incident.resolvedAt?.toISOString() ?? null,
      },
    },
  });
}

/** Standard Webhooks (standardwebhooks.com, version 1): HMAC-SHA256 over id, timestamp and body; `whsec_` is not part of the key. */
export function signedHeaders(id: string, at: Date, body: string, secret: string): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
}
