import type { JsonRecord } from "../json.ts";
import { type Cell, cellOf } from "./columns.ts";
import type { Entity } from "./entities.ts";

/**
 * One stored record: its serialised JSON and the cells that queries look at. Never changed, only replaced,
 * so that snapshots share rows and a 1,000-row page is a join of strings.
 */
export interface Row {
  readonly id: string;
  readonly json: string;
  readonly cells: readonly Cell[];
}

export function rowOf(entity: Entity, id: string, record: JsonRecord): Row {
  return { id, json: JSON.stringify(record), cells: entity.columns.map((column) => cellOf(record, column)) };
}

export function recordOf(row: Row): JsonRecord {
  // Rows are only made from records, see rowOf.
  return JSON.parse(row.json) as JsonRecord;
}

export function cellAt(row: Row, index: number): Cell {
  return row.cells[index] ?? null;
}
