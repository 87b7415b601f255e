// What an alert says, from the incident as it is when the alert leaves.
import type { AlertIncident, AlertMessage, DueAlert } from "./ports.ts";

export interface MessageContext {
  /** Where people reach this installation. */
  publicUrl: string;
  now: Date;
  /** A page on which one click starts a new consent; undefined where that would not help. */
  reconnectUrl: string | undefined;
}

const longest = 2_000;

export function alertMessage(alert: DueAlert, { publicUrl, now, reconnectUrl }: MessageContext): AlertMessage {
  const { id, event, incident } = alert;
  if (incident === undefined)
    return {
      id,
      event,
      at: now,
      title: "ml-connector: this is a test",
      text: [`Alerts of the ml-connector at ${publicUrl} arrive here.`],
      incident,
    };
  const whose = whoseOf(incident);
  const title = `ml-connector: ${whose}${event === "resolved" ? "resolved: " : ""}${titleOf(incident)}`;
  const text =
    event === "resolved"
      ? [`It is over since ${instant(incident.resolvedAt ?? now)}.`, `It was: ${incident.says}`]
      : [
          incident.says,
          ...(reconnectUrl === undefined ? [] : [`Connect again with one click: ${reconnectUrl}`]),
          `Since ${instant(incident.openedAt)}; affected: ${incident.affected}. Cause: ${incident.cause}.`,
        ];
  return { id, event, at: now, title: plain(title), text: text.map((each) => each.slice(0, longest)), incident };
}

function whoseOf({ company, subdomain }: AlertIncident): string {
  const names = [company, subdomain].filter((name) => name !== undefined);
  return names.length === 0 ? "" : `${names.join(" / ").slice(0, 120)}: `;
}

/** The first sentence, or as much of it as a subject line takes. */
function titleOf({ says }: AlertIncident): string {
  const first = /^.*?[.:](?=\s|$)/s.exec(says)?.[0] ?? says;
  return first.replace(/[.:]$/, "").slice(0, 150);
}

function instant(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** One line: a company's name must not add headers to an e-mail. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}
