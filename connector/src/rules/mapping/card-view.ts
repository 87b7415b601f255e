import {
  type Document,
  type JsonObject,
  type LastPayment,
  type LocalDate,
  organizationKey,
  type Party,
  type PartyKind,
  type Profile,
  partyKeyText,
  type Realm,
  type Term,
  type Totals,
} from "../../domain/index.ts";
import { addDays } from "../calendar.ts";
import { joinWhole } from "../plain-text.ts";
import { compareByRank, dueDate } from "../profile/index.ts";
import { textLength } from "./canonical.ts";

/** Everything that a mapping may look at. The same for a decision, a plan and a preview. */
export interface CardToMap {
  card: {
    /** The linked parties of the card, at least one, in any order. */
    parties: readonly Party[];
    /** Those that roll up into them. */
    others: readonly Party[];
    documents: readonly Document[];
    /** QuickBooks' own records of the linked parties by party key; needed where `mapping.needs.records`. */
    records: ReadonlyMap<string, JsonObject>;
  };
  profile: Profile;
  terms: ReadonlyMap<string, Term>;
  /** `appUrl`: where people open QuickBooks, `https://qbo.intuit.com` in production. */
  company: { realm: Realm; appUrl: string; homeCurrency: string };
  today: LocalDate;
}

/** What only some mappings look at, and what costs time to lay out. */
export interface Needs {
  documents: boolean;
  records: boolean;
}

/** A client of ten thousand invoices shows its first ones: an organization is no ledger. */
const mostDocuments = 50;

/** A card in the words of the vocabulary. Absent is null; amounts are decimals. */
interface CardView {
  words: object;
  /** The next day on which one of the shown documents becomes overdue. */
  nextFlipOn: LocalDate | undefined;
}

export function cardView(input: CardToMap, needs: Needs): CardView {
  const { card, profile, company, today } = input;
  const parties = [...card.parties].sort(compareByRank);
  const [first] = parties;
  if (!first) throw new Error("a card has at least one linked party");
  const firstOf = (kind: PartyKind) => parties.find((party) => party.kind === kind);
  const customer = sideView(firstOf("customer"), profile.customer, card.records);
  const documents = needs.documents ? shownDocuments(input) : [];
  const words = {
    card: {
      name: first.displayName,
      key: joinWhole(
        parties.map((party) => organizationKey(company.realm, party)),
        " ",
        textLength,
      ),
      link: `${company.appUrl.replace(/\/+$/, "")}/app/${first.kind}detail?nameId=${first.id}`,
      relation: parties.every(({ kind }) => kind === first.kind) ? first.kind : "both",
      parties: parties.map((party) => ({ kind: party.kind, ...partyView(party) })),
      documents: documents.map(documentView),
    },
    customer: customer && {
      ...customer,
      ageBucket: orNull(profile.ageBucket),
      lastInvoice: latestView(profile.lastInvoice),
      lastPayment: latestView(profile.lastPayment),
    },
    vendor: sideView(firstOf("vendor"), profile.vendor, card.records),
    profile: {
      currency: profile.currency,
      amountsIn: profile.amountsIn,
      active: profile.active,
      terms: orNull(profile.terms),
      changedOn: profile.changedOn,
      contact: {
        name: orNull(profile.contact.name),
        addresses: profile.contact.addresses,
        phone: orNull(profile.contact.phone),
        billingAddress: orNull(profile.contact.billingAddress),
      },
    },
    company: { realm: company.realm, homeCurrency: company.homeCurrency },
    today,
  };
  const dueDays = documents.flatMap(({ open, overdue, due }) => (open && !overdue && due !== undefined ? [due] : []));
  const [soonest] = dueDays.sort();
  return { words, nextFlipOn: soonest && addDays(soonest, 1) };
}

function partyView(party: Party) {
  return {
    id: party.id,
    displayName: party.displayName,
    companyName: orNull(party.companyName),
    givenName: orNull(party.givenName),
    familyName: orNull(party.familyName),
    fullyQualifiedName: party.fullyQualifiedName,
    active: party.active,
    currency: party.currency,
    addresses: party.addresses,
    phone: orNull(party.phone),
    billingAddress: orNull(party.billingAddress),
  };
}

function sideView(
  party: Party | undefined,
  totals: (Totals & { status: string }) | undefined,
  records: ReadonlyMap<string, JsonObject>,
) {
  if (!party || !totals) return null;
  const { aging } = totals;
  return {
    ...partyView(party),
    record: orNull(records.get(partyKeyText(party))),
    documents: totals.documents,
    openCount: totals.openCount,
    open: totals.open,
    overdueCount: totals.overdueCount,
    overdue: totals.overdue,
    overdueSince: orNull(totals.overdueSince),
    unappliedCredit: totals.unappliedCredit,
    balance: totals.balance,
    reportedBalance: orNull(totals.reportedBalance),
    aging: {
      current: aging.current,
      days1to30: aging["1-30"],
      days31to60: aging["31-60"],
      days61to90: aging["61-90"],
      days91plus: aging["91+"],
    },
    status: totals.status,
  };
}

function latestView(latest: LastPayment | undefined) {
  return latest ? { date: latest.date, amount: latest.amount, number: orNull(latest.number) } : null;
}

function shownDocuments({ card, terms, today }: CardToMap): Shown[] {
  const partyOf = new Map([...card.parties, ...card.others].map((party) => [partyKeyText(party), party]));
  const shown = card.documents
    .filter(({ voided, total, balance }) => !voided && !(total.isZero() && balance.isZero()))
    .map((document) => {
      const party = partyOf.get(partyKeyText(document.party));
      const open = (document.entity === "Invoice" || document.entity === "Bill") && document.balance.greaterThan(0);
      const due = open && party ? dueDate(document, party, terms) : document.dueDate;
      // QuickBooks fixes the currency of a party for good and keeps all its transactions in it; not every record names it.
      const currency = party?.currency ?? document.currency;
      return { document, currency, open, due, overdue: open && due !== undefined && due < today };
    });
  return shown.sort(compareShown).slice(0, mostDocuments);
}

function documentView({ document, currency, open, due, overdue }: Shown) {
  return {
    type: document.entity,
    number: orNull(document.number),
    date: document.date,
    dueDate: orNull(due),
    total: document.total,
    balance: document.balance,
    currency,
    open,
    overdue,
  };
}

interface Shown {
  document: Document;
  currency: string;
  open: boolean;
  due: LocalDate | undefined;
  overdue: boolean;
}

/** Open ones first, oldest due first, without due date last; then settled ones, newest first. Never by arrival. */
function compareShown(a: Shown, b: Shown): number {
  if (a.open !== b.open) return a.open ? -1 : 1;
  const byDay = a.open
    ? compareTexts(a.due ?? "9999", b.due ?? "9999") || compareTexts(a.document.date, b.document.date)
    : compareTexts(b.document.date, a.document.date);
  return byDay || compareTexts(keyOf(a.document), keyOf(b.document));
}

function keyOf({ entity, id }: Document): string {
  return `${entity}:${id.padStart(20, "0")}`;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function orNull<Value>(value: Value | undefined): Value | null {
  return value ?? null;
}
