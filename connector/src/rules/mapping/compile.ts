import type { Environment } from "@marcbachmann/cel-js";
import {
  type FieldDefinition,
  type FieldValue,
  type FieldValues,
  type LocalDate,
  type MappingDocument,
  type MappingFault,
  type MappingRow,
  type MappingTarget,
  type MappingValue,
  type RetiredField,
} from "../../domain/index.ts";
import { addDays } from "../calendar.ts";
import { canonical } from "./canonical.ts";
import { type CardToMap, cardView, type Needs } from "./card-view.ts";
import { noteField, type OwnedField } from "./changed-fields.ts";
import { createEnvironment, type Expression, ExpressionFault, parseExpression, wordsOf } from "./expressions/index.ts";
import { fieldValueOf } from "./field-value.ts";
import { noteLines } from "./note-block.ts";
import { pathReader } from "./paths.ts";
import { parseTemplate } from "./template.ts";

/** What a mapping makes of one card. */
export interface MappedCard {
  /** A value in canonical form for each owned key, the note among them. A key that is to stay as it is, is absent. */
  values: FieldValues;
  faults: MappingFault[];
  /** The next day on which time alone may change one of the values, beside those that the profile knows of. */
  nextFlipOn: LocalDate | undefined;
}

/** A mapping that was checked, ready to be asked about many cards. */
export interface Mapping {
  /** What has to exist in Zendesk. */
  definitions: readonly FieldDefinition[];
  /** The definitions, and what an earlier version wrote. */
  fields: readonly RetiredField[];
  /** Whose values are ours: the fields and the note block. */
  owned: readonly OwnedField[];
  /** What a card says whose parties QuickBooks has merged into others: the status, and the keys of these. */
  merged(survivors: readonly string[]): FieldValues;
  needs: Needs;
  notePlace: "alone" | "with-text";
  map(input: CardToMap): MappedCard;
  values(input: CardToMap): FieldValues;
  /** The lines of the note block. */
  note(input: CardToMap): string | undefined;
}

/** A card as sources and as expressions see it; the latter is laid out only where one asks. */
interface Seen {
  view: object;
  words(): Record<string, unknown>;
}

type Cell = (seen: Seen) => unknown;

interface Compiled {
  cell: Cell;
  /** The chains of names that it looks at. */
  words: readonly string[];
}

/** `document` was checked: what cannot be compiled here is a bug. */
export function compileMapping(document: MappingDocument): Mapping {
  // Made once there is something to read with it: most mappings name sources only.
  let made: Environment | undefined;
  const environment = () => (made ??= createEnvironment());
  const rows = document.rows.map((row) => compileRow(row, environment));
  const note = document.note && compileNote(document.note, environment);
  const words = [...rows.flatMap((row) => row.words), ...(note?.words ?? [])];
  const needs = {
    documents: words.some((word) => word === "card" || word.startsWith("card.documents")),
    records: words.some((word) => /^(customer|vendor)(\.record|$)/.test(word)),
  };
  const fields = [...document.rows.map(({ target: { key, type } }) => ({ key, type })), ...document.retired];
  const seesToday = words.includes("today");
  const retired = Object.fromEntries(document.retired.map(({ key, type }) => [key, canonical(type, null)]));

  function map(input: CardToMap): MappedCard {
    const view = cardView(input, needs);
    let laidOut: Record<string, unknown> | undefined;
    const seen: Seen = { view: view.words, words: () => (laidOut ??= wordsOf(view.words)) };
    const values: FieldValues = {};
    const faults: MappingFault[] = [];
    for (const { key, value } of [...rows, ...(note ? [note] : [])])
      try {
        const found = value(seen);
        if (found !== undefined) values[key] = found;
      } catch (fault) {
        if (!(fault instanceof ExpressionFault)) throw fault;
        faults.push({ key, says: fault.message });
      }
    const nothing = note ? {} : { [noteField.key]: null };
    const flips = [view.nextFlipOn ?? [], seesToday ? addDays(input.today, 1) : []].flat().sort();
    return { values: { ...values, ...retired, ...nothing }, faults, nextFlipOn: flips[0] };
  }

  return {
    definitions: document.rows.map(({ target }) => definitionOf(target)),
    fields,
    owned: [...fields, noteField],
    merged: mergedValues(document),
    needs,
    notePlace: document.note?.place ?? "alone",
    map,
    values(input) {
      const { [noteField.key]: _note, ...fields } = map(input).values;
      return fields;
    },
    note(input) {
      const lines = map(input).values[noteField.key];
      return typeof lines === "string" ? lines : undefined;
    },
  };
}

