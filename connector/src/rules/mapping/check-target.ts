import type { FieldDefinition, MappingProblem, MappingTarget } from "../../domain/index.ts";
import { didYouMean } from "../did-you-mean.ts";
import { problem } from "./problems.ts";

/** An organization field as the account has it. */
export interface ZendeskField {
  key: string;
  type: string;
  options: readonly { name: string; value: string }[];
}

/** Keys and option values of ours. Options double as tags in Zendesk, where a word of everybody's would mix with people's own. */
const ours = /^qbo_[a-z0-9_]{1,60}$/;

export interface TargetContext {
  at: string;
  defaults: readonly FieldDefinition[];
  zendeskFields: readonly ZendeskField[] | undefined;
}

export function checkTarget(target: MappingTarget, { at, defaults, zendeskFields }: TargetContext): MappingProblem[] {
  const here = (part: string) => ({ at: `${at}.${part}`, key: target.key });
  const problems: MappingProblem[] = [];
  if (!ours.test(target.key))
    problems.push(
      problem(
        here("key"),
        `${JSON.stringify(target.key)} is no field of ours: keys begin with qbo_, with small letters, digits and _ after it. Everything else belongs to people.`,
        `qbo_${target.key
          .toLowerCase()
          .replace(/^qbo_?/, "")
          .replace(/[^a-z0-9_]+/g, "_")}`,
      ),
    );
  const byDefault = defaults.find(({ key }) => key === target.key);
  const existing = zendeskFields?.find(({ key }) => key === target.key);
  const type = existing?.type ?? byDefault?.type;
  if (type !== undefined && type !== target.type)
    problems.push(
      problem(
        here("type"),
        `${target.key} has type ${type}, for good: Zendesk lets nobody change it, and a deleted key is never free again. Give this row another key, or type ${type}.`,
        type,
      ),
    );
  problems.push(...checkOptions(target, here));
  if (existing?.type === "dropdown" && target.type === "dropdown") {
    const known = existing.options.map(({ value }) => value);
    for (const [index, { value }] of (target.options ?? []).entries())
      if (!known.includes(value))
        problems.push(
          problem(
            here(`options[${index}].value`),
            `${target.key} has no option ${value} in Zendesk. Add it there first.`,
            didYouMean(value, known),
          ),
        );
  }
  return problems;
}

function checkOptions(
  { type, options }: MappingTarget,
  here: (part: string) => { at: string; key: string },
): MappingProblem[] {
  if (type !== "dropdown") return options ? [problem(here("options"), `A field of type ${type} has no options.`)] : [];
  if (!options || options.length === 0) return [problem(here("options"), "A drop-down needs its options.")];
  const problems: MappingProblem[] = [];
  for (const [index, { value, from, name }] of options.entries()) {
    const place = here(`options[${index}].value`);
    const earlier = options.slice(0, index);
    if (!ours.test(value))
      problems.push(
        problem(
          place,
          `The value of an option becomes a tag in Zendesk, so it begins with qbo_.`,
          `qbo_${value.toLowerCase().replace(/[^a-z0-9_]+/g, "_")}`,
        ),
      );
    if (earlier.some((other) => other.value === value))
      problems.push(problem(place, `Two options have the value ${value}.`));
    if (earlier.some((other) => other.name === name))
      problems.push(problem(here(`options[${index}].name`), `Two options are named ${JSON.stringify(name)}.`));
    if (from !== undefined && earlier.some((other) => other.from === from))
      problems.push(problem(here(`options[${index}].from`), `Two options stand for ${JSON.stringify(from)}.`));
  }
  return problems;
}
