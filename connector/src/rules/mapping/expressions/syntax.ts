import type { ASTNode } from "@marcbachmann/cel-js";
import { macroNames } from "./functions.ts";

/** A call of a function or method, macros among them. */
export interface Call {
  name: string;
  on: ASTNode | undefined;
  arguments: readonly ASTNode[];
  /** Runs over the list that it is called on; its first argument is the name of its variable. */
  isMacro: boolean;
}

export function callOf(node: ASTNode): Call | undefined {
  if (node.op === "call") return { name: node.args[0], on: undefined, arguments: node.args[1], isMacro: false };
  if (node.op !== "rcall") return undefined;
  const [name, on, given] = node.args;
  return { name, on, arguments: given, isMacro: macroNames.has(name) };
}

/** All parts of an expression, the names of macro variables among them. */
export function childrenOf(node: ASTNode): readonly ASTNode[] {
  if (node.op === "value" || node.op === "id") return [];
  if (node.op === "." || node.op === ".?") return [node.args[0]];
  if (node.op === "call") return node.args[1];
  if (node.op === "rcall") return [node.args[1], ...node.args[2]];
  if (node.op === "map") return node.args.flat();
  if (node.op === "!_" || node.op === "-_") return [node.args];
  return node.args;
}

/** `customer.aging.current` of a chain of names; undefined where it is no such chain. */
export function pathOf(node: ASTNode): string | undefined {
  if (node.op === "id") return node.args;
  if (node.op !== ".") return undefined;
  const before = pathOf(node.args[0]);
  return before && `${before}.${node.args[1]}`;
}
