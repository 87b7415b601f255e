/** What agents may pick on a ticket: the vendor's organization, an item, or an account (a category of expense or income). */
export const ticketFieldPurposes = ["vendor", "item", "category"] as const;
export type TicketFieldPurpose = (typeof ticketFieldPurposes)[number];

/** A ticket field as we want it. */
export interface TicketFieldDefinition {
  purpose: TicketFieldPurpose;
  title: string;
  /** Ticket fields have no key: ours are found again by these words. */
  description: string;
  /** Tags of which an organization must have one to be offered. Vendors only. */
  tags: readonly string[];
  /** Everything but vendors: in the order in which they are offered. */
  options: readonly TicketFieldOption[];
}

export interface TicketFieldOption {
  name: string;
  /** Doubles as a tag of the ticket. */
  value: string;
}
