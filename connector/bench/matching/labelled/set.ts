/** What a person who knows both systems and the rules of docs/decisions/0001 says of one party. */
export type Label =
  /** That organization is its own, and nobody has to be asked. */
  | { organization: number }
  /** No organization may be linked by itself: one is created. */
  | "none"
  /** A person has to be asked. */
  | "review";

/** The first eight are the hard ones. */
export const pairClasses = [
  "family",
  "currency-twin",
  "shared-mailbox",
  "legal-form",
  "container",
  "agent-email",
  "transliteration",
  "near-name",
  "several-organizations",
  "domain-contradicts",
  "ordinary",
] as const;
export type PairClass = (typeof pairClasses)[number];

/** One labelled pair: a family or a vendor, and what is its organization. */
export interface Pair {
  /** Of the family's top: `customer:12`. */
  party: string;
  class: PairClass;
  label: Label;
  /** The organization that looks like it though it may not be linked: it has to be listed as a possible duplicate. */
  near: number | undefined;
  /** Pairs with one question between them: an organization that holds many clients is asked about once. */
  question: number | undefined;
}

export interface LabelledParty {
  kind: "customer" | "vendor";
  id: string;
  displayName: string;
  companyName: string | undefined;
  /** The field as a bookkeeper filled it: several addresses, and what is none. */
  mail: string;
  parentId: string | undefined;
  topId: string;
  currency: string;
  /** Active, and with a document of this month. One that is not is out of scope, and no pair. */
  living: boolean;
}

export interface LabelledOrganization {
  id: number;
  name: string;
  domains: string[];
}

export interface LabelledUser {
  id: number;
  organizationId: number | undefined;
  addresses: string[];
  agent: boolean;
}

/** One company and one account, with what is right. */
export interface LabelledSet {
  seed: number;
  parties: LabelledParty[];
  organizations: LabelledOrganization[];
  users: LabelledUser[];
  pairs: Pair[];
}
