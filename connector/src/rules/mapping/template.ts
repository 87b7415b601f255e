import type { Environment } from "@marcbachmann/cel-js";
import { Decimal } from "decimal.js";
import {
  amountText,
  type Expression,
  ExpressionFault,
  type ExpressionProblem,
  parseExpression,
} from "./expressions/index.ts";

/** A text with holes: `Open: {{ customer.open }} {{ profile.amountsIn }}`. */
export interface Template {
  work: number;
  words: readonly string[];
  render(words: Record<string, unknown>): string;
}

type Part = string | { hole: Expression; separator: string };

const longestTemplate = 8_000;

export function parseTemplate(
  environment: Environment,
  source: string,
): { template: Template } | { problems: ExpressionProblem[] } {
  if (source.length > longestTemplate)
    return {
      problems: [
        {
          start: longestTemplate,
          says: `A template has at most ${longestTemplate} characters; this one has ${source.length}.`,
          suggestion: undefined,
        },
      ],
    };
  const parts: Part[] = [];
  const problems: ExpressionProblem[] = [];
  let at = 0;
  while (at < source.length) {
    const open = source.indexOf("{{", at);
    const text = source.slice(at, open === -1 ? undefined : open);
    const stray = text.indexOf("}}");
    if (stray !== -1)
      problems.push({ start: at + stray, says: "This closes a hole that was never opened.", suggestion: "{{" });
    parts.push(text);
    if (open === -1) break;
    const close = source.indexOf("}}", open + 2);
    const next = source.indexOf("{{", open + 2);
    if (close === -1 || (next !== -1 && next < close)) {
      problems.push({ start: open, says: "This hole is left open.", suggestion: "}}" });
      at = next === -1 ? source.length : next;
      continue;
    }
    const parsed = parseExpression(environment, source.slice(open + 2, close));
    if ("problems" in parsed)
      problems.push(...parsed.problems.map((each) => ({ ...each, start: open + 2 + each.start })));
    else if (isText(parsed.expression.type))
      parts.push({ hole: parsed.expression, separator: standsAlone(source, open, close) ? "\n" : ", " });
    else
      problems.push({
        start: open,
        says: "A hole takes a text, a number, a date or a list of these.",
        suggestion: undefined,
      });
    at = close + 2;
  }
  if (problems.length > 0) return { problems };
  const holes = parts.filter((part) => typeof part !== "string");
  return {
    template: {
      work: holes.reduce((total, { hole }) => total + hole.work, 0),
      words: [...new Set(holes.flatMap(({ hole }) => hole.words))],
      render: (words) =>
        parts
          .map((part) => (typeof part === "string" ? part : textOf(part.hole.evaluate(words), part.separator)))
          .join(""),
    },
  };
}

/** A hole that has a line of its own: a list in it gives a line for each item. */
function standsAlone(source: string, open: number, close: number): boolean {
  const before = source.slice(source.lastIndexOf("\n", open) + 1, open);
  const end = source.indexOf("\n", close);
  const after = source.slice(close + 2, end === -1 ? undefined : end);
  return before.trim() === "" && after.trim() === "";
}

function isText(type: string): boolean {
  return /^(list<)?(dyn|string|int|double|money|bool)>?$/.test(type) || type === "list";
}

/** How a value reads in a text. */
export function textOf(value: unknown, separator: string): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  if (Decimal.isDecimal(value)) return amountText(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (Array.isArray(value))
    return value
      .map((item) => textOf(item, ", "))
      .filter((text) => text !== "")
      .join(separator);
  throw new ExpressionFault("this is a group of values, not one");
}
