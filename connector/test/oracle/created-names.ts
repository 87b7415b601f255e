import type { Books, Party } from "./books.ts";
import { byRank } from "./card-fields.ts";
import type { Input } from "./input.ts";
import { textAt } from "./json.ts";
import { nameKey, wantedName, withSuffix } from "./text.ts";

/**
 * The name that each party's organization bears where we make it, by party key.
 * Equal names are ranked over all tops of families and all vendors, whether in scope or not. `adopted` tells which parties
 * have an organization that keeps its own name: they use up no other, and what they bear nobody else gets.
 */
export function createdNames(books: Books, input: Input, adopted: ReadonlyMap<string, string>): Map<string, string> {
  const groups = new Map<string, Party[]>();
  for (const { top } of books.units.values()) {
    const key = nameKey(bare(top, input));
    groups.set(key, [...(groups.get(key) ?? []), top]);
  }
  const taken = new Set([...adopted.values()].map(nameKey));
  const names = new Map<string, string>();
  for (const [key, parties] of groups) {
    const given = new Set<string>();
    const free = (name: string) => {
      const wanted = nameKey(name);
      return !taken.has(wanted) && !given.has(wanted) && (wanted === key || !groups.has(wanted));
    };
    for (const [rank, party] of [...parties].sort(byRank).entries()) {
      if (adopted.has(party.key)) continue;
      const name = bare(party, input);
      const choices = [withSuffix(name, ` (${party.kind})`), withSuffix(name, ` (${party.kind} ${party.id})`)];
      if (rank === 0) choices.unshift(withSuffix(name, ""));
      const chosen = choices.find(free) ?? choices.at(-1) ?? name;
      given.add(nameKey(chosen));
      names.set(party.key, chosen);
    }
  }
  return names;
}

/** Sub-customers that stand alone bear their whole path. */
function bare(party: Party, { settings }: Input): string {
  const path = textAt(party.record, "FullyQualifiedName");
  if (settings.families === "roll-up" || party.kind === "vendor" || path === undefined) return wantedName(party.name);
  return wantedName(path.replaceAll(":", " / "));
}
