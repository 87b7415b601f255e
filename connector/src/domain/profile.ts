import type { Decimal } from "decimal.js";
import type { LocalDate } from "./ids.ts";

export const customerStatuses = ["overdue", "open", "credit", "paid", "none"] as const;
/** Worst first: the worst of a card's customers wins. */
export type CustomerStatus = (typeof customerStatuses)[number];
export const vendorStatuses = ["we_are_late", "we_owe", "settled", "none"] as const;
export type VendorStatus = (typeof vendorStatuses)[number];
export const ageBuckets = ["current", "1-30", "31-60", "61-90", "91+"] as const;
export type AgeBucket = (typeof ageBuckets)[number];

/** A card whose parties trade in several currencies shows home-currency totals under this word. */
export const mixedCurrency = "MIXED";

/** One side of a card (what customers owe us, or what we owe vendors), in the profile's currency. */
export interface Totals {
  documents: number;
  openCount: number;
  open: Decimal;
  overdueCount: number;
  overdue: Decimal;
  overdueSince: LocalDate | undefined;
  unappliedCredit: Decimal;
  /** Open less unapplied credit. */
  balance: Decimal;
  /** Open amounts by age. */
  aging: Record<AgeBucket, Decimal>;
  /** QuickBooks' own Balance of the same parties, for comparison; undefined on a mixed card: it gives no rate for it. */
  reportedBalance: Decimal | undefined;
}

export interface LastPayment {
  date: LocalDate;
  amount: Decimal;
  number: string | undefined;
}

export interface Contact {
  name: string | undefined;
  addresses: string[];
  phone: string | undefined;
  billingAddress: string | undefined;
}

/** What support needs to know of a card. */
export interface Profile {
  /** ISO 4217, or `MIXED`. */
  currency: string;
  /** ISO 4217: what the amounts are in, the home currency on a mixed card. */
  amountsIn: string;
  active: boolean;
  customer: (Totals & { status: CustomerStatus }) | undefined;
  vendor: (Totals & { status: VendorStatus }) | undefined;
  /** Of the customer side; undefined on a card of vendors only. */
  ageBucket: AgeBucket | undefined;
  contact: Contact;
  terms: string | undefined;
  lastInvoice: LastPayment | undefined;
  lastPayment: LastPayment | undefined;
  /** The day, in the company's zone, of the latest change in QuickBooks to a party or document of the card. */
  changedOn: LocalDate;
  /** The next day on which time alone changes a field of this profile (status, overdue figures, age bucket). */
  nextFlipOn: LocalDate | undefined;
}
