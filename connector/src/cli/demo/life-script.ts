import type { CompanyFile } from "./company-file.ts";
import { type ChangeKind, customerChanges } from "./life-customers.ts";
import { vendorChanges } from "./life-vendors.ts";
import { type CardTarget, customerCards, type Proposal, vendorCards } from "./life-world.ts";
import { type Random, seededRandom } from "./random.ts";

export interface LifeChange extends Proposal {
  kind: string;
}

/** Where the script stands. Plain values; `nextChange` moves them on. */
export interface LifeState {
  random: Random;
  turn: number;
  /** Cards used since the round began: no card changes twice in one round. */
  used: Set<string>;
}

export function beginLife(seed: number): LifeState {
  return { random: seededRandom(seed ^ 0x11fe), turn: 0, used: new Set() };
}

const changes: Readonly<Record<string, ChangeKind>> = { ...customerChanges, ...vendorChanges };
export const changeKinds: readonly string[] = Object.keys(changes);

/**
 * The next thing that happens in the company, on a card that has not changed in this round, and such that a value of that
 * card's organization changes. Kinds take turns, so that two hundred changes hold about a dozen of each; a kind that no
 * unused card fits is passed over. `company` may be older than earlier changes of the round: those touched other cards.
 * Undefined when the cards are used up: clear `used` and give a company read after the last change.
 */
export function nextChange(
  state: LifeState,
  given: { company: CompanyFile; cards: readonly CardTarget[]; today: string },
): LifeChange | undefined {
  const { company, today } = given;
  const unused = (card: CardTarget) => !state.used.has(card.party);
  const customers = customerCards(company, given.cards).filter(unused);
  const vendors = vendorCards(company, given.cards).filter(unused);
  for (let tried = 0; tried < changeKinds.length; tried += 1) {
    const kind = changeKinds[state.turn % changeKinds.length] ?? "";
    state.turn += 1;
    const proposal = changes[kind]?.({ company, today, random: state.random, turn: state.turn, customers, vendors });
    if (proposal === undefined) continue;
    if (proposal.party !== undefined) state.used.add(proposal.party);
    return { kind, ...proposal };
  }
  return undefined;
}
