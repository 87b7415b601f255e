import { type Books, isLeftOut } from "./books.ts";
import { type Directory, keysOn } from "./directory.ts";
import type { Findings } from "./findings.ts";
import type { Disposed, Input } from "./input.ts";
import { type Json, textAt } from "./json.ts";
import { isInScope, isLongOut } from "./scope.ts";

const five = new Set(["linked", "rolled-up", "parked", "ignored", "out-of-scope"]);

/** Every party is exactly one of the five, and rightly so. */
export function checkParties(
  input: Input,
  { books, before }: { books: Books; before: Directory },
  findings: Findings,
): void {
  const known = new Set([...before.organizations.values()].flatMap(keysOn));
  const entries = new Map<string, Disposed[]>();
  for (const entry of input.parties) entries.set(entry.key, [...(entries.get(entry.key) ?? []), entry]);
  const add = (party: string, what: string, expected: unknown, found: unknown) =>
    findings.add("different", { party, what, expected, found });
  for (const key of books.parties.keys()) {
    const told = entries.get(key) ?? [];
    const found = told.map((entry) => entry.disposition);
    if (told.length !== 1 || !five.has(found[0] ?? "")) add(key, "disposition", "exactly one of the five", found);
  }
  for (const [key, [entry]] of entries) {
    if (!books.parties.has(key)) add(key, "party", "a party of the company", "none");
    else if (entry) checkOne(entry, { input, books, known, entries, add });
  }
}

interface Surroundings {
  input: Input;
  books: Books;
  /** Keys that organizations carried before: who was linked once stays linked, in scope or not. */
  known: ReadonlySet<string>;
  entries: ReadonlyMap<string, Disposed[]>;
  add: (party: string, what: string, expected: unknown, found: unknown) => void;
}

function checkOne(entry: Disposed, world: Surroundings): void {
  const { input, books, known, add } = world;
  const { key, disposition } = entry;
  const answered = answerFor(input.answers, key);
  const topKey = books.topOf.get(key) ?? key;
  if (isLeftOut(books.parties.get(key), input) && answered === undefined) {
    if (disposition !== "out-of-scope")
      add(key, "disposition", "out-of-scope: a project that is left out", disposition);
    return;
  }
  // A person may link, create or ignore a single member; the rules roll the others up.
  if (topKey !== key && answered === undefined) return checkMember(entry, topKey, world);
  if (disposition === "rolled-up" && topKey === key) add(key, "disposition", "a party of its own", "rolled-up");
  if (disposition === "ignored" && answered !== "ignore" && entry.reason === undefined) {
    add(key, "disposition", "ignored by an answer or a rule", "ignored without either");
  }
  const unit = books.units.get(key);
  if (unit === undefined) return;
  const inScope = isInScope(unit, input);
  const wasLinked = known.has(`qbo:${input.realm}:${key}`);
  if (disposition === "out-of-scope" && wasLinked) add(key, "disposition", "linked by its key", "out-of-scope");
  if (disposition === "out-of-scope" && inScope) add(key, "disposition", "in scope", "out-of-scope");
  if (disposition === "parked" && !inScope) add(key, "disposition", "out-of-scope", "parked");
  if (
    disposition === "linked" &&
    entry.origin === "created" &&
    !inScope &&
    !wasLinked &&
    isLongOut(unit, input) &&
    !answered
  ) {
    add(key, "disposition", "out-of-scope", "created");
  }
  if (disposition === "linked" && entry.organizationId === undefined)
    add(key, "organization", "an organization id", "none");
}

/** A member follows its top: rolled up into it where it is linked, parked or ignored, out of scope with it otherwise. */
function checkMember(entry: Disposed, topKey: string, { entries, add }: Surroundings): void {
  const { key, disposition } = entry;
  const top = entries.get(topKey)?.[0];
  const follows = top !== undefined && ["linked", "parked", "ignored"].includes(top.disposition);
  const expected = follows ? "rolled-up" : "out-of-scope";
  if (disposition !== expected) add(key, "disposition", expected, disposition);
  else if (disposition === "rolled-up" && entry.into !== topKey) add(key, "rolled up into", topKey, entry.into);
}

/** The latest answer of a person about a party: `{ party | key, kind }`. */
function answerFor(answers: readonly Json[], key: string): string | undefined {
  const own = answers.filter((answer) => (textAt(answer, "party") ?? textAt(answer, "key")) === key);
  const last = own.at(-1);
  return last && textAt(last, "kind");
}
