import type { Customer } from "./company-file.ts";
import type { Habit, PartyDraft, Roster } from "./company-roster.ts";
import { type Currency, personOf, slug, trades } from "./company-words.ts";
import type { Random } from "./random.ts";

const legalForms = ["", "", "", "", " Inc.", " LLC", " Ltd", " GmbH"] as const;
const desks = ["billing", "accounts", "office", "ap", "finance"] as const;
const termIds = ["1", "2", "3", "3", "3", "4", "5", undefined] as const;
const freeMail = ["gmail.com", "yahoo.com", "outlook.com"] as const;

/** Two accountants' offices whose mailbox stands on several unrelated clients. */
export const sharedMailboxes = ["books@ledgerlight-partners.example", "desk@abacus-row.example"] as const;

/** The clients: top customers of every kind that a real list holds, the awkward ones first. */
export function addClients(roster: Roster, random: Random, stems: string[]): void {
  const nextStem = () => stems.shift() ?? "Spare";
  addCurrencyTwins(roster, random, nextStem);
  addEqualNames(roster, random, nextStem);
  addSharedMailboxes(roster, random, nextStem);
  addOddTexts(roster, random, nextStem);
  addPersons(roster, random, 38);
  const kinds: [Habit, number][] = [
    ["regular", 96] as [Habit, number],
    ["occasional", 58] as [Habit, number],
    ["cash", 22] as [Habit, number],
    ["new", 12] as [Habit, number],
    ["dormant", 30] as [Habit, number],
    ["closed", 7] as [Habit, number],
    ["closed-owing", 4] as [Habit, number],
  ];
  for (const [habit, count] of kinds) {
    for (let made = 0; made < count; made += 1) roster.addCustomer(companyDraft(random, nextStem(), habit));
  }
}

function companyDraft(random: Random, stem: string, habit: Habit): PartyDraft {
  const plain = `${stem} ${random.pick(trades)}`;
  const name = plain + random.pick(legalForms);
  const currency: Currency = random.chance(0.12) ? random.pick(["EUR", "GBP", "CAD"]) : "USD";
  return {
    name,
    currency,
    habit,
    termId: random.pick(termIds),
    address: mailbox(random, slug(plain)),
    company: random.chance(0.8) ? name : undefined,
  };
}

/** One address, several in one field as people type them, one with a slip among them, or none. */
function mailbox(random: Random, domain: string): string | undefined {
  const [first, second] = random.shuffled(desks);
  const shape = random.between(0, 19);
  if (shape < 3) return undefined;
  if (shape === 3) return `${first}@${domain}.example, ${second}@${domain}.example`;
  if (shape === 4) return `${first}@${domain}.example; ${second}@${domain}.example`;
  if (shape === 5 && random.chance(0.5)) return `${first}@${domain}.example, ask reception`;
  if (shape === 6) return `${first?.toUpperCase()}@${domain}.example`;
  return `${first}@${domain}.example`;
}

/** A client kept twice because QuickBooks fixes one currency per customer; half of them share the address. */
function addCurrencyTwins(roster: Roster, random: Random, nextStem: () => string): void {
  for (let pair = 0; pair < 6; pair += 1) {
    const stem = nextStem();
    const name = `${stem} ${random.pick(trades)}`;
    const other = random.pick(["EUR", "GBP", "CAD"] as const);
    const twin = { company: name, habit: "regular" as const, termId: "3" };
    const desk = `billing@${slug(name)}.example`;
    roster.addCustomer({ ...twin, name, currency: "USD", address: desk });
    const address = pair % 2 === 0 ? desk : `billing.${other.toLowerCase()}@${slug(name)}.example`;
    roster.addCustomer({ ...twin, name: `${name} (${other})`, currency: other, address });
  }
}

/** Names that differ in QuickBooks and are equal once blanks are folded, `|` is a blank and "(deleted)" is dropped. */
function addEqualNames(roster: Roster, random: Random, nextStem: () => string): void {
  const usd = { currency: "USD" as const, termId: "3" };
  const first = nextStem();
  roster.addCustomer({ ...usd, name: `${first} Robotics`, habit: "regular" });
  roster.addCustomer({ ...usd, name: `${first} | Robotics`, habit: "occasional" });
  roster.addCustomer({ ...usd, name: `${first}  Robotics`, habit: "occasional" });
  const second = `${nextStem()} Ceramics`;
  roster.addCustomer({ ...usd, name: second, habit: "closed-owing" });
  roster.addCustomer({ ...usd, name: second, habit: "regular", address: `office@${slug(second)}.example` });
  const third = `${nextStem()} Cycles`;
  roster.addCustomer({ ...usd, name: third, habit: "regular", address: `billing@${slug(third)}.example` });
  roster.addVendor({ ...usd, name: third.replace(" ", "  "), habit: "regular" });
  const fourth = nextStem();
  // Equal only without accents: two names for Zendesk, one for a search by name.
  roster.addCustomer({ ...usd, name: `Café ${fourth}`, habit: "occasional" });
  roster.addCustomer({ ...usd, name: `Cafe ${fourth}`, habit: random.pick(["regular", "occasional"]) });
}

function addSharedMailboxes(roster: Roster, random: Random, nextStem: () => string): void {
  for (const [index, address] of sharedMailboxes.entries()) {
    for (let client = 0; client < 4 - index; client += 1) {
      roster.addCustomer({ ...companyDraft(random, nextStem(), "regular"), address, currency: "USD" });
    }
  }
}

function addOddTexts(roster: Roster, random: Random, nextStem: () => string): void {
  const odd = (name: string) => {
    // CompanyName holds 100 characters, DisplayName 500.
    const company = name.length > 100 ? undefined : name;
    roster.addCustomer({ ...companyDraft(random, nextStem(), "occasional"), name, company });
  };
  odd(`Möbelhaus ${nextStem()}`);
  odd(`Pâtisserie ${nextStem()}`);
  odd(`${nextStem()} & Søn "Tømrer" <Aps>`);
  odd(`O'${nextStem()} and Daughters`);
  odd(`株式会社 ${nextStem()}`);
  const words = ["Cooperative", "of", "the", "United", "Growers", "Bakers", "Weavers", "and", "Traders"];
  const long = Array.from({ length: 46 }, (_, index) => words[index % words.length]).join(" ");
  odd(`${nextStem()} ${long}`);
}

function addPersons(roster: Roster, random: Random, count: number): void {
  const taken = new Set<string>();
  while (taken.size < count) {
    const person = personOf(random);
    const name = `${person.given} ${person.family}`;
    if (taken.has(name)) continue;
    taken.add(name);
    const habit: Habit = random.pick(["regular", "occasional", "cash"]);
    const invented = `${slug(name).replaceAll("-", ".")}.invented@${random.pick(freeMail)}`;
    const address = random.chance(0.2) ? undefined : invented;
    roster.addCustomer({ name, person, address, currency: "USD", habit, termId: "1" });
  }
}

/** The companies that can head a family: active, with business of their own. */
export function familyHeads(roster: Roster): Customer[] {
  return roster.customers.filter(
    (customer) => roster.habits.get(`customer:${customer.Id}`) === "regular" && customer.CompanyName !== undefined,
  );
}
