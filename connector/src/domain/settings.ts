import type { Decimal } from "decimal.js";
import type { OrganizationId } from "./ids.ts";
import type { TicketFieldPurpose } from "./ticket-field.ts";

/**
 * Which customers of a family have a card. `roll-up`: its top alone, with the figures of all. `separate`: each by itself.
 * `without-projects`: as `roll-up`, and projects, with what is below them, neither have one nor count anywhere.
 */
export type Families = "roll-up" | "separate" | "without-projects";

/** What an operator may set per connection. Stored with the connection; every rule that depends on it takes it as an argument. */
export interface Settings {
  /** `default`: see rules/scope `familyInScope`. `all`: every party of the company, inactive ones included. */
  scope: "default" | "all";
  families: Families;
  /** Amounts up to this late do not make a client overdue; in the card's currency. */
  tolerance: Decimal;
  graceDays: number;
  /** Users without an organization who have an address of the card become its members. */
  members: boolean;
  /** The domain of a party's mail, where an organization has it among its domain names, counts as evidence. */
  matchDomains: boolean;
  /** The key of the organization field in which the account itself keeps a client's billing e-mail. */
  billingEmailField?: string | undefined;
  /** Change poll cadence; 0 = off. */
  pollMinutes: number;
  maxAttempts: number;
  /** What becomes of a client whose organization somebody deleted in Zendesk: it waits for a person, or is made anew, once in 24 h. */
  deletedInZendesk: "park" | "recreate";
  /** `objects`: invoices and bills are kept as records of custom objects in Zendesk, where its plan has them. */
  records: "off" | "objects";
  /** For how many days after its last change in QuickBooks a settled document keeps its record. */
  recordDays: number;
  /** What agents may pick on a ticket: each is a ticket field of its own. */
  ticketFields: readonly TicketFieldPurpose[];
  /** Billing contacts of linked parties whom Zendesk does not know become end users, members of the card's organization. */
  contacts: boolean;
  /**
   * Changes that follow each other are read together after so many seconds, 0: each at once. For companies whose reads are metered: a
   * bookkeeper who posts a dozen documents costs two reads instead of a dozen.
   */
  gatherSeconds: number;
  /** A new ticket of a linked organization has its client read from QuickBooks at once, before an agent opens it. */
  ticketEvents: boolean;
  /** Of 100 changes, 99 are to be in Zendesk within so many seconds; else it is an incident. */
  freshnessSeconds: number;
}

/** What a person answered about one party. The latest answer of a party counts until it is undone. */
export type Answer =
  | { kind: "link"; organizationId: OrganizationId }
  | { kind: "join"; with: { kind: "customer" | "vendor"; id: string } }
  | { kind: "create" }
  | { kind: "ignore" };
