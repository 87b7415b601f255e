import { type Cell, type Column, cellAt, compareCells, type Entity, type Row } from "../company/index.ts";
import { faults } from "../faults.ts";
import type { Condition } from "./parse.ts";

/** A condition made ready: which column, and the test of its cell. */
export interface Test {
  readonly column: number;
  readonly condition: Condition;
  /** The values in the column's own form. */
  readonly cells: readonly Cell[];
  readonly holds: (cell: Cell) => boolean;
}

/** Finds a property whatever its case; `Metadata.` and `MetaData.` are the same (estuary/connectors, airbyte). */
export function columnNamed(entity: Entity, property: string): number {
  const lower = property.toLowerCase();
  const index = entity.columns.findIndex((column) => column.name.toLowerCase() === lower);
  const found = entity.columns[index];
  if (found !== undefined && (found.filterable || found.sortable)) return index;
  // Words: quickbooks-ruby issue 403 and STRESS.
  if (found !== undefined || entity.notQueryable.has(lower)) {
    throw faults.queryValidation(`property '${property}' is not queryable`);
  }
  throw faults.queryValidation(`Property ${property} not found for Entity ${entity.name}`);
}

export function testOf(entity: Entity, condition: Condition): Test {
  const index = columnNamed(entity, condition.property);
  const column = entity.columns[index];
  if (column === undefined || !column.filterable) {
    throw faults.queryValidation(`property '${condition.property}' is not queryable`);
  }
  const cells = condition.values.map((value) => cellFor(column, value));
  const holds = heldBy(column, condition, cells);
  return { column: index, condition, cells, holds: condition.negated ? (cell) => !holds(cell) : holds };
}

export function matches(tests: readonly Test[], row: Row): boolean {
  return tests.every((test) => test.holds(cellAt(row, test.column)));
}

function heldBy(column: Column, { operator }: Condition, cells: readonly Cell[]): (cell: Cell) => boolean {
  const first = cells[0] ?? null;
  const order = (cell: Cell) => compareCells(cell, first, column.type);
  switch (operator) {
    case "=":
      return (cell) => cell === first;
    case "!=":
      return (cell) => cell !== first;
    // A missing value is neither smaller nor larger than anything.
    case "<":
      return (cell) => cell !== null && order(cell) < 0;
    case ">":
      return (cell) => cell !== null && order(cell) > 0;
    case "<=":
      return (cell) => cell !== null && order(cell) <= 0;
    case ">=":
      return (cell) => cell !== null && order(cell) >= 0;
    case "IN": {
      const set = new Set(cells);
      return (cell) => set.has(cell);
    }
    case "LIKE":
      return likeTest(typeof first === "string" ? first : "");
  }
}

/** `%` is the only wildcard. Parts are looked up one after the other: no regular expression, no backtracking. */
function likeTest(like: string): (cell: Cell) => boolean {
  const parts = like.toLowerCase().split("%");
  const first = parts[0] ?? "";
  const last = parts[parts.length - 1] ?? "";
  const middle = parts.slice(1, -1);
  return (cell) => {
    if (cell === null) return false;
    const text = String(cell).toLowerCase();
    if (parts.length === 1) return text === first;
    if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
    let at = first.length;
    for (const part of middle) {
      const found = text.indexOf(part, at);
      if (found === -1) return false;
      at = found + part.length;
    }
    return at <= text.length - last.length;
  };
}

/** A written value in the column's form; blank text stands for "no value" (data-queries page). */
function cellFor(column: Column, value: string | boolean): Cell {
  if (typeof value === "string" && value.trim() === "") return null;
  const refuse = () => faults.queryValidation(`Invalid value for property '${column.name}': ${String(value)}`);
  switch (column.type) {
    case "boolean":
      if (typeof value === "boolean") return value;
      if (/^(true|false)$/i.test(value)) return value.toLowerCase() === "true";
      throw refuse();
    case "number": {
      const number = typeof value === "string" ? Number(value) : Number.NaN;
      if (Number.isNaN(number)) throw refuse();
      return number;
    }
    case "time": {
      const ms = typeof value === "string" ? instantOf(value) : Number.NaN;
      if (Number.isNaN(ms)) throw refuse();
      return ms;
    }
    case "date":
      if (typeof value === "string" && /^\d{4}-\d{2}-\d{2}/.test(value)) return value.slice(0, 10);
      throw refuse();
    case "text":
      return String(value).toLowerCase();
    case "id":
    case "ref":
      return String(value);
  }
}

/** Times compare as instants; without an offset they are Pacific, which is winter time here (a plain date likewise). */
function instantOf(text: string): number {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return Date.parse(`${text}T00:00:00-08:00`);
  if (/T[\d:.]+$/.test(text)) return Date.parse(`${text}-08:00`);
  // `+` of an offset that was not percent-encoded arrives as a blank; the vendor cannot read it either.
  return Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, "$1:$2"));
}
