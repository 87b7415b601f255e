import type { Party } from "../../domain/index.ts";
import { fitsPattern } from "../../rules/matching/index.ts";
import type { IgnorePattern, IgnoreRule } from "./ports.ts";

/** The rule by which a party is left out, in words; undefined where none is for it. The oldest one counts. */
export function ignoredBy(
  rules: readonly IgnoreRule[],
  party: Pick<Party, "kind" | "displayName">,
): string | undefined {
  const rule = rules.find(({ pattern }) => isFor(pattern, party));
  return rule && ruleWords(rule);
}

export function isFor({ kind, name }: IgnorePattern, party: Pick<Party, "kind" | "displayName">): boolean {
  return (kind === undefined || kind === party.kind) && fitsPattern(name, party.displayName);
}

function ruleWords({ id, pattern, who }: IgnoreRule): string {
  return `rule ${id} ("${pattern.name}") of ${who}`;
}
