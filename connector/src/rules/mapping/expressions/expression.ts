import {
  type ASTNode,
  type TypeError as CelTypeError,
  type Environment,
  EvaluationError,
  ParseError,
} from "@marcbachmann/cel-js";
import { didYouMean } from "../../did-you-mean.ts";
import { vocabulary, type Word } from "../vocabulary.ts";
import { boundOf } from "./extent.ts";
import { refusalsOf } from "./refusals.ts";
import { callOf, childrenOf, pathOf } from "./syntax.ts";
import { wording } from "./wording.ts";

/** Longer ones are refused unread. */
const longestSource = 2_000;

/** An expression that may be run for every card: it cannot loop, cannot take long, and sees nothing but the card. */
export interface Expression {
  /** `string`, `money`, `int`, `double`, `bool`, `list<string>` ..., `dyn` where only the card knows. */
  type: string;
  /** Steps at most, for any card. */
  work: number;
  /** The words that it looks at, as chains of names: `customer.overdue`. */
  words: readonly string[];
  /** The texts that it can yield, where they can be told from the expression itself. */
  literals: readonly Literal[] | undefined;
  /** `words`: see `wordsOf`. Absent (undefined): it asked a record or list for what is not there. Throws ExpressionFault. */
  evaluate(words: Record<string, unknown>): unknown;
}

export interface Literal {
  text: string;
  start: number;
}

/** What is wrong, and where: the start counts characters of the source from 0. */
export interface ExpressionProblem {
  start: number;
  says: string;
  suggestion: string | undefined;
}

/** An expression that was right when it was saved failed for one card: a division by zero, a text that is no number. */
export class ExpressionFault extends Error {
  override name = "ExpressionFault";
}

export function parseExpression(
  environment: Environment,
  source: string,
): { expression: Expression } | { problems: ExpressionProblem[] } {
  if (source.trim() === "") return { problems: [problem(0, "The expression is empty.")] };
  if (source.length > longestSource)
    return {
      problems: [
        problem(longestSource, `An expression has at most ${longestSource} characters; this one has ${source.length}.`),
      ],
    };
  try {
    const program = environment.parse(source);
    const bound = boundOf(program.ast);
    const refusals = refusalsOf(program.ast, bound);
    if (refusals.length > 0)
      return {
        problems: refusals.map(({ node, says, among }) =>
          problem(node.start, says, among && didYouMean(among.written, among.known)),
        ),
      };
    const checked = program.check();
    if (!checked.valid) return { problems: [problemOf(checked.error, program.ast, source)] };
    return {
      expression: {
        type: checked.type ?? "dyn",
        work: bound.work,
        words: wordsIn(program.ast),
        literals: literalsOf(program.ast),
        evaluate: (words) => run(() => program(words) as unknown),
      },
    };
  } catch (fault) {
    if (fault instanceof ParseError) return { problems: [problemOf(fault, undefined, source)] };
    throw fault;
  }
}

const absent: ReadonlySet<string> = new Set(["no_such_key", "index_out_of_bounds"]);

function run(program: () => unknown): unknown {
  try {
    return program();
  } catch (fault) {
    if (fault instanceof EvaluationError && absent.has(fault.code)) return undefined;
    const says =
      fault instanceof EvaluationError ? fault.summary : fault instanceof Error ? fault.message : String(fault);
    throw new ExpressionFault(says, { cause: fault });
  }
}

function problemOf(
  fault: ParseError | CelTypeError | undefined,
  ast: ASTNode | undefined,
  source: string,
): ExpressionProblem {
  const start = Math.min(fault?.range?.start ?? 0, source.length);
  const name = /^(?:No such key|Unknown variable): (\w+)/.exec(fault?.summary ?? "")?.[1];
  const known = name === undefined ? [] : namesAt(ast, start);
  return problem(start, wording(fault), name === undefined ? undefined : didYouMean(name, known));
}

/** The names that could stand at this place. */
function namesAt(ast: ASTNode | undefined, start: number): string[] {
  const node = ast && selectionAt(ast, start);
  if (!node) return Object.keys(vocabulary);
  const path = pathOf(node.args[0]);
  const word = path === undefined ? undefined : wordAt(path);
  if (word?.kind === "group") return Object.keys(word.words);
  // The variable of a macro: any member of what lists are made of.
  return listMembers();
}

type Selection = Extract<ASTNode, { op: "." }>;

function selectionAt(node: ASTNode, start: number): Selection | undefined {
  for (const child of childrenOf(node)) {
    const found = selectionAt(child, start);
    if (found) return found;
  }
  return node.op === "." && node.end >= start && start >= node.end - node.args[1].length ? node : undefined;
}

function wordAt(path: string): Word | undefined {
  let word: Word | undefined = { kind: "group", name: "", words: vocabulary };
  for (const name of path.split(".")) {
    if (word?.kind === "record") return word;
    word = word?.kind === "group" && Object.hasOwn(word.words, name) ? word.words[name] : undefined;
  }
  return word;
}

function listMembers(): string[] {
  const members = Object.values(vocabulary.card.words).flatMap((word) =>
    word.kind === "list" && word.of.kind === "group" ? Object.keys(word.of.words) : [],
  );
  return [...new Set(members)];
}

function wordsIn(node: ASTNode): string[] {
  const path = pathOf(node);
  if (path !== undefined) return [path];
  const call = callOf(node);
  const parts = call ? [...(call.on ? [call.on] : []), ...call.arguments] : childrenOf(node);
  return [...new Set(parts.flatMap(wordsIn))];
}

/** Of `a ? "x" : "y"` both; undefined where anything but literals can come out. */
function literalsOf(node: ASTNode): Literal[] | undefined {
  if (node.op === "value") return typeof node.args === "string" ? [{ text: node.args, start: node.start }] : undefined;
  if (node.op !== "?:") return undefined;
  const [, yes, no] = node.args;
  const [left, right] = [literalsOf(yes), literalsOf(no)];
  return left && right ? [...left, ...right] : undefined;
}

function problem(start: number, says: string, suggestion?: string): ExpressionProblem {
  return { start, says, suggestion };
}
