import { compareIds } from "./columns.ts";
import type { Entity } from "./entities.ts";
import type { Row } from "./row.ts";
import { type SortedRows, sortRows } from "./sorted-rows.ts";

/** The rows of one entity of one company, with an order per column that somebody asked for. */
export interface Table {
  readonly entity: Entity;
  readonly size: number;
  get(id: string): Row | undefined;
  put(row: Row): void;
  remove(id: string): void;
  all(): Iterable<Row>;
  /** Made on first use: loading a large company costs no sorting. */
  orderedBy(column: number): SortedRows;
  /** A copy that shares the (immutable) rows. */
  copy(): Table;
}

export function createTable(entity: Entity, initial: ReadonlyMap<string, Row> = new Map()): Table {
  const rows = new Map(initial);
  const orders = new Map<number, SortedRows>();
  return {
    entity,
    get size() {
      return rows.size;
    },
    get: (id) => rows.get(id),
    put(row) {
      const before = rows.get(row.id);
      rows.set(row.id, row);
      for (const order of orders.values()) {
        if (before !== undefined) order.remove(before);
        order.add(row);
      }
    },
    remove(id) {
      const before = rows.get(id);
      if (before === undefined) return;
      rows.delete(id);
      for (const order of orders.values()) order.remove(before);
    },
    all: () => rows.values(),
    orderedBy(column) {
      const known = orders.get(column);
      if (known !== undefined) return known;
      const made = sortRows(rows.values(), column, entity.columns[column]?.type ?? "text");
      orders.set(column, made);
      return made;
    },
    copy: () => createTable(entity, rows),
  };
}

export function highestId(table: Table): number {
  let highest = "0";
  for (const row of table.all()) {
    if (/^\d+$/.test(row.id) && compareIds(row.id, highest) > 0) highest = row.id;
  }
  return Number(highest);
}
