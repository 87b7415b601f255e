import type { z } from "zod";
import type { MappingProblem } from "../../domain/index.ts";
import { didYouMean } from "../did-you-mean.ts";
import type { ExpressionProblem } from "./expressions/index.ts";

/** Where in a document something is wrong. */
export interface Place {
  /** `rows[3].value.expression`. */
  at: string;
  key: string | undefined;
}

export function problem(place: Place, says: string, suggestion?: string): MappingProblem {
  return { ...place, line: undefined, column: undefined, says, suggestion };
}

/** Problems within a text, counted as editors do: lines and columns from 1. */
export function textProblems(place: Place, source: string, problems: readonly ExpressionProblem[]): MappingProblem[] {
  return problems.map(({ start, says, suggestion }) => {
    const before = source.slice(0, start).split("\n");
    return { ...place, line: before.length, column: (before.at(-1) ?? "").length + 1, says, suggestion };
  });
}

const knownNames = [
  "format",
  "rows",
  "note",
  "retired",
  "target",
  "value",
  "when",
  "empty",
  "key",
  "type",
  "title",
].concat([
  "description",
  "options",
  "name",
  "from",
  "source",
  "expression",
  "template",
  "constant",
  "place",
  "clear",
  "keep",
]);

/** What is wrong with the form. `under`: where the part stands that was read. */
export function formProblems(under: Place, error: z.ZodError): MappingProblem[] {
  return error.issues.flatMap((issue) => {
    const place = { at: pathText(under.at, issue.path), key: under.key };
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => problem(place, `There is no "${key}" here.`, didYouMean(key, knownNames)));
    if (issue.code === "invalid_union" && place.at.endsWith(".value"))
      return [problem(place, 'A value is one of { "source": ... }, { "expression": ... } and { "template": ... }.')];
    if (issue.code === "invalid_union" && place.at.endsWith(".empty"))
      return [problem(place, 'What is done where there is nothing is "clear", "keep" or { "constant": ... }.')];
    if (issue.code === "invalid_value")
      return [problem(place, `One of these is meant: ${issue.values.map(String).join(", ")}.`)];
    return [problem(place, `${issue.message}.`)];
  });
}

function pathText(start: string, path: readonly PropertyKey[]): string {
  const text = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
  return (start + text).replace(/^\./, "") || "the document";
}
