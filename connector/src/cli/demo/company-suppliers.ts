import { familyHeads } from "./company-clients.ts";
import type { Habit, Roster } from "./company-roster.ts";
import { type Currency, slug, vendorTrades } from "./company-words.ts";
import type { Random } from "./random.ts";

/** The vendors: plain ones, some that are customers too, some behind one purchasing portal's address. */
export function addSuppliers(roster: Roster, random: Random, stems: string[]): void {
  const habits: readonly [Habit, number][] = [
    ["regular", 28],
    ["occasional", 16],
    ["dormant", 6],
    ["closed", 4],
  ];
  for (const [habit, count] of habits) {
    for (let made = 0; made < count; made += 1) {
      const name = `${stems.shift() ?? "Spare"} ${random.pick(vendorTrades)}`;
      const currency: Currency = random.chance(0.12) ? random.pick(["EUR", "GBP"]) : "USD";
      const own = random.chance(0.55) ? `invoices@${slug(name)}.example` : undefined;
      const address = made < 3 && habit === "regular" ? "orders@procure-portal.example" : own;
      const termId = random.pick(["1", "2", "3", "5", undefined] as const);
      roster.addVendor({ name, company: random.chance(0.7) ? name : undefined, currency, habit, address, termId });
    }
  }
  // Clients that also supply us: QuickBooks allows a name only once, so the bookkeeper varied it.
  for (const client of familyHeads(roster).slice(14, 22)) {
    const company = client.CompanyName ?? client.DisplayName;
    roster.addVendor({ name: `${company} Supplies`, company, currency: "USD", habit: "regular", termId: "3" });
  }
}
