import { Environment } from "@marcbachmann/cel-js";
import { vocabulary, type Word } from "../vocabulary.ts";
import { Amount, addArithmetic } from "./arithmetic.ts";
import { addFunctions } from "./functions.ts";

/** Refused when it is parsed, whatever it would cost to run. */
const limits = { maxAstNodes: 800, maxDepth: 40, maxListElements: 100, maxMapEntries: 50, maxCallArguments: 8 };

/** The library tells types apart by constructor: one for each group of the vocabulary. Objects of theirs have no other members. */
export const groupTypes: ReadonlyMap<string, new () => object> = new Map(
  Object.values(vocabulary)
    .flatMap(groupNames)
    .map((name) => [name, emptyClass()]),
);

/** The words of the vocabulary and the functions that a mapping may call. Nothing in it sees a clock, a file or a network. */
export function createEnvironment(): Environment {
  const environment = new Environment({ limits });
  environment.registerType("money", { ctor: Amount, fields: {} });
  addArithmetic(environment);
  addFunctions(environment);
  const declared = new Set<string>();
  for (const [name, word] of Object.entries(vocabulary))
    environment.registerVariable(name, declare(environment, word, declared));
  return environment;
}

/** Declares the groups that a word is made of, innermost first, and gives the type's name. */
function declare(environment: Environment, word: Word, declared: Set<string>): string {
  if (word.kind === "list") return `list<${declare(environment, word.of, declared)}>`;
  if (word.kind !== "group") return typeNames[word.kind];
  const fields = Object.fromEntries(
    Object.entries(word.words).map(([name, each]) => [name, declare(environment, each, declared)]),
  );
  const ctor = groupTypes.get(word.name);
  if (ctor && !declared.has(word.name)) environment.registerType(word.name, { ctor, fields });
  declared.add(word.name);
  return word.name;
}

const typeNames = {
  text: "string",
  date: "string",
  money: "money",
  integer: "int",
  boolean: "bool",
  record: "dyn",
} as const satisfies Record<Exclude<Word["kind"], "list" | "group">, string>;

function groupNames(word: Word): string[] {
  if (word.kind === "list") return groupNames(word.of);
  return word.kind === "group" ? [word.name, ...Object.values(word.words).flatMap(groupNames)] : [];
}

function emptyClass(): new () => object {
  const group = function () {} as unknown as new () => object; // a class without members
  // Not `Object.prototype`: a name such as `toString` is no word of ours.
  Object.setPrototypeOf(group.prototype, null);
  return group;
}
