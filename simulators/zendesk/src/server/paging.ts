import { errorList, invalidAttribute } from "../records/refusals.ts";
import type { Table } from "../world/table.ts";
import type { Call, Reply } from "./call.ts";

// https://developer.zendesk.com/api-reference/introduction/pagination/
const largestPage = 100;
const offsetDepth = 10_000;

/** An order for cursor paging: what a record is compared by. Without one, records come by id. */
export interface SortKey<T> {
  name: string;
  of: (record: T) => string;
}

export interface Listing<T extends { id: number }> {
  call: Call;
  /** Key of the list in the answer. */
  key: string;
  /** All records, or those of a filter in id order. */
  source: Table<T> | readonly T[];
  /** Order of offset pages where it differs from the id's. */
  offsetOrder?: (a: T, b: T) => number;
  sorts?: readonly SortKey<T>[];
  present: (record: T) => unknown;
}

/** One page in the style that the request asks for: `page[...]` is cursor paging, anything else is offset paging. */
export function listPage<T extends { id: number }>(listing: Listing<T>): Reply {
  const { query } = listing.call;
  const isCursor = [...query.keys()].some((key) => key.startsWith("page["));
  return { status: 200, body: isCursor ? cursorPage(listing) : offsetPage(listing) };
}

/** For lists that know cursors only, whatever is asked. */
export function cursorListPage<T extends { id: number }>(listing: Listing<T>): Reply {
  return { status: 200, body: cursorPage(listing) };
}

function recordsOf<T extends { id: number }>(source: Table<T> | readonly T[]): readonly T[] {
  return Array.isArray(source) ? source : (source as Table<T>).all();
}

// ---- cursor -------------------------------------------------------------------------------------------------------

interface CursorRequest<T> {
  size: number;
  after: string | undefined;
  before: string | undefined;
  sort: SortKey<T> | undefined;
  isDescending: boolean;
}

function readCursorRequest<T extends { id: number }>({ call, sorts }: Listing<T>): CursorRequest<T> {
  const sizeText = call.query.get("page[size]") ?? String(largestPage);
  if (!/^\d+$/.test(sizeText) || Number(sizeText) < 1)
    throw invalidAttribute("page.size", "an integer", call.operation.action);
  const sent = call.query.get("sort") ?? "id";
  const name = sent.replace(/^-/, "");
  const sort = sorts?.find((known) => known.name === name);
  if (name !== "id" && !sort) {
    throw errorList(
      400,
      "InvalidPaginationParameter",
      "sort is not valid",
      `sort must be one of id, ${(sorts ?? []).map((one) => one.name).join(", ")}`,
    );
  }
  return {
    size: Math.min(Number(sizeText), largestPage),
    after: call.query.get("page[after]") ?? undefined,
    before: call.query.get("page[before]") ?? undefined,
    sort,
    isDescending: sent.startsWith("-"),
  };
}

/**
 * The last page says `has_more: false` and still carries `after_cursor` and `links.next`; following it gives an empty page
 * of nulls. `links.prev` is there on the first page already. All recorded in blakmatrix/node-zendesk, test/fixtures
 * (organizations_test_list_all, pagination_test_execute; 2023).
 */
function cursorPage<T extends { id: number }>(listing: Listing<T>): Record<string, unknown> {
  const request = readCursorRequest(listing);
  const { page, hasMore } = takePage(listing.source, request);
  const [first, last] = [page[0], page.at(-1)];
  const cursorOf = (record: T): string => writeCursor(record, request.sort);
  const link = (direction: "after" | "before", record: T): string =>
    pageLink(listing.call, { [`page[${direction}]`]: cursorOf(record), "page[size]": String(request.size) });
  return {
    [listing.key]: page.map(listing.present),
    meta: {
      has_more: hasMore,
      after_cursor: last ? cursorOf(last) : null,
      before_cursor: first ? cursorOf(first) : null,
    },
    links: { prev: first ? link("before", first) : null, next: last ? link("after", last) : null },
  };
}

function takePage<T extends { id: number }>(
  source: Table<T> | readonly T[],
  request: CursorRequest<T>,
): { page: T[]; hasMore: boolean } {
  const { size, sort, isDescending } = request;
  const after = request.after === undefined ? undefined : readCursor(request.after, sort?.name ?? "id");
  const before = request.before === undefined ? undefined : readCursor(request.before, sort?.name ?? "id");
  const wanted = size + 1;
  if (!sort && !isDescending && !Array.isArray(source)) {
    const table = source as Table<T>;
    const from = before ? { before: before.id } : after ? { after: after.id } : {};
    const rows = table.slice(from, wanted);
    return before
      ? { page: rows.slice(-size), hasMore: rows.length > size }
      : { page: rows.slice(0, size), hasMore: rows.length > size };
  }
  const direction = isDescending ? -1 : 1;
  const valueOf = (record: T): string => sort?.of(record) ?? "";
  const compare = (a: { value: string; id: number }, b: { value: string; id: number }): number =>
    direction * (a.value < b.value ? -1 : a.value > b.value ? 1 : a.id - b.id);
  const keyed = recordsOf(source).map((record) => ({ value: valueOf(record), id: record.id, record }));
  keyed.sort(compare);
  if (before) {
    const rows = keyed.filter((row) => compare(row, before) < 0);
    return { page: rows.slice(-size).map((row) => row.record), hasMore: rows.length > size };
  }
  const rows = after ? keyed.filter((row) => compare(row, after) > 0) : keyed;
  return { page: rows.slice(0, size).map((row) => row.record), hasMore: rows.length > size };
}

