import type { BaseCase, BaseOrganization, BaseParty } from "./base-case.ts";
import { CompanyNames, slugOf } from "./company-names.ts";
import { Dice } from "./dice.ts";
import { agentEmails, containers, currencyTwins, families, sharedMailboxes } from "./hard-cases.ts";
import { legalForms, nearNameCases, transliterations } from "./name-cases.ts";
import { noisyMailField, noisyName } from "./noise.ts";
import { ordinaryCases } from "./ordinary-cases.ts";
import type { LabelledOrganization, LabelledParty, LabelledSet, LabelledUser } from "./set.ts";

const allCases: readonly BaseCase[] = [
  ...families,
  ...currencyTwins,
  ...sharedMailboxes,
  ...containers,
  ...agentEmails,
  ...legalForms,
  ...transliterations,
  ...nearNameCases,
  ...ordinaryCases,
];

/**
 * One company and one account in which every base case is played, with the labels that it was given. The seed chooses names, noise and
 * ids; the labels never come from the program that is measured by them. `share` plays fewer times of each case, at least one.
 */
export function labelledSet(seed: number, share = 1): LabelledSet {
  const dice = new Dice(seed);
  const stage = new Stage(seed, dice);
  for (const base of allCases)
    for (let time = 0; time < Math.max(1, Math.round(base.times * share)); time += 1) stage.play(base);
  return stage.set();
}

class Stage {
  readonly #dice: Dice;
  readonly #names: CompanyNames;
  readonly #ids: number[];
  readonly #set: LabelledSet;

  constructor(seed: number, dice: Dice) {
    this.#dice = dice;
    this.#names = new CompanyNames(dice);
    // Which party is older says nothing: ids are dealt out in no order.
    this.#ids = dice.shuffled(Array.from({ length: 20_000 }, (_, place) => place + 1));
    this.#set = { seed, parties: [], organizations: [], users: [], pairs: [] };
  }

  play(base: BaseCase): void {
    const words = new CaseWords(this.#names);
    const organizations = base.organizations.map((said) => this.#organization(said, base, words));
    const ids = base.parties.map(() => String(this.#nextId()));
    for (const [place, said] of base.parties.entries()) {
      const party = this.#party(base, said, { ids, place, words });
      this.#set.parties.push(party);
      if (said.label === undefined) continue;
      const label = typeof said.label === "number" ? { organization: organizations[said.label] ?? 0 } : said.label;
      this.#set.pairs.push({
        party: `${party.kind}:${party.id}`,
        class: base.class,
        label,
        near: said.near === undefined ? undefined : organizations[said.near],
        question: said.oneQuestion ? organizations[0] : undefined,
      });
      if (base.class === "ordinary" && label === "none" && organizations.length === 0) this.#maybeStray(said, words);
    }
  }

  set(): LabelledSet {
    return {
      ...this.#set,
      parties: this.#dice.shuffled(this.#set.parties),
      organizations: this.#dice.shuffled(this.#set.organizations),
      users: this.#dice.shuffled(this.#set.users),
    };
  }

  #nextId(): number {
    const id = this.#ids.pop();
    if (id === undefined) throw new Error("the labelled set has more rows than ids");
    return id;
  }

  #party(
    base: BaseCase,
    said: BaseParty,
    { ids, place, words }: { ids: readonly string[]; place: number; words: CaseWords },
  ): LabelledParty {
    const noise = base.noise ?? "equal";
    const noisy = (text: string) => noisyName(words.name(text), noise, this.#dice);
    return {
      kind: said.kind ?? "customer",
      id: ids[place] ?? "",
      displayName: noisy(said.name),
      companyName: said.company === undefined ? undefined : noisy(said.company),
      mail: noisyMailField(
        (said.mail ?? []).map((text) => words.address(text)),
        this.#dice,
      ),
      parentId: said.under === undefined ? undefined : ids[said.under],
      topId: ids[topOf(base.parties, place)] ?? "",
      currency: said.currency ?? "USD",
      living: said.dead !== true,
    };
  }

  #organization(said: BaseOrganization, base: BaseCase, words: CaseWords): number {
    const id = 35_436_000_000_000 + this.#nextId();
    const organization: LabelledOrganization = {
      id,
      name: noisyName(words.name(said.name), base.noise ?? "equal", this.#dice).trim(),
      domains: (said.domains ?? []).map((text) => words.address(text).slice(1)),
    };
    this.#set.organizations.push(organization);
    const people = (said.people ?? []).map((text) => words.address(text));
    for (const address of people) this.#user(id, address, false);
    for (const text of said.agents ?? []) this.#user(id, words.address(text), true);
    const domain = people[0]?.split("@")[1];
    if (domain?.endsWith(".example") && this.#dice.one(0.3)) this.#user(id, `team${this.#nextId()}@${domain}`, false);
    return id;
  }

  #user(organizationId: number | undefined, address: string, agent: boolean): void {
    const id = 900_000_000_000 + this.#nextId();
    const addresses = this.#dice.one(0.1) ? [address, `private-${id}@gmail.com`] : [address];
    const user: LabelledUser = { id, organizationId, addresses, agent };
    this.#set.users.push(user);
  }

  /** Somebody who wrote once and belongs to no organization: no evidence. */
  #maybeStray(said: BaseParty, words: CaseWords): void {
    const [text] = said.mail ?? [];
    if (text !== undefined && this.#dice.one(0.2)) this.#user(undefined, words.address(text), false);
  }
}

function topOf(parties: readonly BaseParty[], place: number): number {
  const under = parties[place]?.under;
  return under === undefined ? place : topOf(parties, under);
}

/** The names that stand for `$0`, `$1` ... in one playing of a case. */
class CaseWords {
  readonly #names: CompanyNames;
  readonly #given = new Map<string, string>();

  constructor(names: CompanyNames) {
    this.#names = names;
  }

  name(text: string): string {
    return text.replace(/\$(\d+)/g, (_, number: string) => this.#company(number));
  }

  address(text: string): string {
    return text
      .replace(/@\$(\d+)/g, (_, number: string) => `@${slugOf(this.#company(number))}.example`)
      .replace(/\$(\d+)/g, (_, number: string) => slugOf(this.#company(number)));
  }

  #company(number: string): string {
    const known = this.#given.get(number) ?? this.#names.next();
    this.#given.set(number, known);
    return known;
  }
}
