import type { ASTNode } from "@marcbachmann/cel-js";
import { vocabulary, type Word } from "../vocabulary.ts";
import { callOf, childrenOf } from "./syntax.ts";
import { longestRecordText, longestText, mostItems, mostKeys } from "./words.ts";

/** The largest that a value can be, whatever the card: of a text its characters, of a list its items. */
export interface Extent {
  chars: number;
  items: number;
  /** Of a list's items or a map's values. */
  item: Extent | undefined;
  word: Word | undefined;
}

export interface Bound {
  extent: Extent;
  /** How many parts are evaluated at most, lists run over and texts put together included. */
  work: number;
}

/** A number, a date or yes and no: nothing that grows. */
const scalar: Extent = { chars: 0, items: 0, item: undefined, word: undefined };
/** A number as a text; amounts are bounded, see `addArithmetic`. */
const numberChars = 60;
/** What nothing is known of may be whatever a record can hold. */
const unknown: Extent = { chars: longestRecordText, items: mostKeys, item: undefined, word: { kind: "record" } };
/** Amounts are exact, and that takes its time. */
const stepsOfCalculation = 4;
/** Characters that cost as much as the evaluation of one part. */
const charsPerStep = 200;

/** Computes both without running anything: the bound holds for every card. `variables`: those of the macros around. */
export function boundOf(node: ASTNode, variables: ReadonlyMap<string, Extent> = new Map()): Bound {
  const call = callOf(node);
  if (call?.isMacro && call.on) return macroBound(call.name, boundOf(call.on, variables), call.arguments, variables);
  const parts = call ? [...(call.on ? [call.on] : []), ...call.arguments] : childrenOf(node);
  const bounds = parts.map((part) => boundOf(part, variables));
  const extent = call
    ? callExtent(call.name, bounds)
    : nodeExtent(
        node,
        bounds.map((each) => each.extent),
        variables,
      );
  const made = makesValue(node) ? extent.items + extent.chars / charsPerStep : 0;
  const compared = isListWork(node) ? Math.max(0, ...bounds.map((each) => each.extent.items)) : 0;
  const calculated = ["+", "-", "*", "/", "%"].includes(node.op) ? stepsOfCalculation : 0;
  return { extent, work: 1 + calculated + total(bounds.map(({ work }) => work)) + made + compared };
}

function macroBound(
  name: string,
  list: Bound,
  [variable, ...bodies]: readonly ASTNode[],
  variables: ReadonlyMap<string, Extent>,
): Bound {
  const item = list.extent.item ?? unknown;
  const inner = new Map(variables).set(variable?.op === "id" ? variable.args : "", item);
  const bounds = bodies.map((body) => boundOf(body, inner));
  const work = list.work + 1 + list.extent.items * (1 + total(bounds.map((each) => each.work)));
  if (name === "filter") return { extent: list.extent, work };
  if (name !== "map") return { extent: scalar, work };
  return { extent: { ...scalar, items: list.extent.items, item: bounds.at(-1)?.extent }, work };
}

function callExtent(name: string, bounds: readonly Bound[]): Extent {
  const [first, second] = bounds.map(({ extent }) => extent);
  if (!first) return scalar;
  if (name === "join")
    return { ...scalar, chars: first.items * ((first.item ?? unknown).chars + (second?.chars ?? 0)) };
  const keepsText = ["string", "trim", "lowerAscii", "upperAscii", "substring"].includes(name);
  return keepsText ? { ...scalar, chars: Math.max(first.chars, numberChars) } : scalar;
}

function nodeExtent(node: ASTNode, parts: readonly Extent[], variables: ReadonlyMap<string, Extent>): Extent {
  const [first, second, third] = parts;
  if (node.op === "value") return typeof node.args === "string" ? { ...scalar, chars: node.args.length } : scalar;
  if (node.op === "id") return variables.get(node.args) ?? wordExtent(rootWord(node.args));
  if (node.op === "." || node.op === ".?") return memberOf(first, node.args[1]);
  if (node.op === "[]" || node.op === "[?]")
    return first?.word?.kind === "group"
      ? widest(Object.keys(first.word.words).map((name) => memberOf(first, name)))
      : (first?.item ?? unknown);
  if (node.op === "list" || node.op === "map") return { ...scalar, items: parts.length, item: widest(parts) };
  if (node.op === "?:") return widest([second ?? scalar, third ?? scalar]);
  if (node.op === "+")
    return {
      ...scalar,
      chars: (first?.chars ?? 0) + (second?.chars ?? 0),
      items: (first?.items ?? 0) + (second?.items ?? 0),
      item: widest([first?.item, second?.item].filter((item) => item !== undefined)),
    };
  return scalar;
}

function rootWord(name: string): Word | undefined {
  return Object.hasOwn(vocabulary, name) ? vocabulary[name as keyof typeof vocabulary] : undefined;
}

function memberOf(of: Extent | undefined, name: string): Extent {
  const word = of?.word;
  if (word?.kind === "group") return wordExtent(Object.hasOwn(word.words, name) ? word.words[name] : undefined);
  return word?.kind === "record" ? wordExtent(word) : (of?.item ?? unknown);
}

function wordExtent(word: Word | undefined): Extent {
  if (word?.kind === "text") return { ...scalar, chars: longestText };
  if (word?.kind === "list") return { ...scalar, items: mostItems, item: wordExtent(word.of) };
  if (word?.kind === "group") return { ...scalar, word };
  return word?.kind === "record" ? unknown : scalar;
}

function widest(extents: readonly Extent[]): Extent {
  const items = extents.flatMap(({ item }) => item ?? []);
  return {
    chars: Math.max(0, ...extents.map(({ chars }) => chars)),
    items: Math.max(0, ...extents.map(({ items: count }) => count)),
    item: items.length === 0 ? undefined : widest(items),
    word: extents.find(({ word }) => word?.kind === "record")?.word ?? extents[0]?.word,
  };
}

/** Reading is one step; a text or list that is put together costs as much as it has parts. */
function makesValue(node: ASTNode): boolean {
  return node.op === "+" || node.op === "list" || node.op === "map" || callOf(node) !== undefined;
}

function isListWork(node: ASTNode): boolean {
  return node.op === "in" || node.op === "==" || node.op === "!=";
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
