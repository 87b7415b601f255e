import { Decimal } from "decimal.js";
import type { Input, PartyKind } from "./input.ts";
import { amountAt, isJson, type Json, listAt, textAt, within } from "./json.ts";
import { addressesIn } from "./text.ts";

// The company as the rules speak of it: parties, families, documents, terms.

export interface Party {
  key: string;
  kind: PartyKind;
  id: string;
  record: Json;
  name: string;
  active: boolean;
  currency: string;
  balance: Decimal;
  addresses: string[];
  parentId: string | undefined;
  isProject: boolean;
  documents: Doc[];
}

export interface Doc {
  entity: string;
  id: string;
  number: string | undefined;
  /** Where the record names one. */
  currency: string | undefined;
  date: string;
  /** Own date, else by terms; undefined: never overdue. */
  due: string | undefined;
  total: Decimal;
  balance: Decimal;
  unapplied: Decimal;
  /** Home currency per unit of the document's currency. */
  rate: Decimal;
  homeBalance: Decimal | undefined;
  voided: boolean;
  updatedAt: string;
  mail: string[];
}

/** One card's worth of parties: a top customer with what rolls up into it, or a vendor. */
export interface Unit {
  top: Party;
  /** The top first, then every descendant. */
  members: Party[];
}

export interface Books {
  parties: ReadonlyMap<string, Party>;
  units: ReadonlyMap<string, Unit>;
  /** The unit that each party belongs to, by the top's key. */
  topOf: ReadonlyMap<string, string>;
  /** The top of each party's family in QuickBooks, whatever the setting makes of it. */
  rootOf: ReadonlyMap<string, string>;
  termNames: ReadonlyMap<string, string>;
}

const customerDocuments = ["Invoice", "CreditMemo", "Payment", "SalesReceipt", "RefundReceipt"] as const;
const vendorDocuments = ["Bill", "VendorCredit", "BillPayment", "Purchase"] as const;
const zero = new Decimal(0);

export function openBooks({ company, settings }: Input): Books {
  const terms = new Map(listAt(company, "Term").map((term) => [textAt(term, "Id") ?? "", term]));
  const home = homeCurrency(company);
  const parties = new Map<string, Party>();
  for (const record of listAt(company, "Customer")) keep(parties, partyOf("customer", record, home));
  for (const record of listAt(company, "Vendor")) keep(parties, partyOf("vendor", record, home));
  for (const entity of [...customerDocuments, ...vendorDocuments]) {
    for (const record of listAt(company, entity)) {
      const owner = parties.get(ownerOf(entity, record) ?? "");
      owner?.documents.push(docOf(entity, record, { owner, terms }));
    }
  }
  const topOf = new Map([...parties.values()].map((party) => [party.key, topKeyOf(party, parties, settings.families)]));
  const rootOf = new Map([...parties.values()].map((party) => [party.key, topKeyOf(party, parties, "roll-up")]));
  const units = new Map<string, Unit>();
  for (const [key, topKey] of topOf) {
    const top = parties.get(topKey);
    const party = parties.get(key);
    if (!top || !party) continue;
    const unit = units.get(topKey) ?? { top, members: [top] };
    if (party !== top) unit.members.push(party);
    units.set(topKey, unit);
  }
  const termNames = new Map([...terms].map(([id, term]) => [id, textAt(term, "Name") ?? ""]));
  return { parties, units, topOf, rootOf, termNames };
}

/** Projects that are left out neither have an organization nor count anywhere, unless a person answered otherwise. */
export function isLeftOut(party: Party | undefined, { settings }: Input): boolean {
  return settings.families === "without-projects" && party?.isProject === true;
}

function keep(parties: Map<string, Party>, party: Party): void {
  parties.set(party.key, party);
}

/** A company dumps its Preferences as a list of one, or as the record itself. */
function homeCurrency(company: Json): string {
  const preferences = listAt(company, "Preferences")[0] ?? company["Preferences"];
  const currency = isJson(preferences) ? preferences["CurrencyPrefs"] : undefined;
  return (isJson(currency) ? within(currency, "HomeCurrency", "value") : undefined) ?? "USD";
}

/** Where a record names no currency, as in companies that keep one only, the home currency is meant. */
function partyOf(kind: PartyKind, record: Json, home: string): Party {
  const id = textAt(record, "Id") ?? "";
  return {
    key: `${kind}:${id}`,
    kind,
    id,
    record,
    name: textAt(record, "DisplayName") ?? "",
    active: record["Active"] !== false,
    currency: within(record, "CurrencyRef", "value") ?? home,
    balance: amountAt(record, "Balance") ?? zero,
    addresses: addressesIn(within(record, "PrimaryEmailAddr", "Address")),
    parentId: kind === "customer" ? within(record, "ParentRef", "value") : undefined,
    isProject: record["IsProject"] === true,
    documents: [],
  };
}

