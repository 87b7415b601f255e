import type { Party, PartyKey, PartyKind, Realm } from "../../domain/index.ts";
import { organizationKey } from "../../domain/index.ts";
import { cutText, plainLine } from "../plain-text.ts";
import { compareByRank } from "../rank.ts";
import { foldCase } from "./fold-case.ts";

/** Zendesk's limit for names of organizations. */
const nameLength = 255;

/** 0: the bare name; 1: ` (vendor)` or ` (customer)`; 2: ` (vendor 56)`. */
export type SuffixLevel = 0 | 1 | 2;

/**
 * The name of an organization that we create. Separate sub-customers are named with their parents (`Parent / Child`).
 * QuickBooks' " (deleted)" never reaches Zendesk: inactivity is a field there.
 */
export function organizationName(
  party: Pick<Party, "displayName" | "fullyQualifiedName" | "kind" | "id">,
  options: { separateFamilies: boolean; suffix: SuffixLevel },
): string {
  const parts =
    options.separateFamilies && party.kind === "customer" ? party.fullyQualifiedName.split(":") : [party.displayName];
  const name = parts
    .map(cleanName)
    .filter((part) => part !== "")
    .join(" / ");
  const suffix = suffixOf(party, options.suffix);
  return cutText(name === "" ? `${party.kind} ${party.id}` : name, nameLength - suffix.length) + suffix;
}

function cleanName(text: string): string {
  return plainLine(text.replaceAll("|", " ")).replace(/(?:\s*\(deleted\))+$/i, "");
}

function suffixOf({ kind, id }: PartyKey, level: SuffixLevel): string {
  if (level === 0) return "";
  return level === 1 ? ` (${kind})` : ` (${kind} ${id})`;
}

/** What may be there once per account. Zendesk compares names without case; only code folds case for us, never SQL. */
export function nameKey(name: string): string {
  return foldCase(name);
}

/** A party that wants the same bare name as others. */
export interface NameRival extends PartyKey {
  realm: Realm;
  active: boolean;
}

/**
 * Who of all parties with one name key gets which suffix, by organization key. The first by rank gets the bare name; of the others the
 * first customer ` (customer)` and the first vendor ` (vendor)`; the rest their ids. Arrival plays no part.
 */
export function rankForName(parties: readonly NameRival[]): Map<string, SuffixLevel> {
  const levels = new Map<string, SuffixLevel>();
  const suffixTaken = new Set<PartyKind>();
  for (const [place, party] of [...parties].sort(compareByRank).entries()) {
    const key = organizationKey(party.realm, party);
    if (place === 0) levels.set(key, 0);
    else if (suffixTaken.has(party.kind)) levels.set(key, 2);
    else {
      suffixTaken.add(party.kind);
      levels.set(key, 1);
    }
  }
  return levels;
}
