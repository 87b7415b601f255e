import { addDays, stampAt, stampOn } from "./company-calendar.ts";
import type { Customer, PostalAddress, Reference, Vendor } from "./company-file.ts";
import { stored } from "./company-reference.ts";
import { addressOf, type Currency, currencyReference, personOf, phoneOf } from "./company-words.ts";
import type { Random } from "./random.ts";

/** How much business a party of the sample does; decides which documents it gets. */
export type Habit =
  | "regular"
  | "occasional"
  | "cash"
  /** Entered lately, nothing sold yet. */
  | "new"
  /** Nothing for more than two years. */
  | "dormant"
  /** Made inactive with nothing open. */
  | "closed"
  /** Made inactive while it still owes. */
  | "closed-owing"
  /** A sub-customer without documents of its own. */
  | "quiet";

export interface PartyDraft {
  name: string;
  company?: string | undefined;
  person?: { given: string; family: string } | undefined;
  address?: string | undefined;
  currency: Currency;
  habit: Habit;
  termId?: string | undefined;
}

export interface SubDraft extends PartyDraft {
  parent: Customer;
  project: boolean;
}

export interface Roster {
  customers: Customer[];
  vendors: Vendor[];
  /** Keyed `customer:12`. */
  habits: Map<string, Habit>;
  addCustomer(draft: PartyDraft): Customer;
  addSub(draft: SubDraft): Customer;
  addVendor(draft: PartyDraft): Vendor;
}

/** Fills in what every party has. Ids count per kind: customer 7 and vendor 7 are two parties, as in QuickBooks. */
export function createRoster(random: Random, days: { today: string; openedOn: string }): Roster {
  const customers: Customer[] = [];
  const vendors: Vendor[] = [];
  const habits = new Map<string, Habit>();
  let addressId = 1;

  const createdAt = (habit: Habit, position: number): string => {
    if (habit === "new") return stampOn(addDays(days.today, -random.between(3, 80)), random);
    // The opening list was imported: ten records share a second, as after a spreadsheet import.
    if (random.chance(0.6))
      return stampAt(days.openedOn, { hour: 10, minute: 0, second: Math.floor(position / 10) % 60 });
    return stampOn(addDays(days.openedOn, random.between(1, 420)), random);
  };
  const contact = (draft: PartyDraft) => {
    const person = draft.person ?? (random.chance(0.85) ? personOf(random) : undefined);
    const phone = random.between(0, 9);
    const billAddress: PostalAddress | undefined = random.chance(0.92)
      ? { Id: String((addressId += 1)), ...addressOf(random, draft.currency) }
      : undefined;
    return {
      ...(person ? { GivenName: person.given, FamilyName: person.family } : {}),
      ...(draft.company === undefined ? {} : { CompanyName: draft.company }),
      ...(draft.address === undefined ? {} : { PrimaryEmailAddr: { Address: draft.address } }),
      ...(phone < 7 ? { PrimaryPhone: { FreeFormNumber: phoneOf(random) } } : {}),
      ...(phone === 7 || phone === 2 ? { Mobile: { FreeFormNumber: phoneOf(random) } } : {}),
      ...(phone === 8 ? { AlternatePhone: { FreeFormNumber: phoneOf(random) } } : {}),
      ...(billAddress ? { BillAddr: billAddress } : {}),
      CurrencyRef: currencyReference(draft.currency) satisfies Reference,
    };
  };
  const named = (draft: PartyDraft) => {
    const active = draft.habit !== "closed" && draft.habit !== "closed-owing";
    // QuickBooks itself appends this when somebody makes a party inactive.
    return { active, name: active ? draft.name : `${draft.name} (deleted)` };
  };
  const customerRecord = (draft: PartyDraft, created: string): Customer => {
    const { active, name } = named(draft);
    return {
      ...stored(customers.length + 1, created),
      ...contact(draft),
      DisplayName: name,
      FullyQualifiedName: name,
      PrintOnCheckName: (draft.company ?? draft.name).slice(0, 110),
      Active: active,
      Taxable: false,
      Job: false,
      BillWithParent: false,
      IsProject: false,
      PreferredDeliveryMethod: "Email",
      ...(draft.termId === undefined ? {} : { SalesTermRef: { value: draft.termId } }),
      Balance: 0,
      BalanceWithJobs: 0,
    };
  };
  const keep = (customer: Customer, habit: Habit): Customer => {
    customers.push(customer);
    habits.set(`customer:${customer.Id}`, habit);
    return customer;
  };

  return {
    customers,
    vendors,
    habits,
    addCustomer: (draft) => keep(customerRecord(draft, createdAt(draft.habit, customers.length)), draft.habit),
    addSub(draft) {
      const made = customerRecord(
        draft,
        draft.habit === "new" ? createdAt("new", 0) : draft.parent.MetaData.CreateTime,
      );
      const FullyQualifiedName = `${draft.parent.FullyQualifiedName}:${made.DisplayName}`;
      const level = (draft.parent.Level ?? 0) + 1;
      const below = { Job: true, ParentRef: { value: draft.parent.Id }, Level: level, IsProject: draft.project };
      return keep({ ...made, FullyQualifiedName, ...below }, draft.habit);
    },
    addVendor(draft) {
      const { active, name } = named(draft);
      const vendor: Vendor = {
        ...stored(vendors.length + 1, createdAt(draft.habit, vendors.length)),
        ...contact(draft),
        DisplayName: name,
        PrintOnCheckName: draft.company ?? draft.name,
        Active: active,
        ...(random.chance(0.4) ? { AcctNum: String(random.between(1e4, 99999)) } : {}),
        Vendor1099: random.chance(0.2),
        Balance: 0,
        ...(draft.termId === undefined ? {} : { TermRef: { value: draft.termId } }),
      };
      vendors.push(vendor);
      habits.set(`vendor:${vendor.Id}`, draft.habit);
      return vendor;
    },
  };
}
