import type { ASTNode } from "@marcbachmann/cel-js";
import type { Bound } from "./extent.ts";
import { functionNames } from "./functions.ts";
import { callOf, childrenOf } from "./syntax.ts";

/** What one expression may cost for one card: about 25 milliseconds at most (measured: `expression.test.ts`). */
const mostWork = 30_000;
const longestResult = 250_000;
const deepestNesting = 2;

export interface Refusal {
  node: ASTNode;
  says: string;
  /** A name of which another one was meant, perhaps. */
  among?: { written: string; known: readonly string[] };
}

/** What must not be saved although it parses: it costs too much, or calls what nobody may call. */
export function refusalsOf(ast: ASTNode, { work, extent }: Bound): Refusal[] {
  const refusals = visit(ast, 0);
  if (refusals.length > 0) return refusals;
  if (work > mostWork)
    return [
      {
        node: ast,
        says: `This is too much work for one card: up to ${Math.round(work)} steps, ${mostWork} are allowed. Lists inside lists multiply.`,
      },
    ];
  if (extent.chars > longestResult)
    return [{ node: ast, says: `The text can become ${extent.chars} characters long, ${longestResult} are allowed.` }];
  return [];
}

function visit(node: ASTNode, nesting: number): Refusal[] {
  const call = callOf(node);
  if (!call) return [...refusePart(node), ...childrenOf(node).flatMap((child) => visit(child, nesting))];
  const inner = call.isMacro ? nesting + 1 : nesting;
  return [
    ...refuseCall(node, call.name, call.isMacro && nesting >= deepestNesting),
    // `cel` is the library's name for functions of its own.
    ...(call.on && !(call.on.op === "id" && call.on.args === "cel") ? visit(call.on, nesting) : []),
    ...(call.isMacro ? call.arguments.slice(1) : call.arguments).flatMap((argument) => visit(argument, inner)),
  ];
}

function refuseCall(node: ASTNode, name: string, tooDeep: boolean): Refusal[] {
  if (name === "matches")
    return [
      {
        node,
        says: "Patterns are not allowed: some of them take minutes on a short text. Use contains, startsWith or endsWith.",
      },
    ];
  if (!functionNames.includes(name))
    return [{ node, says: `There is no function ${name} here.`, among: { written: name, known: functionNames } }];
  if (tooDeep)
    return [{ node, says: `Lists may be run over in at most ${deepestNesting} levels: ${name} is one too many.` }];
  return [];
}

function refusePart(node: ASTNode): Refusal[] {
  const isPlain =
    node.op !== "value" || node.args === null || ["string", "number", "bigint", "boolean"].includes(typeof node.args);
  return isPlain ? [] : [{ node, says: "Bytes and unsigned numbers mean nothing here." }];
}
