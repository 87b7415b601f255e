import type { PairClass } from "./set.ts";

/**
 * A situation with its labels, told once and played with many names. `$0`, `$1` ... are company names that have nothing to do with each
 * other; after `@` (`bill@$0`) the domain of that company, before it its slug (`$0@gmail.com`).
 */
export interface BaseCase {
  class: PairClass;
  times: number;
  /** Why the labels are right. */
  because: string;
  parties: readonly BaseParty[];
  organizations: readonly BaseOrganization[];
  /**
   * What noise may do to the parties' names. `equal` (the default): everything that says nothing (case, blanks, punctuation, accents,
   * "(deleted)"). `writing`: blanks and capitals only, where accents or signs are what the case is about.
   */
  noise?: "equal" | "writing";
}

export interface BaseParty {
  name: string;
  company?: string;
  mail?: readonly string[];
  kind?: "vendor";
  currency?: string;
  /** The place of its parent in the list. */
  under?: number;
  /** Long inactive: out of scope, but its addresses are known. */
  dead?: true;
  /** Of tops that are in scope: the place of its organization in the list, or no organization, or a person's question. */
  label?: number | "none" | "review";
  /** The place of the organization that looks like it. */
  near?: number;
  /** All of one case with one question count as one. */
  oneQuestion?: true;
}

export interface BaseOrganization {
  name: string;
  domains?: readonly string[];
  /** Addresses of its end users. */
  people?: readonly string[];
  /** Addresses of agents who belong to it. */
  agents?: readonly string[];
}
