import type { Environment } from "@marcbachmann/cel-js";
import type { FieldType, MappingProblem, MappingRow, MappingTarget } from "../../domain/index.ts";
import { didYouMean } from "../did-you-mean.ts";
import { canonical } from "./canonical.ts";
import { type ExpressionProblem, parseExpression, typeWords } from "./expressions/index.ts";
import { problem, textProblems } from "./problems.ts";
import { parseTemplate } from "./template.ts";
import { vocabulary, type Word } from "./vocabulary.ts";

export interface CheckedPart {
  problems: MappingProblem[];
  /** Steps at most, for any card. */
  work: number;
}

/** Of what an expression's result may be for each type of field. `dyn`: only a card can tell. */
const resultsFor: Record<FieldType, readonly string[]> = {
  text: ["string", "int", "double", "money", "bool", "list<string>"],
  textarea: ["string", "int", "double", "money", "bool", "list<string>"],
  integer: ["int"],
  decimal: ["money", "int", "double"],
  checkbox: ["bool"],
  date: ["string"],
  dropdown: ["string"],
};

export function checkValue({ target, value }: MappingRow, at: string, environment: Environment): CheckedPart {
  const place = (part: string) => ({ at: `${at}.value.${part}`, key: target.key });
  if ("source" in value)
    return { problems: textProblems(place("source"), value.source, sourceProblems(value.source, target)), work: 1 };
  if ("template" in value) {
    const read = parseTemplate(environment, value.template);
    const problems: ExpressionProblem[] = "problems" in read ? [...read.problems] : [];
    if (target.type !== "text" && target.type !== "textarea")
      problems.unshift({
        start: 0,
        says: `A template gives a text; ${target.key} is of type ${target.type}.`,
        suggestion: "expression",
      });
    return {
      problems: textProblems(place("template"), value.template, problems),
      work: "problems" in read ? 0 : read.template.work,
    };
  }
  const read = parseExpression(environment, value.expression);
  if ("problems" in read)
    return { problems: textProblems(place("expression"), value.expression, read.problems), work: 0 };
  const { type, literals = [], work } = read.expression;
  const problems = wrongType(target, type);
  if (target.type === "dropdown")
    for (const { text, start } of literals)
      if (text !== "" && !optionWords(target).includes(text)) problems.push({ start, ...noOption(target, text) });
  if (target.type === "date")
    for (const { text, start } of literals)
      if (text !== "" && canonical("date", text) === null)
        problems.push({ start, says: `${JSON.stringify(text)} is no date.`, suggestion: "2026-11-22" });
  return { problems: textProblems(place("expression"), value.expression, problems), work };
}

export function checkCondition(
  when: string | undefined,
  place: { at: string; key: string | undefined },
  environment: Environment,
): CheckedPart {
  if (when === undefined) return { problems: [], work: 0 };
  const read = parseExpression(environment, when);
  if ("problems" in read) return { problems: textProblems(place, when, read.problems), work: 0 };
  const { type, work } = read.expression;
  const problems =
    type === "bool" || type === "dyn"
      ? []
      : [{ start: 0, says: `A condition is true or false; this is ${typeWords(type)}.`, suggestion: undefined }];
  return { problems: textProblems(place, when, problems), work };
}

export function checkEmpty({ target, empty }: MappingRow, at: string): MappingProblem[] {
  if (typeof empty !== "object") return [];
  const { constant } = empty;
  const place = { at: `${at}.empty.constant`, key: target.key };
  if (target.type === "dropdown") {
    const known = (target.options ?? []).map(({ value }) => value);
    const found = String(constant);
    return known.includes(found)
      ? []
      : [
          problem(
            place,
            `${target.key} has no option with the value ${JSON.stringify(found)}.`,
            didYouMean(found, known),
          ),
        ];
  }
  const fits =
    target.type === "checkbox"
      ? typeof constant === "boolean"
      : target.type === "text" || target.type === "textarea"
        ? typeof constant === "string"
        : typeof constant !== "boolean" && canonical(target.type, constant) !== null;
  return fits ? [] : [problem(place, `${JSON.stringify(constant)} is no value of a field of type ${target.type}.`)];
}

