// Query statements. Grammar: developer.intuit.com, "Data queries": no OR, no joins, text in single quotes, numbers quoted too.
import type { Entity } from "../../domain/index.ts";

export const pageSize = 1000;
/** No limit is published; connectors stay at 50-100 ids, which also keeps the URL under 4 kB. */
export const idsPerQuery = 100;

/** Name lists answer only their active rows unless asked for both; `Active` on a transaction is error 4001. */
const nameLists: ReadonlySet<Entity> = new Set(["Customer", "Vendor", "Item", "Account", "Term"]);
/** One record per company: neither paged nor filtered. */
const singletons: ReadonlySet<Entity> = new Set(["CompanyInfo", "Preferences"]);

export function isSingleton(entity: Entity): boolean {
  return singletons.has(entity);
}

/** Within quotes a backslash escapes; doubling the quote is not the documented way. */
export function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

function where(entity: Entity, ...conditions: string[]): string {
  const all = nameLists.has(entity) ? [...conditions, "Active IN (true, false)"] : conditions;
  return all.length === 0 ? "" : ` WHERE ${all.join(" AND ")}`;
}

export function selectByIds(entity: Entity, ids: readonly string[]): string {
  if (isSingleton(entity)) return `SELECT * FROM ${entity}`;
  return `SELECT * FROM ${entity}${where(entity, `Id IN (${ids.map(quoted).join(", ")})`)} STARTPOSITION 1 MAXRESULTS ${pageSize}`;
}

/** What rows are ordered and continued by: CreateTime never moves, LastUpdatedTime finds what changed. */
export type OrderTime = "CreateTime" | "LastUpdatedTime";

/**
 * One page by keyset. Over CreateTime, rows which change meanwhile neither slip out nor come twice; over LastUpdatedTime they move on
 * to a later page.
 */
export function selectPage(
  entity: Entity,
  by: { time: OrderTime; from: string | undefined },
  page: { startPosition: number; most: number },
): string {
  if (isSingleton(entity)) return `SELECT * FROM ${entity}`;
  const conditions = by.from === undefined ? [] : [`MetaData.${by.time} >= ${quoted(by.from)}`];
  return `SELECT * FROM ${entity}${where(entity, ...conditions)} ORDERBY MetaData.${by.time} STARTPOSITION ${page.startPosition} MAXRESULTS ${page.most}`;
}

export function countRows(entity: Entity): string {
  return `SELECT count(*) FROM ${entity}${where(entity)}`;
}
