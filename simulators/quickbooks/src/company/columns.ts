import { isRecord, type Json, type JsonRecord } from "../json.ts";

export type ColumnType = "id" | "text" | "number" | "boolean" | "date" | "time" | "ref";
export type Cell = string | number | boolean | null;

/** One property that a query may name, or (`hidden`) that only the simulator looks at. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly filterable: boolean;
  readonly sortable: boolean;
}

export function column(name: string, type: ColumnType): Column {
  return { name, type, filterable: true, sortable: true };
}

export function sortOnly(name: string, type: ColumnType): Column {
  return { name, type, filterable: false, sortable: true };
}

export function hidden(name: string, type: ColumnType): Column {
  return { name, type, filterable: false, sortable: false };
}

/** The first three columns of every entity; indexes and change data capture rely on their places. */
export const idColumn = 0;
export const createdColumn = 1;
export const updatedColumn = 2;
export const commonColumns: readonly Column[] = [
  column("Id", "id"),
  column("MetaData.CreateTime", "time"),
  column("MetaData.LastUpdatedTime", "time"),
];

/** Text is kept in lower case: the vendor compares case-insensitively (STRESS: live queries of 2025-12-14, see README). */
export function cellOf(record: JsonRecord, { name, type }: Column): Cell {
  const value = valueAt(record, name);
  switch (type) {
    case "ref":
      return isRecord(value) ? scalarText(value["value"]) : scalarText(value);
    case "time":
      return typeof value === "string" ? parsedTime(value) : null;
    case "number":
      return typeof value === "number" ? value : typeof value === "string" && value !== "" ? Number(value) : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "text":
      return (isRecord(value) ? scalarText(value["Address"]) : scalarText(value))?.toLowerCase() ?? null;
    case "id":
    case "date":
      return scalarText(value);
  }
}

function valueAt(record: JsonRecord, path: string): Json | undefined {
  const dot = path.indexOf(".");
  if (dot === -1) return record[path];
  const inner = record[path.slice(0, dot)];
  return isRecord(inner) ? inner[path.slice(dot + 1)] : undefined;
}

function scalarText(value: Json | undefined): string | null {
  if (typeof value === "string") return value;
  return typeof value === "number" ? String(value) : null;
}

function parsedTime(text: string): number | null {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

/** Ids are digit strings that may exceed 2^53: shorter is smaller, equal lengths compare as text. */
export function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Missing values sort first, as an empty text would. */
export function compareCells(a: Cell, b: Cell, type: ColumnType): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (type === "id" && typeof a === "string" && typeof b === "string") return compareIds(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}