function sourceProblems(source: string, target: MappingTarget): ExpressionProblem[] {
  const names = source.split(".");
  let word: Word = { kind: "group", name: "", words: vocabulary };
  let start = 0;
  for (const name of names) {
    if (word.kind === "record") break;
    if (word.kind !== "group")
      return [
        {
          start,
          says: `There is nothing within ${names.slice(0, names.indexOf(name)).join(".")}.`,
          suggestion: undefined,
        },
      ];
    const next: Word | undefined = Object.hasOwn(word.words, name) ? word.words[name] : undefined;
    if (!next)
      return [
        {
          start,
          says: `There is no ${JSON.stringify(name)} ${start === 0 ? "here: a source starts with card, customer, vendor, profile, company or today" : `in ${source.slice(0, start - 1)}`}.`,
          suggestion: didYouMean(name, Object.keys(word.words)),
        },
      ];
    word = next;
    start += name.length + 1;
  }
  if (word.kind === "record" && source.endsWith(".record"))
    return [{ start: 0, says: "A whole record is no value: name one of its fields.", suggestion: `${source}.Notes` }];
  if (word.kind === "group")
    return [
      {
        start: 0,
        says: `${source} is a group of values, not one.`,
        suggestion: `${source}.${Object.keys(word.words)[0]}`,
      },
    ];
  return [...wrongType(target, typeNameOf(word)), ...wrongWords(source, word, target)];
}

function typeNameOf(word: Word): string {
  switch (word.kind) {
    case "text":
    case "date":
      return "string";
    case "money":
      return "money";
    case "integer":
      return "int";
    case "boolean":
      return "bool";
    case "list":
      return `list<${typeNameOf(word.of)}>`;
    case "group":
      return word.name;
    case "record":
      return "dyn";
  }
}

/** A source whose words are known must find an option for each of them, and no option may wait for a word that never comes. */
function wrongWords(source: string, word: Word, target: MappingTarget): ExpressionProblem[] {
  const { type, options = [] } = target;
  if (type === "date" && word.kind === "text")
    return [{ start: 0, says: `${source} is a text, not a date.`, suggestion: undefined }];
  if (type !== "dropdown" || word.kind !== "text" || !word.among) return [];
  const among = word.among;
  const known = optionWords(target);
  return [
    ...among
      .filter((each) => !known.includes(each))
      .map((each) => ({
        start: 0,
        says: `${source} can be ${JSON.stringify(each)}, and no option stands for it ("from").`,
        suggestion: undefined,
      })),
    ...options.flatMap(({ from }) =>
      from === undefined || among.includes(from) || from === "merged"
        ? []
        : [{ start: 0, says: `${source} is never ${JSON.stringify(from)}.`, suggestion: didYouMean(from, among) }],
    ),
  ];
}

function wrongType(target: MappingTarget, type: string): ExpressionProblem[] {
  if (type === "dyn" || resultsFor[target.type].includes(type.replace(/^dyn<(.*)>$/, "$1"))) return [];
  const number = target.type === "integer" && (type === "money" || type === "double");
  return [
    {
      start: 0,
      says: `${target.key} is of type ${target.type}, and this is ${typeWords(type)}.`,
      suggestion: number ? "int(...)" : type.startsWith("list") ? '.join(", ")' : undefined,
    },
  ];
}

function optionWords({ options = [] }: MappingTarget): string[] {
  return options.flatMap(({ value, from }) => (from === undefined ? [value] : [value, from]));
}

function noOption(target: MappingTarget, text: string): Omit<ExpressionProblem, "start"> {
  return {
    says: `${target.key} has no option for ${JSON.stringify(text)}.`,
    suggestion: didYouMean(text, optionWords(target)),
  };
}
