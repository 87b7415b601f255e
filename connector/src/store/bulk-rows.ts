import { type RawBuilder, sql } from "kysely";

type Cell = string | number | boolean | Date | Uint8Array | null | undefined;

/** How one column travels: `wire` is the array's element type; `cast` turns what has no array of its own into the column's type. */
export interface BulkColumn<Row> {
  wire: "text" | "bigint" | "smallint" | "boolean" | "date" | "timestamptz" | "numeric" | "bytea";
  cast?: "text[]" | "jsonb";
  of: (row: Row) => Cell;
}

/**
 * Rows as one parameter per column: `unnest` of typed arrays, so that a page of a thousand is one statement of twenty parameters.
 * Gives a FROM item named `n`; what needs a cast is cast where it is selected, see `selected`.
 */
export function rowsOf<Row>(rows: readonly Row[], columns: Record<string, BulkColumn<Row>>): RawBuilder<unknown> {
  const arrays = Object.values(columns).map(
    (column) => sql`${rows.map((row) => column.of(row) ?? null)}::${sql.raw(column.wire)}[]`,
  );
  return sql`unnest(${sql.join(arrays)}) as n (${sql.join(Object.keys(columns).map((name) => sql.ref(name)))})`;
}

/** Inserts rows, or lays them over those that have the same key. `onlyInserted` columns keep what they hold. */
export function upsertRows<Row>(of: {
  table: string;
  key: readonly string[];
  columns: Record<string, BulkColumn<Row>>;
  rows: readonly Row[];
  onlyInserted?: readonly string[];
  /** Set where the row was there already. */
  also?: RawBuilder<unknown>;
  /** A row that was there already and does not fit this stays as it is. */
  onlyWhere?: RawBuilder<unknown>;
}): RawBuilder<unknown> {
  const names = Object.keys(of.columns);
  const selected = Object.entries(of.columns).map(([name, { cast }]) =>
    cast ? sql`n.${sql.ref(name)}::${sql.raw(cast)}` : sql`n.${sql.ref(name)}`,
  );
  const replaced = names.filter((name) => !of.key.includes(name) && !of.onlyInserted?.includes(name));
  return sql`
    insert into ${sql.table(of.table)} (${sql.join(names.map((name) => sql.ref(name)))})
    select ${sql.join(selected)} from ${rowsOf(of.rows, of.columns)}
    on conflict (${sql.join(of.key.map((name) => sql.ref(name)))}) do update set
      ${sql.join(replaced.map((name) => sql`${sql.ref(name)} = excluded.${sql.ref(name)}`))}
      ${of.also ? sql`, ${of.also}` : sql``}
    ${of.onlyWhere ? sql`where ${of.onlyWhere}` : sql``}`;
}

/** `{"a","b"}`: an array that travels as the text of one cell. */
export function arrayText(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`).join(",")}}`;
}

/** Cuts a list into parts of at most `size`. */
export function slicesOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) =>
    items.slice(part * size, (part + 1) * size),
  );
}
