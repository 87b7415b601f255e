import type { Switches } from "../behaviour/index.ts";
import {
  type Company,
  cellAt,
  columnIndex,
  compareCells,
  compareIds,
  createdColumn,
  type Entity,
  entityNamed,
  idColumn,
  isUnbuiltEntity,
  type Row,
  type Table,
  tableOf,
  updatedColumn,
} from "../company/index.ts";
import { faults } from "../faults.ts";
import { NotBuilt } from "../not-built.ts";
import { parseQuery, type Query } from "./parse.ts";
import { columnNamed, matches, type Test, testOf } from "./predicate.ts";

export type QueryResult =
  | { readonly kind: "count"; readonly entity: Entity; readonly count: number }
  | { readonly kind: "rows"; readonly entity: Entity; readonly rows: readonly Row[]; readonly startPosition: number };

interface Order {
  readonly column: number;
  readonly descending: boolean;
}

const defaultPage = 100;
const largestPage = 1000;

/** Where the vendor's behaviour is not documented. */
export type QueryRules = Pick<Switches, "startPositionZero" | "documentOrder" | "longestInList">;

/** Answers one query over a company, or throws the vendor's 4000 or 4001. */
export function executeQuery(company: Company, text: string, rules: QueryRules): QueryResult {
  const query = parseQuery(text);
  const entity = entityNamed(query.entity);
  if (entity === undefined) {
    if (isUnbuiltEntity(query.entity)) throw new NotBuilt(`query ${query.entity}`);
    // quickbooks-ruby issue 628.
    throw faults.queryValidation(`Metadata not found for Entity: ${query.entity}`);
  }
  const table = tableOf(company, entity.name);
  const tests = query.conditions.map((condition) => testOf(entity, condition));
  const active = activeDefault(entity, tests);
  const isWanted = (row: Row) => active(row) && matches(tests, row);
  if (query.counts) return { kind: "count", entity, count: count(table, tests, isWanted) };
  refuseLongLists(query, rules);
  const page = pageOf(query, rules.startPositionZero);
  return {
    kind: "rows",
    entity,
    rows: rowsOf(table, ordersOf(entity, query, rules), tests, isWanted, page),
    startPosition: page.start,
  };
}

function pageOf(query: Query, zero: "tolerated" | "refused"): { start: number; size: number } {
  // Words: quickbooks-ruby query_validation_error.xml. STARTPOSITION 0 is tolerated lately, taken as 1: a switch.
  if (query.maxResults === 0 || (query.startPosition === 0 && zero === "refused"))
    throw faults.queryValidation("value 0 is too small. Min allowed value is 1");
  return { start: Math.max(1, query.startPosition ?? 1), size: Math.min(query.maxResults ?? defaultPage, largestPage) };
}

function refuseLongLists(query: Query, { longestInList }: QueryRules): void {
  const longest = Math.max(0, ...query.conditions.map(({ values }) => values.length));
  if (longestInList > 0 && longest > longestInList) {
    throw faults.queryValidation(`value ${longest} is too large. Max allowed value is ${longestInList}`);
  }
}

/** Lists answer only active rows unless the query speaks of Active (airbyte source-quickbooks; singer). */
function activeDefault(entity: Entity, tests: readonly Test[]): (row: Row) => boolean {
  const active = columnIndex(entity, "Active");
  if (active === -1 || tests.some((test) => test.column === active)) return () => true;
  return (row) => cellAt(row, active) !== false;
}

function ordersOf(entity: Entity, query: Query, rules: QueryRules): Order[] {
  if (query.orders.length === 0) return [defaultOrder(entity, rules)];
  return query.orders.map(({ property, descending }) => {
    const column = columnNamed(entity, property);
    if (entity.columns[column]?.sortable !== true) {
      throw faults.queryValidation(`property '${property}' is not sortable`);
    }
    return { column, descending };
  });
}

/** Lists by name (ExQuickBooks query.json); of documents the order is not documented. */
function defaultOrder(entity: Entity, rules: QueryRules): Order {
  if (entity.kind === "document" && rules.documentOrder === "changed")
    return { column: updatedColumn, descending: true };
  if (entity.kind === "document") return { column: idColumn, descending: false };
  const name = entity.nameField === undefined ? idColumn : columnIndex(entity, entity.nameField);
  return { column: name === -1 ? idColumn : name, descending: false };
}

