import type { Decimal } from "decimal.js";
import type {
  Document,
  JsonObject,
  LocalDate,
  Organization,
  Party,
  Realm,
  Settings,
  Term,
  UserId,
} from "../../../domain/index.ts";
import type { Mapping } from "../../../rules/mapping/index.ts";
import type { Link } from "../../links/ports.ts";
import type { BrokenField } from "../ports.ts";

/** What a decision is made of besides the card itself; the same for every card of one connection in one pass. */
export interface DecisionContext {
  realm: Realm;
  appUrl: string;
  homeCurrency: string;
  zone: string;
  today: LocalDate;
  settings: Pick<Settings, "graceDays" | "members"> & { tolerance: Decimal };
  terms: ReadonlyMap<string, Term>;
  mapping: Mapping;
  /** What Zendesk no longer takes. */
  brokenFields: readonly BrokenField[];
}

/** A party with those that roll up into it. */
export interface DecidedFamily {
  top: Party;
  /** Without the top. */
  others: readonly Party[];
  /** The top as QuickBooks sent it. */
  record: JsonObject;
}

/** Everything a decision about one card needs: no question is asked while deciding. */
export interface CardSnapshot {
  families: readonly DecidedFamily[];
  documents: readonly Document[];
  /** Of every party in `families`; on a card that is to be created, without an organization. */
  links: readonly NewOrOldLink[];
  /** What the directory knows; undefined: the organization is to be created. */
  organization: Organization | undefined;
  /** The name that we give, when the organization is one that we created (or will). */
  name: { value: string; key: string } | undefined;
  externalId: string | undefined;
  /** Users without an organization who have an address of this card alone. */
  strays: readonly UserId[];
}

export type NewOrOldLink = Omit<Link, "organizationId">;
