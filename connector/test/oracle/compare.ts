import { openBooks } from "./books.ts";
import { cardsOf, checkCards, checkDefinitions } from "./check-cards.ts";
import { checkContacts } from "./check-contacts.ts";
import { checkDuplicates, checkForeign } from "./check-foreign.ts";
import { checkMembers } from "./check-members.ts";
import { checkNotes } from "./check-notes.ts";
import { checkParked } from "./check-parked.ts";
import { checkParties } from "./check-parties.ts";
import { checkRecords } from "./check-records.ts";
import { openDirectory } from "./directory.ts";
import { collectFindings, type Difference } from "./findings.ts";
import type { Input } from "./input.ts";

export interface Verdict {
  /** Organizations with linked parties. */
  cards: number;
  /** Those of them of which nothing differs. */
  equal: number;
  /** Organizations, parties and fields that are not as the rules say. */
  different: number;
  /** Organizations and users whose own data changed. */
  foreignTouched: number;
  /** Organizations that carry a key which another one carries. */
  duplicates: number;
  /** At most 200. */
  differences: Difference[];
}

/** Computes everything again from both systems' records, and compares it with what Zendesk holds. */
export function compare(input: Input): Verdict {
  const books = openBooks(input);
  const now = openDirectory(input.account);
  const before = openDirectory(input.accountBefore);
  const findings = collectFindings();
  const cards = cardsOf(input, books);
  checkDefinitions(now, findings);
  checkCards(cards, { input, books, now }, findings);
  checkParties(input, { books, before }, findings);
  checkParked(cards, { input, books, now }, findings);
  checkForeign(cards, { before, now, input, books }, findings);
  checkNotes(cards, { before, now, place: input.notes }, findings);
  checkDuplicates(now, findings);
  checkRecords(cards, input, findings);
  checkContacts(cards, { input, before, now }, findings);
  checkMembers(cards, { input, books, before, now }, findings);
  return {
    cards: cards.length,
    equal: cards.filter((card) => !findings.hasCard(card.organizationId)).length,
    different: findings.count("different"),
    foreignTouched: findings.count("foreign"),
    duplicates: findings.count("duplicate"),
    differences: findings.list(),
  };
}

export function isAllRight(verdict: Verdict): boolean {
  return verdict.different + verdict.foreignTouched + verdict.duplicates === 0;
}
