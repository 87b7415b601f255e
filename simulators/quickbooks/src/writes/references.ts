import { columnIndex, type EntityName, entities, entityOf, tableOf } from "../company/index.ts";
import { isRecord, type Json, type JsonRecord, recordAt, textAt } from "../json.ts";
import { type ChangeSet, partyOf } from "../ledger/index.ts";

/** Ids of the records directly under one. */
export function childrenOf(changes: ChangeSet, entity: EntityName, id: string): string[] {
  const place = columnIndex(entityOf(entity), "ParentRef");
  if (place === -1) return [];
  const ids: string[] = [];
  for (const row of tableOf(changes.company, entity).all()) if (row.cells[place] === id) ids.push(row.id);
  return ids;
}

const deepest = 10;

/** Full names and levels of everything below follow a rename or a move. Whether their times move too is a switch. */
export function renameDescendants(changes: ChangeSet, entity: EntityName, id: string, depth = 0): void {
  // A file may hold a loop; five levels are the most that the vendor lets a family have.
  if (depth > deepest) return;
  const parent = changes.look(entity, id);
  if (parent === undefined) return;
  const field = entityOf(entity).nameField ?? "Name";
  for (const child of childrenOf(changes, entity, id)) {
    const record = changes.edit(entity, child, changes.rules.renameTouchesDescendants ? "time" : "silent");
    if (record === undefined) continue;
    record["FullyQualifiedName"] = `${textAt(parent, "FullyQualifiedName") ?? ""}:${textAt(record, field) ?? ""}`;
    if (entity !== "Account") record["Level"] = Number(parent["Level"] ?? 0) + 1;
    renameDescendants(changes, entity, child, depth + 1);
  }
}

/** Every document of a party, as (entity, id). */
function documentsOf(changes: ChangeSet, party: { entity: EntityName; id: string }): [EntityName, string][] {
  const found: [EntityName, string][] = [];
  for (const entity of entities.values()) {
    if (entity.kind !== "document" || entity.partyField === undefined) continue;
    const place = columnIndex(entity, entity.partyField);
    for (const row of tableOf(changes.company, entity.name).all()) {
      if (row.cells[place] !== party.id) continue;
      const record = changes.look(entity.name, row.id);
      if (record !== undefined && partyOf(entity.name, record)?.entity === party.entity)
        found.push([entity.name, row.id]);
    }
  }
  return found;
}

/** Points a party's documents at another id or at its new name; `touch` says whether the documents' times move. */
export function repointDocuments(
  changes: ChangeSet,
  party: { entity: EntityName; id: string },
  to: { id: string; name: string },
  touch: "silent" | "content",
): void {
  for (const [entity, id] of documentsOf(changes, party)) {
    const field = entityOf(entity).partyField;
    const record = changes.edit(entity, id, touch);
    if (record === undefined || field === undefined) continue;
    record[field] = { ...recordAt(record, field), value: to.id, name: to.name };
  }
}

/** Points the lines of all documents from one item or account at another. */
export function repointLines(
  changes: ChangeSet,
  field: "ItemRef" | "AccountRef",
  from: string,
  to: { id: string; name: string },
): void {
  for (const entity of entities.values()) {
    if (entity.kind !== "document") continue;
    for (const row of tableOf(changes.company, entity.name).all()) {
      if (!row.json.includes(`"${field}"`) || !row.json.includes(`"${from}"`)) continue;
      const record = changes.edit(entity.name, row.id, "silent");
      if (record !== undefined) repointWithin(record, field, from, to);
    }
  }
}

function repointWithin(value: Json, field: string, from: string, to: { id: string; name: string }): void {
  if (Array.isArray(value)) {
    for (const one of value) repointWithin(one, field, from, to);
    return;
  }
  if (!isRecord(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === field && isRecord(inner) && textAt(inner, "value") === from) {
      value[key] = { ...inner, value: to.id, name: to.name };
    } else repointWithin(inner, field, from, to);
  }
}

export function nameOf(entity: EntityName, record: JsonRecord): string {
  return textAt(record, entityOf(entity).nameField ?? "Name") ?? "";
}