function ownerOf(entity: string, record: Json): string | undefined {
  if (entity === "Purchase") {
    const reference = record["EntityRef"];
    const isVendor = typeof reference === "object" && (within(record, "EntityRef", "type") ?? "Vendor") === "Vendor";
    return isVendor ? `vendor:${within(record, "EntityRef", "value")}` : undefined;
  }
  const customer = within(record, "CustomerRef", "value");
  if ((customerDocuments as readonly string[]).includes(entity)) return customer && `customer:${customer}`;
  return `vendor:${within(record, "VendorRef", "value")}`;
}

/** Families roll up unless every customer stands alone; where projects are left out they are units of their own. */
function topKeyOf(
  party: Party,
  parties: ReadonlyMap<string, Party>,
  families: string,
  below = new Set<string>(),
): string {
  const endsHere = families === "separate" || (families === "without-projects" && party.isProject);
  const parent = endsHere ? undefined : parties.get(`customer:${party.parentId}`);
  // A file may hold a loop, which ends here.
  if (!parent || below.has(parent.key)) return party.key;
  return topKeyOf(parent, parties, families, new Set([...below, party.key]));
}

function docOf(entity: string, record: Json, of: { owner: Party; terms: ReadonlyMap<string, Json> }): Doc {
  const total = amountAt(record, "TotalAmt") ?? zero;
  const balance = amountAt(record, "Balance") ?? zero;
  const note = textAt(record, "PrivateNote") ?? "";
  const date = textAt(record, "TxnDate") ?? "";
  return {
    entity,
    id: textAt(record, "Id") ?? "",
    number: textAt(record, "DocNumber"),
    currency: within(record, "CurrencyRef", "value"),
    date,
    due: textAt(record, "DueDate") ?? dueByTerms(record, date, of),
    total,
    balance,
    unapplied: unappliedOf(entity, record, balance),
    rate: amountAt(record, "ExchangeRate") ?? new Decimal(1),
    homeBalance: amountAt(record, "HomeBalance"),
    voided: total.isZero() && balance.isZero() && note.startsWith("Voided"),
    updatedAt: within(record, "MetaData", "LastUpdatedTime") ?? "",
    mail: [
      ...addressesIn(within(record, "BillEmail", "Address")),
      ...addressesIn(within(record, "BillEmailCc", "Address")),
    ],
  };
}

function unappliedOf(entity: string, record: Json, balance: Decimal): Decimal {
  if (entity === "CreditMemo") return amountAt(record, "RemainingCredit") ?? balance;
  if (entity === "Payment") return amountAt(record, "UnappliedAmt") ?? zero;
  return entity === "VendorCredit" ? balance : zero;
}

function dueByTerms(
  record: Json,
  date: string,
  of: { owner: Party; terms: ReadonlyMap<string, Json> },
): string | undefined {
  const own = of.terms.get(within(record, "SalesTermRef", "value") ?? "");
  const partyTerm = within(of.owner.record, of.owner.kind === "customer" ? "SalesTermRef" : "TermRef", "value");
  const term = own ?? of.terms.get(partyTerm ?? "");
  return term === undefined || date === "" ? undefined : dueDate(date, term);
}

/** STANDARD terms add days; DATE_DRIVEN ones fall on a day of this month, or of the next when that is too soon. */
function dueDate(date: string, term: Json): string | undefined {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  const dayOfMonth = Number(textAt(term, "DayOfMonthDue") ?? Number.NaN);
  if (textAt(term, "Type") !== "DATE_DRIVEN" && Number.isNaN(dayOfMonth)) {
    const days = Number(textAt(term, "DueDays") ?? Number.NaN);
    return Number.isNaN(days) ? undefined : dayOf(Date.UTC(year, month - 1, day + days));
  }
  if (Number.isNaN(dayOfMonth)) return undefined;
  const inMonth = (ahead: number) => {
    const lastDay = new Date(Date.UTC(year, month + ahead, 0)).getUTCDate();
    return Date.UTC(year, month - 1 + ahead, Math.min(dayOfMonth, lastDay));
  };
  const daysAhead = (inMonth(0) - Date.UTC(year, month - 1, day)) / 86_400_000;
  const tooSoon = daysAhead < Number(textAt(term, "DueNextMonthDays") ?? 0);
  return dayOf(inMonth(tooSoon ? 1 : 0));
}

/** Dates without a zone: the calendar itself, by way of UTC. */
export function dayOf(utcMs: number): string {
  return new Date(utcMs).toISOString().slice(0, 10);
}
