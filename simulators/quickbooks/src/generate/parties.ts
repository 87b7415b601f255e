import { common, pacificTime } from "../company/index.ts";
import type { JsonRecord } from "../json.ts";
import type { Dice } from "./dice.ts";
import { companyName, domainOf, personOf, placeOf } from "./names.ts";
import type { WantedCompany } from "./wanted.ts";

/** What is decided of all customers before the first record is made; numbers in plain arrays, since there may be millions. */
export interface CustomerPlan {
  readonly count: number;
  /** Place of the parent, -1 at the top. */
  readonly parents: Int32Array;
  readonly levels: Uint8Array;
  readonly isForeign: Uint8Array;
  /** The customer whose twin in another currency this is, -1 for none. */
  readonly twins: Int32Array;
  readonly isInactive: Uint8Array;
  readonly cents: Float64Array;
  readonly familyCents: Float64Array;
}

// What issue trackers and the sample company of the vendor show of real files: see README, generator.
const subCustomers = 0.15;
const currencyTwins = 0.02;
const inactive = 0.05;
const sharedEmails = 0.03;
const withoutEmail = 0.08;
const severalEmails = 0.04;
const deepestLevel = 4;

export function planCustomers({ customers: count }: WantedCompany, dice: Dice): CustomerPlan {
  const plan: CustomerPlan = {
    count,
    parents: new Int32Array(count).fill(-1),
    levels: new Uint8Array(count),
    isForeign: new Uint8Array(count),
    twins: new Int32Array(count).fill(-1),
    isInactive: new Uint8Array(count),
    cents: new Float64Array(count),
    familyCents: new Float64Array(count),
  };
  for (let place = 1; place < count; place += 1) {
    const other = Math.max(0, place - 1 - dice.below(50));
    const isTop = (plan.parents[other] ?? -1) === -1 && plan.isForeign[other] === 0;
    if (dice.chance(subCustomers) && (plan.levels[other] ?? 0) < deepestLevel && plan.isForeign[other] === 0) {
      plan.parents[place] = other;
      plan.levels[place] = (plan.levels[other] ?? 0) + 1;
    } else if (dice.chance(currencyTwins) && isTop && plan.twins[other] === -1) {
      plan.twins[place] = other;
      plan.isForeign[place] = 1;
    } else if (dice.chance(inactive)) plan.isInactive[place] = 1;
  }
  return plan;
}

/** Adds to a customer's balance and to those of its family above. */
export function oweBy(plan: CustomerPlan, place: number, cents: number): void {
  plan.cents[place] = (plan.cents[place] ?? 0) + cents;
  for (let above = place; above !== -1; above = plan.parents[above] ?? -1) {
    plan.familyCents[above] = (plan.familyCents[above] ?? 0) + cents;
  }
}

const dollar = { value: "USD", name: "United States Dollar" };
const euro = { value: "EUR", name: "Euro" };

export function currencyOf(plan: CustomerPlan, place: number): JsonRecord {
  return plan.isForeign[place] === 1 ? euro : dollar;
}

export function customerName(plan: CustomerPlan, place: number): string {
  const twin = plan.twins[place] ?? -1;
  const name = twin === -1 ? companyName(place) : `${companyName(twin)} EUR`;
  return (plan.parents[place] ?? -1) === -1 ? name : `${placeOf(place)} site ${place}`;
}

function fullName(plan: CustomerPlan, place: number): string {
  const parent = plan.parents[place] ?? -1;
  const own = customerName(plan, place);
  return parent === -1 ? own : `${fullName(plan, parent)}:${own}`;
}

function top(plan: CustomerPlan, place: number): number {
  let above = place;
  while ((plan.parents[above] ?? -1) !== -1) above = plan.parents[above] ?? above;
  return above;
}

export function customerRecord(
  plan: CustomerPlan,
  place: number,
  times: { createdMs: number; changedMs: number },
  dice: Dice,
): JsonRecord {
  const parent = plan.parents[place] ?? -1;
  const suffix = plan.isInactive[place] === 1 ? " (deleted)" : "";
  const name = customerName(plan, place);
  const twin = plan.twins[place] ?? -1;
  const house = companyName(twin === -1 ? top(plan, place) : twin);
  const emails = emailsOf(house, place, dice);
  return {
    Taxable: false,
    ...addressOf(place),
    Job: parent !== -1,
    BillWithParent: false,
    ...(parent === -1 ? {} : { ParentRef: { value: String(parent + 1) }, Level: plan.levels[place] ?? 1 }),
    Balance: (plan.cents[place] ?? 0) / 100,
    BalanceWithJobs: (plan.familyCents[place] ?? 0) / 100,
    CurrencyRef: currencyOf(plan, place),
    PreferredDeliveryMethod: "Email",
    IsProject: false,
    ...common(String(place + 1), times.createdMs),
    MetaData: { CreateTime: pacificTime(times.createdMs), LastUpdatedTime: pacificTime(times.changedMs) },
    ...personOf(place),
    FullyQualifiedName: `${fullName(plan, place)}${suffix}`,
    CompanyName: house,
    DisplayName: `${name}${suffix}`,
    PrintOnCheckName: house,
    Active: suffix === "",
    PrimaryPhone: { FreeFormNumber: `(555) ${String(1_000_000 + place).slice(-7)}` },
    ...(emails === undefined ? {} : { PrimaryEmailAddr: { Address: emails } }),
  };
}

function emailsOf(house: string, place: number, dice: Dice): string | undefined {
  if (dice.chance(withoutEmail)) return undefined;
  if (dice.chance(sharedEmails)) return `bookkeeping${dice.below(20)}@shared-office.example`;
  const own = `billing@${domainOf(house)}`;
  return dice.chance(severalEmails) ? `${own}, ${personOf(place).GivenName.toLowerCase()}@${domainOf(house)}` : own;
}

function addressOf(place: number): JsonRecord {
  const BillAddr = {
    Id: String(place + 10),
    Line1: `${(place % 900) + 1} Main St`,
    City: placeOf(place),
    CountrySubDivisionCode: "CA",
    PostalCode: String(90_000 + (place % 9000)),
  };
  return { BillAddr };
}

export function vendorRecord(
  place: number,
  id: number,
  cents: number,
  times: { createdMs: number; changedMs: number },
  dice: Dice,
): JsonRecord {
  // Some suppliers are customers too, under a name of their own: the vendor refuses equal ones.
  const name = dice.chance(0.05) ? `${companyName(place)} (supplier)` : `${companyName(place + 3_000_017)} Supply`;
  return {
    Balance: cents / 100,
    Vendor1099: false,
    CurrencyRef: dollar,
    ...addressOf(place),
    ...common(String(id), times.createdMs),
    MetaData: { CreateTime: pacificTime(times.createdMs), LastUpdatedTime: pacificTime(times.changedMs) },
    CompanyName: name,
    DisplayName: name,
    PrintOnCheckName: name,
    Active: true,
    ...(dice.chance(0.3) ? { PrimaryEmailAddr: { Address: `accounts@${domainOf(name)}` } } : {}),
  };
}