interface CompiledRow {
  key: string;
  words: readonly string[];
  /** Undefined: the field stays as it is. */
  value(seen: Seen): FieldValue | undefined;
}

function compileRow(row: MappingRow, environment: () => Environment): CompiledRow {
  const { cell, words } = compileValue(row.value, environment);
  const condition = row.when === undefined ? undefined : conditionOf(row.when, environment());
  const toValue = fieldValueOf(row.target);
  const empty = emptyValue(row);
  return {
    key: row.target.key,
    words: [...words, ...(condition?.words ?? [])],
    value(seen) {
      if (condition && !holds(condition, seen)) return empty;
      return toValue(cell(seen)) ?? empty;
    },
  };
}

function compileNote(
  { template, when }: NonNullable<MappingDocument["note"]>,
  environment: () => Environment,
): CompiledRow {
  const { cell, words } = compileValue({ template }, environment);
  const condition = when === undefined ? undefined : conditionOf(when, environment());
  return {
    key: noteField.key,
    words: [...words, ...(condition?.words ?? [])],
    value: (seen) => (condition && !holds(condition, seen) ? null : noteLines(String(cell(seen)))),
  };
}

function compileValue(value: MappingValue, environment: () => Environment): Compiled {
  if ("source" in value) {
    const read = pathReader(value.source);
    return { cell: ({ view }) => read(view), words: [value.source] };
  }
  if ("expression" in value) {
    const { evaluate, words } = parsed(environment(), value.expression);
    return { cell: (seen) => evaluate(seen.words()), words };
  }
  const read = parseTemplate(environment(), value.template);
  if ("problems" in read) throw new Error("a template was saved that cannot be read");
  return { cell: (seen) => read.template.render(seen.words()), words: read.template.words };
}

function parsed(environment: Environment, source: string): Expression {
  const read = parseExpression(environment, source);
  if ("problems" in read) throw new Error("an expression was saved that cannot be read");
  return read.expression;
}

function conditionOf(source: string, environment: Environment): Expression {
  return parsed(environment, source);
}

function holds(condition: Expression, seen: Seen): boolean {
  const result = condition.evaluate(seen.words());
  if (typeof result !== "boolean" && result !== undefined)
    throw new ExpressionFault("the condition is neither true nor false");
  return result === true;
}

/** Undefined: the field stays as it is. */
function emptyValue({ target, empty = "clear" }: MappingRow): FieldValue | undefined {
  if (empty === "keep") return undefined;
  return canonical(target.type, empty === "clear" ? null : empty.constant);
}

/**
 * Where the mapping shows a status at all, and has a word for it. The survivor's key is shown in a form that is nobody's key: the survivor
 * has a card of its own, and found by key after our database was lost it must be found there alone.
 */
function mergedValues({ rows }: MappingDocument): (survivors: readonly string[]) => FieldValues {
  const status = rows.find(({ value }) => "source" in value && value.source === "customer.status")?.target;
  const option = status?.options?.find(({ from }) => from === "merged");
  if (!status || !option) return () => ({});
  const key = rows.find(({ value }) => "source" in value && value.source === "card.key")?.target.key;
  return (survivors) => ({
    [status.key]: option.value,
    ...(key === undefined || survivors.length === 0
      ? {}
      : { [key]: survivors.map((survivor) => `merged:${survivor}`).join(" ") }),
  });
}

function definitionOf({ key, type, title, description, options }: MappingTarget): FieldDefinition {
  const common = { key, type, title, description };
  return options === undefined ? common : { ...common, options: options.map(({ name, value }) => ({ name, value })) };
}
