import { faults } from "../faults.ts";

export type TokenKind = "keyword" | "identifier" | "string" | "number" | "symbol" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** Keywords in upper case, strings without quotes and escapes, everything else as written. */
  readonly text: string;
  readonly written: string;
  readonly line: number;
  readonly column: number;
}

const keywords = new Set(
  "SELECT FROM WHERE AND IN LIKE NOT ORDERBY ORDER BY ASC DESC STARTPOSITION MAXRESULTS COUNT TRUE FALSE NULL OR GROUP JOIN".split(
    " ",
  ),
);
const pattern =
  /(?<space>\s+)|(?<string>'(?:[^'\\]|\\[^])*')|(?<number>-?\d+(?:\.\d+)?)|(?<word>[A-Za-z_][\w.]*)|(?<symbol><=|>=|!=|[=<>(),*])/y;

/** Cuts a query into tokens. Text is single-quoted; `\'` stands for a quote (node-quickbooks criteriaToString). */
export function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let lineStart = 0;
  let at = 0;
  while (at < query.length) {
    pattern.lastIndex = at;
    const match = pattern.exec(query);
    const column = at - lineStart + 1;
    if (match?.groups === undefined) throw lexicalFault(query, at, line, column);
    const written = match[0];
    if (match.groups["space"] === undefined) tokens.push(tokenOf(match.groups, written, line, column));
    for (let place = written.indexOf("\n"); place !== -1; place = written.indexOf("\n", place + 1)) {
      line += 1;
      lineStart = at + place + 1;
    }
    at += written.length;
  }
  tokens.push({ kind: "end", text: "", written: "", line, column: at - lineStart });
  return tokens;
}

function tokenOf(groups: Record<string, string>, written: string, line: number, column: number): Token {
  const place = { written, line, column };
  if (groups["string"] !== undefined) {
    return { kind: "string", text: written.slice(1, -1).replaceAll(/\\([^])/g, "$1"), ...place };
  }
  if (groups["number"] !== undefined) return { kind: "number", text: written, ...place };
  if (groups["symbol"] !== undefined) return { kind: "symbol", text: written, ...place };
  const upper = written.toUpperCase();
  if (keywords.has(upper)) return { kind: "keyword", text: upper, ...place };
  return { kind: "identifier", text: written, ...place };
}

function lexicalFault(query: string, at: number, line: number, column: number): Error {
  const found = query.slice(at, at + 1);
  const code = found.charCodeAt(0);
  return faults.queryParse(
    `Lexical error at line ${line}, column ${column}.  Encountered: ${JSON.stringify(found)} (${code}), after : ""`,
  );
}

/** The vendor's parser says what it met as JavaCC does: ExQuickBooks query_error.json, consolibyte/quickbooks-php issue 129. */
export function unexpected(token: Token, expected: readonly string[]): Error {
  const list = expected.map((one) => `    ${one} ...\n`).join("");
  const wanted = expected.length === 1 ? `Was expecting:\n${list}    ` : `Was expecting one of:\n${list}    `;
  return faults.queryParse(`Encountered ${shown(token)} at line ${token.line}, column ${token.column}.\n${wanted}`);
}

function shown(token: Token): string {
  switch (token.kind) {
    case "end":
      return '"<EOF>"';
    case "keyword":
    case "symbol":
      return `" "${token.text.toLowerCase()}" "${token.written} ""`;
    case "identifier":
      return `" <IDENTIFIER> "${token.written} ""`;
    case "string":
      return `" <STRING_LITERAL> "${token.written} ""`;
    case "number":
      return `" <INTEGER_LITERAL> "${token.written} ""`;
  }
}
