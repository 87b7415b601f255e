// What a webhook delivery says: CloudEvents (an array, or a single one) and the legacy object. Pure; events are hints with ids, never content.
// Sources: developer.intuit.com, docs/develop/webhooks/data-objects; Intuit's .NET and Java SDK tests.
import { createHash } from "node:crypto";
import { cleanText, type Entity, entities, MalformedId, parseRealm, type Realm } from "../../domain/index.ts";
import type { Notification, NotifiedChange } from "../../sync/intake/ports.ts";
import { isObject } from "./json.ts";

/** Longest text that we keep of an event id or time. */
const longestText = 200;
/** More events in one delivery were never recorded; the change poll finds what an absurd one held. */
const mostEvents = 5_000;

export function parseNotification(rawBody: Uint8Array): Notification {
  let body: unknown;
  try {
    body = JSON.parse(Buffer.from(rawBody).toString("utf8"));
  } catch {
    return { kind: "unreadable" };
  }
  const events = eventsOf(body);
  if (events === undefined || events.length > mostEvents) return { kind: "unreadable" };
  const changes = events.map((read) => read()).filter((change) => change !== undefined);
  return { kind: "changes", changes, unknown: events.length - changes.length };
}

type EventReader = () => NotifiedChange | undefined;

function eventsOf(body: unknown): EventReader[] | undefined {
  if (Array.isArray(body)) return body.map((event) => () => cloudEvent(event));
  if (!isObject(body)) return undefined;
  if ("specversion" in body) return [() => cloudEvent(body)];
  const notifications = body["eventNotifications"];
  if (!Array.isArray(notifications)) return undefined;
  return notifications.flatMap((notification) => {
    const change = isObject(notification) ? notification["dataChangeEvent"] : undefined;
    const changed = isObject(change) ? change["entities"] : undefined;
    if (!isObject(notification) || !Array.isArray(changed)) return [() => undefined];
    return changed.map((item) => () => legacyEvent(notification["realmId"], item));
  });
}

function cloudEvent(event: unknown): NotifiedChange | undefined {
  if (!isObject(event)) return undefined;
  const type = textOf(event["type"]);
  const named = /^qbo\.([a-z]+)\.[a-z]+\.v\d+$/i.exec(type ?? "");
  const details = isObject(event["data"]) ? event["data"] : {};
  return change({
    realm: textOf(event["intuitaccountid"]),
    entity: named?.[1],
    id: textOf(event["intuitentityid"]),
    type,
    eventId: textOf(event["id"]),
    at: textOf(event["time"]),
    deletedId: textOf(details["deletedid"]) ?? textOf(details["deletedId"]),
  });
}

function legacyEvent(realm: unknown, item: unknown): NotifiedChange | undefined {
  if (!isObject(item)) return undefined;
  const name = textOf(item["name"]);
  const parts = [realm, name, item["id"], item["operation"], item["lastUpdated"]];
  return change({
    realm: textOf(realm),
    entity: name,
    id: textOf(item["id"]),
    type: `${name}.${textOf(item["operation"])}`,
    // The legacy form has no id of its own; a retry repeats all of these.
    eventId: createHash("sha256").update(JSON.stringify(parts)).digest("base64url"),
    at: textOf(item["lastUpdated"]),
    deletedId: textOf(item["deletedId"]),
  });
}

function change(of: {
  realm: string | undefined;
  entity: string | undefined;
  id: string | undefined;
  type: string | undefined;
  eventId: string | undefined;
  at: string | undefined;
  deletedId: string | undefined;
}): NotifiedChange | undefined {
  const entity: Entity | undefined = entities.find((name) => name.toLowerCase() === of.entity?.toLowerCase());
  const realm = realmOf(of.realm);
  if (entity === undefined || realm === undefined || of.type === undefined || of.eventId === undefined)
    return undefined;
  if (!isRecordId(of.id)) return undefined;
  return {
    realm,
    key: { entity, id: of.id },
    type: of.type,
    eventId: of.eventId,
    at: of.at ?? "",
    deletedId: isRecordId(of.deletedId) ? of.deletedId : undefined,
  };
}

function realmOf(text: string | undefined): Realm | undefined {
  try {
    return text === undefined ? undefined : parseRealm(text);
  } catch (fault) {
    if (fault instanceof MalformedId) return undefined;
    throw fault;
  }
}

function isRecordId(id: string | undefined): id is string {
  return id !== undefined && /^\d{1,20}$/.test(id);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? cleanText(value).slice(0, longestText) : undefined;
}
