import {
  assertNever,
  type FieldDefinition,
  type FieldType,
  type FieldValue,
  type FieldValues,
  type MappingDocument,
  type MappingFault,
  type MappingRow,
  type MappingTarget,
} from "../../domain/index.ts";
import { joinWhole, plainLine } from "../plain-text.ts";
import { canonical, textLength } from "./canonical.ts";
import { type CardToMap, cardView, type Needs } from "./card-view.ts";
import type { OwnedField } from "./changed-fields.ts";
import { pathReader } from "./paths.ts";

/** A mapping that was checked, ready to be asked about many cards. */
export interface Mapping {
  /** What has to exist in Zendesk. */
  definitions: readonly FieldDefinition[];
  /** Whose values are ours: the definitions, and what an earlier version wrote. */
  owned: readonly OwnedField[];
  /** What a card says whose parties QuickBooks has merged into another one. */
  merged: FieldValues;
  needs: Needs;
  /** A value in canonical form for each owned key. A key that is to stay as it is, is absent. */
  values(input: CardToMap): FieldValues;
  /** The lines of the note block. */
  note(input: CardToMap): string | undefined;
  /** Both from one look at the card, with the rows that failed. */
  map(input: CardToMap): { values: FieldValues; note: string | undefined; faults: MappingFault[] };
}

type Cell = (view: object) => unknown;

/** `document` was checked: what cannot be compiled here is a bug. */
export function compileMapping(document: MappingDocument): Mapping {
  const rows = document.rows.map((row) => ({ row, cell: cellOf(row), choose: chooser(row.target) }));
  const needs: Needs = { documents: false, records: false };
  const retired = Object.fromEntries(document.retired.map(({ key, type }) => [key, canonical(type, null)]));

  function map(input: CardToMap) {
    const view = cardView(input, needs);
    const values: FieldValues = {};
    for (const { row, cell, choose } of rows) {
      const value = choose(cell(view));
      const filled = isEmpty(row.target.type, value) ? emptyValue(row) : value;
      if (filled !== undefined) values[row.target.key] = filled;
    }
    return { values: { ...values, ...retired }, note: undefined, faults: [] };
  }

  return {
    definitions: document.rows.map(({ target }) => definitionOf(target)),
    owned: [...document.rows.map(({ target: { key, type } }) => ({ key, type })), ...document.retired],
    merged: mergedValues(document),
    needs,
    map,
    values: (input) => map(input).values,
    note: (input) => map(input).note,
  };
}

function cellOf({ value }: MappingRow): Cell {
  if ("source" in value) return pathReader(value.source);
  throw new Error("expressions cannot be compiled yet");
}

/** Where the mapping shows a status at all, and has a word for it. */
function mergedValues({ rows }: MappingDocument): FieldValues {
  const status = rows.find(({ value }) => "source" in value && value.source === "customer.status")?.target;
  const option = status?.options?.find(({ value, from = value }) => from === "merged");
  return status && option ? { [status.key]: option.value } : {};
}

/** Undefined: the field stays as it is. */
function emptyValue({ target, empty = "clear" }: MappingRow): FieldValue | undefined {
  if (empty === "keep") return undefined;
  return canonical(target.type, empty === "clear" ? null : empty.constant);
}

function isEmpty(type: FieldType, value: FieldValue): boolean {
  return type !== "checkbox" && value === null;
}

/** From what a row yields to a value of its field. */
function chooser(target: MappingTarget): (found: unknown) => FieldValue {
  const { type } = target;
  switch (type) {
    case "dropdown": {
      const options = new Map((target.options ?? []).flatMap(({ value, from = value }) => [[from, value] as const]));
      const values = new Set((target.options ?? []).map(({ value }) => value));
      return (found) => {
        const text = canonical(type, found);
        if (typeof text !== "string") return null;
        return options.get(text) ?? (values.has(text) ? text : null);
      };
    }
    case "text":
      return (found) => canonical(type, Array.isArray(found) ? joinTexts(found) : found);
    case "textarea":
      return (found) => canonical(type, Array.isArray(found) ? found.map(String).join("\n") : found);
    case "integer":
    case "decimal":
    case "checkbox":
    case "date":
      return (found) => canonical(type, found);
    default:
      return assertNever(type);
  }
}

function joinTexts(found: readonly unknown[]): string {
  return joinWhole(
    found.map((each) => plainLine(String(each))),
    ", ",
    textLength,
  );
}

function definitionOf({ key, type, title, description, options }: MappingTarget): FieldDefinition {
  const common = { key, type, title, description };
  return options === undefined ? common : { ...common, options: options.map(({ name, value }) => ({ name, value })) };
}
