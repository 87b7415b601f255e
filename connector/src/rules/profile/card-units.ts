import { mixedCurrency, type Party, partyKeyText } from "../../domain/index.ts";
import { compareByRank } from "../rank.ts";
import { emptyStanding } from "./side-tally.ts";
import type { Standing } from "./status.ts";

/** A party of a card: linked itself, or rolled up into its linked top. */
export interface CardParty {
  party: Party;
  linked: boolean;
}

/** What has a status of its own: a linked party with its family, or a rolled-up party of another currency alone. */
export interface Unit {
  kind: Party["kind"];
  standing: Standing;
  /** False: its status counts for the worst; in no sum, count, date or bucket does it appear. */
  inSums: boolean;
}

export interface CardUnits {
  /** Linked parties by rank; the first names and addresses the card. */
  linked: [Party, ...Party[]];
  /** ISO 4217, or `MIXED`. */
  currency: string;
  units: Unit[];
  /** The unit of each party of the card, by party key. */
  unitOf: Map<string, Unit>;
}

/** Sorts the parties of a card into the units that are added up together. */
export function cardUnits(parties: readonly CardParty[]): CardUnits {
  const [first, ...others] = parties
    .filter(({ linked }) => linked)
    .map(({ party }) => party)
    .sort(compareByRank);
  if (!first) throw new Error("a card has at least one linked party");
  const linked: [Party, ...Party[]] = [first, ...others];
  const units: Unit[] = [];
  const unitOf = new Map<string, Unit>();
  const tops = new Map<string, Party>();
  for (const party of linked) {
    tops.set(partyKeyText(party), party);
    unitOf.set(partyKeyText(party), newUnit(units, party, true));
  }
  const rolledUp = parties.filter(({ linked: isLinked }) => !isLinked).map(({ party }) => party);
  for (const party of rolledUp.sort(compareByRank)) {
    const topKey = partyKeyText({ kind: party.kind, id: party.topId });
    const unit = unitOf.get(topKey);
    const sameCurrency = tops.get(topKey)?.currency === party.currency;
    unitOf.set(partyKeyText(party), unit && sameCurrency ? unit : newUnit(units, party, false));
  }
  const currency = others.every((party) => party.currency === first.currency) ? first.currency : mixedCurrency;
  return { linked, currency, units, unitOf };
}

function newUnit(units: Unit[], party: Party, inSums: boolean): Unit {
  const unit: Unit = { kind: party.kind, standing: emptyStanding(), inSums };
  units.push(unit);
  return unit;
}
