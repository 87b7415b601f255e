import type { Decimal } from "decimal.js";
import type { PartyKey } from "./keys.ts";

/** A customer or vendor as the replica keeps it. Amounts are in the party's own currency. */
export interface Party extends PartyKey {
  displayName: string;
  companyName: string | undefined;
  givenName: string | undefined;
  familyName: string | undefined;
  /** `Parent:Child`; the display name where QuickBooks sends none (vendors). */
  fullyQualifiedName: string;
  active: boolean;
  parentId: string | undefined;
  /** The customer whose card it belongs to, the top of its family where that rolls up; a vendor's own id. */
  topId: string;
  isProject: boolean;
  /** ISO 4217. */
  currency: string;
  balance: Decimal;
  /** Every valid address of PrimaryEmailAddr, lower case, in the order given: the field may hold several. */
  addresses: string[];
  phone: string | undefined;
  /** The billing address as lines joined by line feeds. */
  billingAddress: string | undefined;
  termsId: string | undefined;
  /** Instants, RFC 3339 with offset as QuickBooks sends them. */
  createdAt: string;
  updatedAt: string;
}

/** The reference entity Term, as due dates and the terms field need it. */
export interface Term {
  id: string;
  name: string;
  /** Days after the transaction date, STANDARD terms. */
  dueDays: number | undefined;
  /** DATE_DRIVEN terms: the day of the month, and from how many days before it the next month's is meant. */
  dayOfMonthDue: number | undefined;
  dueNextMonthDays: number | undefined;
}
