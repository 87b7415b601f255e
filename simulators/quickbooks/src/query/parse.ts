import { type Token, tokensOf, unexpected } from "./tokens.ts";

export type Operator = "=" | "!=" | "<" | ">" | "<=" | ">=" | "IN" | "LIKE";

export interface Condition {
  readonly property: string;
  readonly operator: Operator;
  readonly values: readonly (string | boolean)[];
  readonly negated: boolean;
}

export interface Query {
  readonly counts: boolean;
  readonly entity: string;
  readonly conditions: readonly Condition[];
  readonly orders: readonly { property: string; descending: boolean }[];
  readonly startPosition: number | undefined;
  readonly maxResults: number | undefined;
}

// Longer than any URL that the vendor's front would pass; an outside input needs some bound.
const longestQuery = 200_000;

/**
 * The grammar of docs/learn/explore-the-quickbooks-online-api/data-queries, with what STRESS (live queries of 2025-12-14)
 * found accepted besides: `!=`, `NOT`, `ORDER BY` with a blank, a missing column list.
 */
export function parseQuery(text: string): Query {
  const cursor = createCursor(tokensOf(text.slice(0, longestQuery)));
  cursor.keyword("SELECT");
  const counts = selected(cursor);
  cursor.keyword("FROM");
  const entity = cursor.identifier();
  const conditions = cursor.skips("WHERE") ? conditionList(cursor) : [];
  const orders = ordersOf(cursor);
  const { startPosition, maxResults } = pageOf(cursor);
  cursor.end(conditions.length > 0 ? ["<EOF>", '"and"', '"orderby"'] : ["<EOF>", '"where"', '"orderby"']);
  return { counts, entity, conditions, orders, startPosition, maxResults };
}

type Cursor = ReturnType<typeof createCursor>;

function createCursor(tokens: readonly Token[]) {
  let place = 0;
  const last = tokens[tokens.length - 1];
  if (last === undefined) throw new Error("no tokens");
  const peek = (): Token => tokens[place] ?? last;
  const next = (): Token => {
    const token = peek();
    place += 1;
    return token;
  };
  const is = (kind: Token["kind"], text: string) => peek().kind === kind && peek().text === text;
  return {
    peek,
    next,
    skips(keyword: string): boolean {
      if (!is("keyword", keyword)) return false;
      place += 1;
      return true;
    },
    skipsSymbol(symbol: string): boolean {
      if (!is("symbol", symbol)) return false;
      place += 1;
      return true;
    },
    keyword(keyword: string): void {
      if (!is("keyword", keyword)) throw unexpected(peek(), [`"${keyword.toLowerCase()}"`]);
      place += 1;
    },
    symbol(symbol: string): void {
      if (!is("symbol", symbol)) throw unexpected(peek(), [`"${symbol}"`]);
      place += 1;
    },
    identifier(): string {
      if (peek().kind !== "identifier") throw unexpected(peek(), ["<IDENTIFIER>"]);
      return next().text;
    },
    integer(): number {
      if (peek().kind !== "number" || !/^\d+$/.test(peek().text)) throw unexpected(peek(), ["<INTEGER_LITERAL>"]);
      return Number(next().text);
    },
    end(expected: readonly string[]): void {
      if (peek().kind !== "end") throw unexpected(peek(), expected);
    },
  };
}

/** `*`, `count(*)`, a list of columns (taken, but whole objects are answered), or nothing. */
function selected(cursor: Cursor): boolean {
  if (cursor.skips("COUNT")) {
    cursor.symbol("(");
    cursor.symbol("*");
    cursor.symbol(")");
    return true;
  }
  if (cursor.skipsSymbol("*")) {
    while (cursor.skipsSymbol(",")) cursor.identifier();
    return false;
  }
  if (cursor.peek().kind !== "identifier") return false;
  do {
    if (!cursor.skipsSymbol("*")) cursor.identifier();
  } while (cursor.skipsSymbol(","));
  return false;
}

function conditionList(cursor: Cursor): Condition[] {
  const conditions: Condition[] = [];
  do conditions.push(condition(cursor));
  while (cursor.skips("AND"));
  return conditions;
}

function condition(cursor: Cursor): Condition {
  const before = cursor.skips("NOT");
  const property = cursor.identifier();
  const between = cursor.skips("NOT");
  const negated = before !== between;
  if (cursor.skips("IN")) {
    cursor.symbol("(");
    const values = [value(cursor)];
    while (cursor.skipsSymbol(",")) values.push(value(cursor));
    cursor.symbol(")");
    return { property, operator: "IN", values, negated };
  }
  if (cursor.skips("LIKE")) {
    if (cursor.peek().kind !== "string") throw unexpected(cursor.peek(), ["<STRING_LITERAL>"]);
    return { property, operator: "LIKE", values: [cursor.next().text], negated };
  }
  const token = cursor.peek();
  const operator = comparisons.get(token.text);
  if (token.kind !== "symbol" || operator === undefined || between) {
    throw unexpected(token, ['"in"', '"like"', '"="', '"<"', '">"', '"<="', '">="', '"!="']);
  }
  cursor.next();
  return { property, operator, values: [value(cursor)], negated };
}

const comparisons = new Map<string, Operator>([
  ["=", "="],
  ["!=", "!="],
  ["<", "<"],
  [">", ">"],
  ["<=", "<="],
  [">=", ">="],
]);

/** Text in single quotes or a bare boolean; a bare number is a parse error (STRESS). */
function value(cursor: Cursor): string | boolean {
  const token = cursor.peek();
  if (token.kind === "string") return cursor.next().text;
  if (cursor.skips("TRUE")) return true;
  if (cursor.skips("FALSE")) return false;
  throw unexpected(token, ["<STRING_LITERAL>", '"true"', '"false"']);
}

function ordersOf(cursor: Cursor): Query["orders"] {
  if (cursor.skips("ORDER")) cursor.keyword("BY");
  else if (!cursor.skips("ORDERBY")) return [];
  const orders: { property: string; descending: boolean }[] = [];
  do {
    const property = cursor.identifier();
    const descending = cursor.skips("DESC");
    if (!descending) cursor.skips("ASC");
    orders.push({ property, descending });
  } while (cursor.skipsSymbol(","));
  return orders;
}

function pageOf(cursor: Cursor): { startPosition: number | undefined; maxResults: number | undefined } {
  let startPosition: number | undefined;
  let maxResults: number | undefined;
  for (;;) {
    if (startPosition === undefined && cursor.skips("STARTPOSITION")) startPosition = cursor.integer();
    else if (maxResults === undefined && cursor.skips("MAXRESULTS")) maxResults = cursor.integer();
    else return { startPosition, maxResults };
  }
}
