import { familyHeads } from "./company-clients.ts";
import type { Customer } from "./company-file.ts";
import type { Habit, Roster } from "./company-roster.ts";
import type { Currency } from "./company-words.ts";
import type { Random } from "./random.ts";

const places = ["Warehouse", "Showroom", "North branch", "Harbor site", "Annex", "Workshop", "Depot", "Kiosk"] as const;
const works = [
  "Refit",
  "Fit-out",
  "Extension",
  "Maintenance",
  "Stand at the fair",
  "Lighting",
  "Roof",
  "Archive",
] as const;

/** How many families reach each depth; QuickBooks allows five levels. */
const familiesByDepth: readonly [depth: number, families: number][] = [
  [5, 4],
  [4, 6],
  [3, 10],
  [2, 20],
];

/** Sub-customers and projects under the regular clients, and the twins of equal names under different heads. */
export function addFamilies(roster: Roster, random: Random): void {
  const heads = random.shuffled(familyHeads(roster).slice(20));
  for (const [depth, families] of familiesByDepth) {
    for (const head of heads.splice(0, families)) growFamily(roster, random, { head, depth });
  }
}

function growFamily(roster: Roster, random: Random, family: { head: Customer; depth: number }): void {
  let parents = [family.head];
  for (let level = 2; level <= family.depth; level += 1) {
    const children: Customer[] = [];
    for (const parent of parents) {
      const count = parent === parents[0] ? random.between(1, level === 2 ? 4 : 2) : random.between(0, 1);
      for (let child = 0; child < count; child += 1)
        children.push(addMember(roster, random, { ...family, parent, child }));
    }
    parents = children;
  }
}

function addMember(roster: Roster, random: Random, at: { head: Customer; parent: Customer; child: number }): Customer {
  const project = random.chance(0.3);
  const stem = at.head.DisplayName.split(" ")[0] ?? "";
  const number = roster.customers.length;
  // "Warehouse" stands under many heads: QuickBooks tells such names apart by their path only.
  const bare = random.chance(0.15) && at.child === 0 && at.parent === at.head;
  const name = bare ? random.pick(places) : `${stem} ${project ? random.pick(works) : random.pick(places)} ${number}`;
  const habit: Habit = random.pick(["regular", "occasional", "occasional", "quiet", "quiet"]);
  return roster.addSub({
    name,
    parent: at.parent,
    project,
    habit: random.chance(0.05) ? "closed" : habit,
    company: at.head.CompanyName,
    address: memberAddress(random, at.head, number),
    currency: random.chance(0.04) ? "GBP" : (at.head.CurrencyRef.value as Currency),
    termId: random.chance(0.5) ? at.head.SalesTermRef?.value : undefined,
  });
}

/** As in Intuit's own sample company, members mostly carry the head's address; a few have a desk of their own. */
function memberAddress(random: Random, head: Customer, number: number): string | undefined {
  const inherited = head.PrimaryEmailAddr?.Address;
  if (inherited === undefined || random.chance(0.3)) return undefined;
  const domain = /@([a-z0-9-]+\.example)/i.exec(inherited)?.[1];
  return domain !== undefined && random.chance(0.25) ? `site${number}@${domain.toLowerCase()}` : inherited;
}
