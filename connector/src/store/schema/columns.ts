// How a column is read and written. int8 is a number (checked: above 2^53 the driver throws), numeric a text, date a `YYYY-MM-DD` text,
// timestamptz a Date, bytea a Buffer, text[] an array; jsonb is parsed when read and given as JSON text when written, because the driver
// would turn a bare array into a PostgreSQL array.
import type { ColumnType } from "kysely";

export type Jsonb<Value> = ColumnType<Value, string, string>;
export type JsonbWithDefault<Value> = ColumnType<Value, string | undefined, string>;
export type JsonbOrNull<Value> = ColumnType<Value | null, string | null | undefined, string | null>;
/** An instant, written as a Date or as RFC 3339 text. A Date holds milliseconds: compare what the database made in SQL. */
export type Instant = ColumnType<Date, Date | string, Date | string>;
export type InstantOrNull = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
export type InstantWithDefault = ColumnType<Date, Date | string | undefined, Date | string>;
