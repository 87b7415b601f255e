import type { JsonRecord } from "../json.ts";
import { type Entity, type EntityName, entities, entityOf } from "./entities.ts";
import { type Row, recordOf, rowOf } from "./row.ts";
import { createTable, highestId, type Table } from "./table.ts";

export interface Tombstone {
  readonly id: string;
  readonly atMs: number;
}

/** What happened to one record, as a webhook would tell it. */
export interface ChangeEvent {
  /** One of ours; told through the control port also others. */
  readonly entity: string;
  readonly id: string;
  readonly operation: "created" | "updated" | "deleted" | "merged" | "void" | "emailed";
  readonly atMs: number;
  /** The loser of a merge; `id` is then the survivor. */
  readonly deletedId?: string;
  /** Not asked for by name: a balance or a link that followed from another change. */
  readonly ripple: boolean;
}

/** The whole state of one company file. Rows are immutable: a copy shares them. */
export interface Company {
  readonly realm: string;
  readonly tables: ReadonlyMap<EntityName, Table>;
  readonly tombstones: Map<EntityName, Tombstone[]>;
  /** Next id per sequence, next document number per form. */
  readonly counters: Map<string, number>;
  /** Names in use, lower case -> entity and id; customers, vendors and employees share one space. */
  readonly names: Map<string, string>;
}

export function createCompany(realm: string): Company {
  return {
    realm,
    tables: new Map([...entities.values()].map((entity) => [entity.name, createTable(entity)])),
    tombstones: new Map(),
    counters: new Map(),
    names: new Map(),
  };
}

export function copyCompany(company: Company): Company {
  return {
    realm: company.realm,
    tables: new Map([...company.tables].map(([name, table]) => [name, table.copy()])),
    tombstones: new Map([...company.tombstones].map(([name, list]) => [name, [...list]])),
    counters: new Map(company.counters),
    names: new Map(company.names),
  };
}

export function tableOf(company: Company, name: EntityName): Table {
  const table = company.tables.get(name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return table;
}

export function recordIn(company: Company, name: EntityName, id: string): JsonRecord | undefined {
  const row = tableOf(company, name).get(id);
  return row === undefined ? undefined : recordOf(row);
}

export function storeRecord(company: Company, name: EntityName, id: string, record: JsonRecord): Row {
  const entity = entityOf(name);
  const table = tableOf(company, name);
  const before = table.get(id);
  const row = rowOf(entity, id, record);
  if (before !== undefined) releaseName(company, entity, recordOf(before), id);
  table.put(row);
  const key = nameKey(entity, record);
  if (key !== undefined && !company.names.has(key)) company.names.set(key, `${name}:${id}`);
  return row;
}

/** Without a time it leaves no tombstone. */
export function removeRecord(company: Company, name: EntityName, id: string, atMs: number | undefined): void {
  const before = recordIn(company, name, id);
  if (before === undefined) return;
  releaseName(company, entityOf(name), before, id);
  tableOf(company, name).remove(id);
  if (atMs === undefined) return;
  const list = company.tombstones.get(name) ?? [];
  list.push({ id, atMs });
  company.tombstones.set(name, list);
}

function releaseName(company: Company, entity: Entity, record: JsonRecord, id: string): void {
  const key = nameKey(entity, record);
  if (key !== undefined && company.names.get(key) === `${entity.name}:${id}`) company.names.delete(key);
}

/**
 * Under which key a name is unique. Sub-customers are told apart by their full name: a recorded company holds
 * "Test Project" under two parents (fylein/fyle-qbo-api). Customers, vendors and employees share one space (6240).
 */
export function nameKey(entity: Entity, record: JsonRecord): string | undefined {
  if (entity.nameField === undefined || entity.kind === "single") return undefined;
  const name = record["FullyQualifiedName"] ?? record[entity.nameField];
  if (typeof name !== "string" || name === "") return undefined;
  return `${entity.kind === "party" ? "party" : entity.name}:${name.toLowerCase()}`;
}

/** The holder of a name, as `Customer:12`. */
export function holderOfName(company: Company, key: string): string | undefined {
  return company.names.get(key);
}

export function nextId(company: Company, name: EntityName): string {
  const { sequence } = entityOf(name);
  const counter = `id:${sequence}`;
  const next = company.counters.get(counter) ?? 1 + highestIdOf(company, sequence);
  company.counters.set(counter, next + 1);
  return String(next);
}

function highestIdOf(company: Company, sequence: Entity["sequence"]): number {
  let highest = 0;
  for (const table of company.tables.values()) {
    if (table.entity.sequence === sequence) highest = Math.max(highest, highestId(table));
  }
  for (const [name, stones] of company.tombstones) {
    if (entityOf(name).sequence !== sequence) continue;
    for (const { id } of stones) highest = Math.max(highest, Number(id) || 0);
  }
  return highest;
}

const firstDocNumber = 1001;

export function nextDocNumber(company: Company): string {
  const next = company.counters.get("docNumber") ?? highestDocNumber(company) + 1;
  company.counters.set("docNumber", next + 1);
  return String(next);
}

/** Sales forms share one run of numbers (recorded invoices 1031.. and credit memo 1051 of one sandbox). */
function highestDocNumber(company: Company): number {
  let highest = firstDocNumber - 1;
  for (const name of ["Invoice", "CreditMemo", "SalesReceipt", "RefundReceipt"] as const) {
    const place = entityOf(name).columns.findIndex((column) => column.name === "DocNumber");
    for (const row of tableOf(company, name).all()) {
      const cell = row.cells[place];
      if (typeof cell === "string" && /^\d{1,9}$/.test(cell)) highest = Math.max(highest, Number(cell));
    }
  }
  return highest;
}
