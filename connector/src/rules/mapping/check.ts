import type { Environment } from "@marcbachmann/cel-js";
import type { MappingDocument, MappingNote, MappingProblem, MappingRow } from "../../domain/index.ts";
import { checkTarget, type ZendeskField } from "./check-target.ts";
import { type CheckedPart, checkCondition, checkEmpty, checkValue } from "./check-value.ts";
import { defaultFields, defaultMapping } from "./default-mapping.ts";
import { noteSchema, outlineSchema, rowSchema } from "./document-schema.ts";
import { createEnvironment } from "./expressions/index.ts";
import { formProblems, problem, textProblems } from "./problems.ts";
import { parseTemplate } from "./template.ts";

/** Ties organizations to QuickBooks when our database is lost: part of every mapping, from this source alone. */
const keyField = "qbo_key";
/** For one card, all rows together: about 40 ms, since between two cards the program does other things. */
const mostWork = 50_000;
const longestDocument = 256_000;

/**
 * A mapping that may be saved, or everything that is wrong with it at once. `zendeskFields`: the organization fields that the account
 * has, where they are known: a field of another type or without our options is refused now instead of failing later.
 */
export function checkMapping(
  json: unknown,
  zendeskFields?: readonly ZendeskField[],
): { document: MappingDocument } | { problems: MappingProblem[] } {
  const whole = { at: "", key: undefined };
  const size = JSON.stringify(json)?.length ?? 0;
  if (size > longestDocument)
    return { problems: [problem(whole, `A mapping has at most ${longestDocument} characters; this one has ${size}.`)] };
  const outline = outlineSchema.safeParse(json);
  if (!outline.success) return { problems: formProblems(whole, outline.error) };
  const environment = createEnvironment();
  const problems: MappingProblem[] = [];
  let work = 0;
  const take = (part: CheckedPart) => {
    problems.push(...part.problems);
    work += part.work;
  };
  const rows: MappingRow[] = [];
  for (const [index, given] of outline.data.rows.entries()) {
    const at = `rows[${index}]`;
    const read = rowSchema.safeParse(given);
    if (!read.success) {
      problems.push(...formProblems({ at, key: keyOf(given) }, read.error));
      continue;
    }
    const row = read.data as MappingRow; // optional keys are absent, never undefined, in JSON
    problems.push(...checkRow(row, rows, { at, zendeskFields }));
    take(checkValue(row, at, environment));
    take(checkCondition(row.when, { at: `${at}.when`, key: row.target.key }, environment));
    problems.push(...checkEmpty(row, at));
    rows.push(row);
  }
  const note = outline.data.note === undefined ? undefined : checkNote(outline.data.note, environment, take);
  if (work > mostWork)
    problems.push(
      problem(
        whole,
        `All rows together are too much work for one card: up to ${Math.round(work)} steps, ${mostWork} are allowed.`,
      ),
    );
  if (problems.length > 0) return { problems };
  const retired = outline.data.retired.filter(({ key }) => !rows.some(({ target }) => target.key === key));
  return { document: { format: 1, rows: withKeyRow(rows), ...(note ? { note } : {}), retired } };
}

function checkRow(
  row: MappingRow,
  earlier: readonly MappingRow[],
  { at, zendeskFields }: { at: string; zendeskFields: readonly ZendeskField[] | undefined },
): MappingProblem[] {
  const { target } = row;
  const problems = checkTarget(target, { at: `${at}.target`, defaults: defaultFields, zendeskFields });
  const place = { at: `${at}.target.key`, key: target.key };
  const other = earlier.findIndex((each) => each.target.key === target.key);
  if (other !== -1) problems.push(problem(place, `rows[${other}] writes ${target.key} already: a field has one row.`));
  if (target.key === keyField && !isKeyRow(row))
    problems.push(
      problem(
        place,
        `${keyField} ties organizations to QuickBooks when the database is lost: it takes card.key, always.`,
        "leave this row out: it is added as it has to be",
      ),
    );
  return problems;
}

function isKeyRow({ value, when, empty }: MappingRow): boolean {
  return "source" in value && value.source === "card.key" && when === undefined && empty === undefined;
}

function withKeyRow(rows: MappingRow[]): MappingRow[] {
  const row = defaultMapping.rows.find(({ target }) => target.key === keyField);
  return row === undefined || rows.some(({ target }) => target.key === keyField) ? rows : [...rows, row];
}

function checkNote(
  json: unknown,
  environment: Environment,
  take: (part: CheckedPart) => void,
): MappingNote | undefined {
  const read = noteSchema.safeParse(json);
  if (!read.success) {
    take({ problems: formProblems({ at: "note", key: undefined }, read.error), work: 0 });
    return undefined;
  }
  const place = { at: "note.template", key: undefined };
  const { template, when } = read.data;
  const parsed = parseTemplate(environment, template);
  if ("problems" in parsed) take({ problems: textProblems(place, template, parsed.problems), work: 0 });
  else take({ problems: [], work: parsed.template.work });
  take(checkCondition(when, { at: "note.when", key: undefined }, environment));
  return read.data as MappingNote; // optional keys are absent, never undefined, in JSON
}

function keyOf(row: unknown): string | undefined {
  const target = typeof row === "object" && row !== null && "target" in row ? row.target : undefined;
  const key = typeof target === "object" && target !== null && "key" in target ? target.key : undefined;
  return typeof key === "string" ? key.slice(0, 80) : undefined;
}
