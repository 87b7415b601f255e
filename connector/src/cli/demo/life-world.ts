import type { Bill, CompanyFile, Customer, Invoice, Payment, Vendor } from "./company-file.ts";
import type { Random } from "./random.ts";

/** A party that has a card of its own in Zendesk. */
export interface CardTarget {
  /** `customer:12`. */
  party: string;
  organizationId: number;
  origin: "created" | "adopted";
}

/** One change as a person makes it in QuickBooks: the body of the simulator's mutate call. */
export interface Mutation {
  entity: string;
  operation: "create" | "update" | "delete" | "void" | "inactivate" | "rename";
  id?: string;
  record?: Record<string, unknown>;
}

/** A mutation, or one that needs what earlier ones of the same change made. */
export type Step = Mutation | ((made: readonly { Id: string }[]) => Mutation);

export interface Proposal {
  /** For a person: one line, without addresses of mail. */
  says: string;
  /** Whose card changes; undefined: the party that the first step makes. */
  party: string | undefined;
  steps: readonly Step[];
}

/** What the kinds of change choose from: cards not yet used, and the newest records of the company. */
export interface World {
  company: CompanyFile;
  random: Random;
  /** A day in the company's zone. */
  today: string;
  /** Grows by one with every change: makes names unique. */
  turn: number;
  customers: readonly CustomerCard[];
  vendors: readonly VendorCard[];
}

export interface CustomerCard extends CardTarget {
  top: Customer;
  /** The top and its members of the same currency: whose documents count in the card's figures. */
  family: readonly Customer[];
  hasMembers: boolean;
  invoices: readonly Invoice[];
  payments: readonly Payment[];
}

export interface VendorCard extends CardTarget {
  vendor: Vendor;
  bills: readonly Bill[];
}

/** Cards of exactly one party: on a card of several, a change to one of them need not show. */
export function customerCards(company: CompanyFile, cards: readonly CardTarget[]): CustomerCard[] {
  const byId = new Map(company.Customer.map((one) => [one.Id, one]));
  const topOf = (customer: Customer): Customer => {
    let top = customer;
    for (let above = byId.get(top.ParentRef?.value ?? ""); above; above = byId.get(above.ParentRef?.value ?? ""))
      top = above;
    return top;
  };
  const members = groupBy(company.Customer, (one) => topOf(one).Id);
  const invoices = groupBy(company.Invoice, (one) => one.CustomerRef.value);
  const payments = groupBy(company.Payment, (one) => one.CustomerRef.value);
  return single(cards, "customer").flatMap((card) => {
    const top = byId.get(card.party.slice("customer:".length));
    if (top === undefined) return [];
    const all = members.get(top.Id) ?? [top];
    const family = all.filter((one) => one.CurrencyRef.value === top.CurrencyRef.value);
    return {
      party: card.party,
      organizationId: card.organizationId,
      origin: card.origin,
      top,
      family,
      hasMembers: all.length > 1,
      invoices: family.flatMap((one) => invoices.get(one.Id) ?? []),
      payments: family.flatMap((one) => payments.get(one.Id) ?? []),
    };
  });
}

export function vendorCards(company: CompanyFile, cards: readonly CardTarget[]): VendorCard[] {
  const byId = new Map(company.Vendor.map((one) => [one.Id, one]));
  const bills = groupBy(company.Bill, (one) => one.VendorRef.value);
  return single(cards, "vendor").flatMap((card) => {
    const vendor = byId.get(card.party.slice("vendor:".length));
    if (vendor === undefined) return [];
    const { party, organizationId, origin } = card;
    return { party, organizationId, origin, vendor, bills: bills.get(vendor.Id) ?? [] };
  });
}

function single(cards: readonly CardTarget[], kind: "customer" | "vendor"): CardTarget[] {
  const parties = groupBy(cards, (card) => String(card.organizationId));
  return cards.filter((card) => card.party.startsWith(kind) && parties.get(String(card.organizationId))?.length === 1);
}

function groupBy<Item>(items: readonly Item[] | undefined, keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items ?? []) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
