import type { Decimal } from "decimal.js";
import {
  type Document,
  type LocalDate,
  mixedCurrency,
  type Party,
  type PartyKind,
  type Profile,
  partyKeyText,
  type Term,
} from "../../domain/index.ts";
import { dateOfDayNumber, dayNumber, laterInstant, localDay } from "../calendar.ts";
import { ageBucket } from "./age-bucket.ts";
import { type CardParty, type CardUnits, cardUnits, type Unit } from "./card-units.ts";
import { contactOf } from "./contact.ts";
import { dueDate } from "./due-date.ts";
import { asLastPayment, keepNewest, newer } from "./latest-documents.ts";
import { add, isPositive } from "./money.ts";
import { nextFlip } from "./next-flip.ts";
import {
  emptySide,
  openAmount,
  type SideTally,
  sideTotals,
  tallySide,
  tallyStanding,
  type Valuation,
} from "./side-tally.ts";
import { customerStatus, vendorStatus, worstCustomerStatus, worstVendorStatus } from "./status.ts";

/** "Invoices go to": the addresses of this many newest invoices. */
const contactInvoices = 3;

export interface CardToProfile {
  /** All parties of the card, in any order. */
  parties: readonly CardParty[];
  /** The documents of all of them, voided ones included, in any order. */
  documents: readonly Document[];
  terms: ReadonlyMap<string, Term>;
  policy: { tolerance: Decimal; graceDays: number };
  /** ISO 4217. */
  homeCurrency: string;
  /** The company's time zone, IANA. */
  zone: string;
  today: LocalDate;
}

/** What the one pass over the documents gathers. */
interface Gathered {
  sides: Record<PartyKind, SideTally>;
  lastInvoice: Document | undefined;
  lastPayment: Document | undefined;
  newestInvoices: Document[];
  /** RFC 3339. */
  changedAt: string;
  flipDay: number;
}

/**
 * What support needs to know of a card, from the replica alone. The order of parties and documents does not matter.
 *
 * Amounts need no look at a document's currency: QuickBooks fixes the currency of a party for good and keeps all its transactions in it.
 */
export function profileCard(input: CardToProfile): Profile {
  const units = cardUnits(input.parties);
  const mixed = units.currency === mixedCurrency;
  const valuation: Valuation = mixed ? "home currency" : "own currency";
  const gathered = gather(input, units, valuation);
  const customers = units.units.filter(({ kind }) => kind === "customer");
  const vendors = units.units.filter(({ kind }) => kind === "vendor");
  const customerTotals = sideTotals(gathered.sides.customer, valuation);
  const vendorTotals = sideTotals(gathered.sides.vendor, valuation);
  const hasCustomers = customers.length > 0;
  return {
    currency: units.currency,
    amountsIn: mixed ? input.homeCurrency : units.currency,
    active: units.linked.some(({ active }) => active),
    customer: hasCustomers
      ? {
          ...customerTotals,
          status: worstCustomerStatus(customers.map(({ standing }) => customerStatus(standing, input.policy))),
        }
      : undefined,
    vendor:
      vendors.length > 0
        ? {
            ...vendorTotals,
            status: worstVendorStatus(vendors.map(({ standing }) => vendorStatus(standing, input.policy))),
          }
        : undefined,
    ageBucket:
      hasCustomers && customerTotals.openCount > 0
        ? ageBucket(daysSince(gathered.sides.customer.overdueSinceDay, input.today))
        : undefined,
    contact: contactOf(units.linked[0], gathered.newestInvoices),
    terms: units.linked[0].termsId === undefined ? undefined : input.terms.get(units.linked[0].termsId)?.name,
    lastInvoice: asLastPayment(gathered.lastInvoice, valuation),
    lastPayment: asLastPayment(gathered.lastPayment, valuation),
    changedOn: localDay(gathered.changedAt, input.zone),
    nextFlipOn: Number.isFinite(gathered.flipDay) ? dateOfDayNumber(gathered.flipDay) : undefined,
  };
}

function gather(input: CardToProfile, units: CardUnits, valuation: Valuation): Gathered {
  const gathered: Gathered = {
    sides: { customer: emptySide(valuation), vendor: emptySide(valuation) },
    lastInvoice: undefined,
    lastPayment: undefined,
    newestInvoices: [],
    changedAt: units.linked[0].updatedAt,
    flipDay: Number.POSITIVE_INFINITY,
  };
  const partyOf = new Map<string, Party>();
  for (const { party } of input.parties) {
    partyOf.set(partyKeyText(party), party);
    gathered.changedAt = laterInstant(gathered.changedAt, party.updatedAt);
    const side = gathered.sides[party.kind];
    if (units.unitOf.get(partyKeyText(party))?.inSums && side.reportedBalance)
      side.reportedBalance = add(side.reportedBalance, party.balance);
  }
  const todayNumber = dayNumber(input.today);
  for (const document of input.documents) {
    const key = partyKeyText(document.party);
    const party = partyOf.get(key);
    const unit = units.unitOf.get(key);
    if (!party || !unit) continue;
    gathered.changedAt = laterInstant(gathered.changedAt, document.updatedAt);
    if (document.voided) continue;
    const due = openAmount(document) && dueDate(document, party, input.terms);
    gatherDocument(gathered, {
      document,
      unit,
      daysPastDue: due === undefined ? undefined : todayNumber - dayNumber(due),
      todayNumber,
      graceDays: input.policy.graceDays,
      valuation,
    });
  }
  return gathered;
}

interface JudgedDocument {
  document: Document;
  unit: Unit;
  /** Only of what is open and has a due date. */
  daysPastDue: number | undefined;
  todayNumber: number;
  graceDays: number;
  valuation: Valuation;
}

function gatherDocument(gathered: Gathered, judged: JudgedDocument): void {
  const { document, unit, daysPastDue, todayNumber, graceDays, valuation } = judged;
  tallyStanding(unit.standing, document, { daysPastDue, graceDays });
  if (daysPastDue !== undefined) {
    const flip = nextFlip(todayNumber, daysPastDue, { graceDays, inSums: unit.inSums });
    if (flip !== undefined && flip < gathered.flipDay) gathered.flipDay = flip;
  }
  if (document.entity === "Invoice") keepNewest(gathered.newestInvoices, document, contactInvoices);
  if (!unit.inSums) return;
  tallySide(gathered.sides[unit.kind], document, { daysPastDue, todayNumber, valuation });
  const isSale = document.entity === "SalesReceipt";
  if (isSale || document.entity === "Invoice") gathered.lastInvoice = newer(gathered.lastInvoice, document);
  if ((isSale || document.entity === "Payment") && isPositive(document.total))
    gathered.lastPayment = newer(gathered.lastPayment, document);
}

function daysSince(day: number | undefined, today: LocalDate): number {
  return day === undefined ? 0 : dayNumber(today) - day;
}
