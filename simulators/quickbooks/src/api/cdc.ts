import type { Switches } from "../behaviour/index.ts";
import {
  type Company,
  cellAt,
  compareIds,
  type Entity,
  entityNamed,
  isUnbuiltEntity,
  pacificTime,
  tableOf,
  updatedColumn,
} from "../company/index.ts";
import { faults } from "../faults.ts";
import { NotBuilt } from "../not-built.ts";
import type { Answer, ApiCall } from "./call.ts";

// all-entities/changedatacapture: 1,000 objects a request, for all entities together; 30 days back.
const mostObjects = 1000;
const lookBackMs = 30 * 86_400_000;

/**
 * Change data capture: one `QueryResponse` per requested entity in the order asked, `{}` where nothing changed; within an
 * entity by time of change, deleted objects after live ones. No paging: what does not fit is left out without a word.
 */
export function cdcResponse(company: Company, call: ApiCall, world: { nowMs: number; switches: Switches }): Answer {
  const { switches } = world;
  const wanted = entitiesOf(call.query["entities"]);
  const asked = changedSince(call.query["changedSince"], world);
  // Records have whole seconds: exclusive means the next one.
  const sinceMs = switches.cdcSince === "inclusive" ? asked : asked + 1;
  const rows: Record<string, number> = {};
  let room = mostObjects;
  const blocks = wanted.map((entity) => {
    const objects = changedObjects(company, entity, sinceMs, { room, lies: switches.cdcFalseTombstones });
    room -= objects.length;
    rows[entity.name] = objects.length;
    if (objects.length === 0) return "{}";
    const counted = entity.kind === "document" ? `,"totalCount":${objects.length}` : "";
    return `{"${entity.name}":[${objects.join(",")}],"startPosition":1,"maxResults":${objects.length}${counted}}`;
  });
  return { json: `[{"QueryResponse":[${blocks.join(",")}]}]`, summary: { rows } };
}

function entitiesOf(list: string | undefined): Entity[] {
  if (list === undefined || list.trim() === "") throw faults.requiredParameter("entities");
  return list.split(",").map((name) => {
    const entity = entityNamed(name.trim());
    if (entity !== undefined) return entity;
    if (isUnbuiltEntity(name.trim())) throw new NotBuilt(`cdc ${name.trim()}`);
    throw faults.queryValidation(`Metadata not found for Entity: ${name.trim()}`);
  });
}

function changedSince(text: string | undefined, { nowMs, switches }: { nowMs: number; switches: Switches }): number {
  if (text === undefined || text === "") throw faults.requiredParameter("changedSince");
  const ms = Date.parse(/^\d{4}-\d{2}-\d{2}(T[\d:.]+)?$/.test(text) && text.includes("T") ? `${text}-08:00` : text);
  // An offset whose `+` was not percent-encoded arrives as a blank and is refused.
  if (Number.isNaN(ms)) throw faults.unsupportedOperation(`cdc with changedSince ${text}`);
  // Words: Wish-Org/QuickBooksSharp issue 19.
  if (ms < nowMs - lookBackMs) {
    if (switches.cdcBeyondLookBack === "shortened") return nowMs - lookBackMs;
    throw faults.unsupportedOperation(`cdc with changedSince date ${pacificTime(ms)} which is older than fixed days`);
  }
  return ms;
}

function changedObjects(
  company: Company,
  entity: Entity,
  sinceMs: number,
  { room, lies }: { room: number; lies: boolean },
): string[] {
  if (room <= 0) return [];
  const order = tableOf(company, entity.name).orderedBy(updatedColumn);
  const from = order.firstAt(sinceMs, false);
  const rows = order.rows.slice(from, from + room);
  const live = rows.map((row) => row.json);
  // A live object shown as deleted (QuickBooks-V3-DotNET-SDK issue 189).
  const lie = lies ? rows.at(-1) : undefined;
  if (lie !== undefined) live[live.length - 1] = tombstone(lie.id, Number(cellAt(lie, updatedColumn)));
  const stones = (company.tombstones.get(entity.name) ?? [])
    .filter((stone) => stone.atMs >= sinceMs)
    .sort((a, b) => a.atMs - b.atMs || compareIds(a.id, b.id))
    .slice(0, room - live.length);
  return [...live, ...stones.map(({ id, atMs }) => tombstone(id, atMs))];
}

function tombstone(id: string, atMs: number): string {
  const LastUpdatedTime = pacificTime(atMs);
  return JSON.stringify({ domain: "QBO", status: "Deleted", Id: id, MetaData: { LastUpdatedTime } });
}