/** Base64 of `{"o":"id","v":<base64 of "i" and the id in eight bytes, little end first>}`: decoded from the same recordings. */
function writeCursor<T extends { id: number }>(record: T, sort: SortKey<T> | undefined): string {
  const packed = Buffer.alloc(9);
  packed.write("i", 0, "latin1");
  packed.writeBigInt64LE(BigInt(record.id), 1);
  const v = sort
    ? Buffer.from(JSON.stringify([sort.of(record), record.id])).toString("base64")
    : packed.toString("base64");
  return Buffer.from(JSON.stringify({ o: sort?.name ?? "id", v })).toString("base64");
}

function readCursor(cursor: string, order: string): { value: string; id: number } {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, "base64").toString("utf8"));
    if (typeof parsed === "object" && parsed !== null && "o" in parsed && "v" in parsed && parsed.o === order) {
      const bytes = Buffer.from(String(parsed.v), "base64");
      if (order === "id") return { value: "", id: Number(bytes.readBigInt64LE(1)) };
      const [value, id] = JSON.parse(bytes.toString("utf8")) as [unknown, unknown];
      return { value: String(value), id: Number(id) };
    }
  } catch {
    // falls through: whatever could not be read is no cursor of ours
  }
  throw errorList(
    400,
    "InvalidPaginationParameter",
    "cursor is not valid",
    "The cursor is malformed or belongs to another order",
  );
}

// ---- offset -------------------------------------------------------------------------------------------------------

export interface OffsetRequest {
  page: number;
  perPage: number;
}

export function readOffsetRequest(call: Call): OffsetRequest {
  // Endpoints without cursor paging answer `page[size]` like this (csa-zendesk API-SURFACE 5.2).
  if ([...call.query.keys()].some((key) => key.startsWith("page[")))
    throw invalidAttribute("page", "an integer", call.operation.action);
  const read = (name: string, fallback: number): number => {
    const sent = call.query.get(name);
    if (sent === null || sent === "") return fallback;
    if (!/^-?\d{1,15}$/.test(sent)) throw invalidAttribute(name, "an integer", call.operation.action);
    return Math.max(1, Number(sent));
  };
  return { page: read("page", 1), perPage: Math.min(largestPage, read("per_page", largestPage)) };
}

/** Offset pages end at 10,000 records with a typed error (csa-zendesk API-SURFACE 5.4). */
function offsetPage<T extends { id: number }>(listing: Listing<T>): unknown {
  const { call, source, offsetOrder } = listing;
  const request = readOffsetRequest(call);
  if (request.page * request.perPage > offsetDepth && request.page > 1) {
    const detail = "Pagination requests using Offset Pagination are limited to the first 100 pages.";
    throw errorList(400, "InvalidPaginationDepth", "Offset pagination limit exceeded", detail);
  }
  const records = orderedForOffset(source, offsetOrder);
  return offsetEnvelope(call, listing.key, records, request, listing.present);
}

function orderedForOffset<T extends { id: number }>(
  source: Table<T> | readonly T[],
  order: ((a: T, b: T) => number) | undefined,
): readonly T[] {
  if (!order) return recordsOf(source);
  return Array.isArray(source) ? [...source].sort(order) : (source as Table<T>).sortedBy("offset", order);
}

export function offsetEnvelope<T>(
  call: Call,
  key: string,
  records: readonly T[],
  request: OffsetRequest,
  present: (record: T) => unknown,
): Record<string, unknown> {
  const start = (request.page - 1) * request.perPage;
  const link = (page: number): string => pageLink(call, { page: String(page), per_page: String(request.perPage) });
  return {
    [key]: records.slice(start, start + request.perPage).map(present),
    next_page: start + request.perPage < records.length ? link(request.page + 1) : null,
    previous_page: request.page > 1 && records.length > 0 ? link(request.page - 1) : null,
    count: records.length,
  };
}

/** The address that was asked, other parameters kept, names sorted and brackets escaped as recorded. */
export function pageLink(call: Call, paging: Record<string, string>): string {
  const kept = [...call.query].filter(([name]) => !/^(?:page(?:\[|$)|per_page$)/.test(name));
  const parameters = [...kept, ...Object.entries(paging)].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${call.address}?${parameters.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&")}`;
}