function count(table: Table, tests: readonly Test[], isWanted: (row: Row) => boolean): number {
  const chosen = byIds(table, tests) ?? byReference(table, tests) ?? table.all();
  let found = 0;
  for (const row of chosen) if (isWanted(row)) found += 1;
  return found;
}

/** `Id = '..'` and `Id IN (..)` need no scan. */
function byIds(table: Table, tests: readonly Test[]): Row[] | undefined {
  const test = tests.find(
    ({ column, condition }) =>
      column === idColumn && !condition.negated && (condition.operator === "=" || condition.operator === "IN"),
  );
  if (test === undefined) return undefined;
  const ids = new Set(test.cells.filter((cell) => typeof cell === "string"));
  return [...ids].map((id) => table.get(id)).filter((row) => row !== undefined);
}

function rowsOf(
  table: Table,
  orders: readonly Order[],
  tests: readonly Test[],
  isWanted: (row: Row) => boolean,
  page: { start: number; size: number },
): Row[] {
  const [first] = orders;
  const chosen = byIds(table, tests) ?? byReference(table, tests) ?? fewByTime(table, tests);
  if (chosen !== undefined || first === undefined || orders.length > 1) {
    const wanted = [...(chosen ?? table.all())].filter(isWanted);
    wanted.sort((a, b) => compareRows(table, orders, a, b));
    return wanted.slice(page.start - 1, page.start - 1 + page.size);
  }
  return walk(table, first, tests, isWanted, page);
}

/** `CustomerRef = '161'`: an order by that reference is made once, then a party's documents are found at once. */
function byReference(table: Table, tests: readonly Test[]): readonly Row[] | undefined {
  const test = tests.find(
    ({ column, condition }) =>
      table.entity.columns[column]?.type === "ref" && condition.operator === "=" && !condition.negated,
  );
  if (test === undefined) return undefined;
  const { from, to } = range(table, test.column, [test]);
  return table.orderedBy(test.column).rows.slice(from, to);
}

const few = 2000;

/** A short window of changes is cheaper to sort than the whole table is to walk. */
function fewByTime(table: Table, tests: readonly Test[]): readonly Row[] | undefined {
  for (const column of [updatedColumn, createdColumn]) {
    const { from, to } = range(table, column, tests);
    if (to - from <= few && to - from < table.size) return table.orderedBy(column).rows.slice(from, to);
  }
  return undefined;
}

/** Walks the wanted order, only the part that range conditions on the same column leave, and stops when the page is full. */
function walk(
  table: Table,
  order: Order,
  tests: readonly Test[],
  isWanted: (row: Row) => boolean,
  page: { start: number; size: number },
): Row[] {
  const { rows } = table.orderedBy(order.column);
  const { from, to } = range(table, order.column, tests);
  const found: Row[] = [];
  let skip = page.start - 1;
  for (let step = 0; step < to - from && found.length < page.size; step += 1) {
    const row = rows[order.descending ? to - 1 - step : from + step];
    if (row === undefined || !isWanted(row)) continue;
    if (skip > 0) skip -= 1;
    else found.push(row);
  }
  return found;
}

/** Which part of an order the conditions on its column leave. Places are [from, to). */
function range(table: Table, column: number, tests: readonly Test[]): { from: number; to: number } {
  let from = 0;
  let to = table.size;
  for (const { column: tested, condition, cells } of tests) {
    const bound = cells[0];
    if (tested !== column || condition.negated || bound === undefined || bound === null) continue;
    const order = table.orderedBy(column);
    const { operator } = condition;
    if (operator === ">=" || operator === ">" || operator === "=") {
      from = Math.max(from, order.firstAt(bound, operator === ">"));
    }
    if (operator === "<=" || operator === "<" || operator === "=") {
      to = Math.min(to, order.firstAt(bound, operator !== "<"));
    }
  }
  return { from, to: Math.max(from, to) };
}

function compareRows(table: Table, orders: readonly Order[], a: Row, b: Row): number {
  for (const { column, descending } of orders) {
    const order = compareCells(cellAt(a, column), cellAt(b, column), table.entity.columns[column]?.type ?? "text");
    if (order !== 0) return descending ? -order : order;
  }
  const order = compareIds(a.id, b.id);
  return orders[0]?.descending === true ? -order : order;
}
