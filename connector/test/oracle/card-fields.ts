import { Temporal } from "temporal-polyfill";
import type { Books, Party, Unit } from "./books.ts";
import {
  type Asked,
  ageBucket,
  counted,
  customerStatus,
  lastPayment,
  newestFirst,
  sideOf,
  vendorStatus,
} from "./figures.ts";
import type { Input } from "./input.ts";
import { textAt, within } from "./json.ts";
import { manyLines, oneLine } from "./text.ts";

/** A value as Zendesk returns it: dates as date-times, drop-downs as option values, decimals as numbers, nothing as null. */
export type FieldValue = string | number | boolean | null;

/** The fields that are written to every linked organization, and their types. */
export const fieldTypes = {
  qbo_status: "dropdown",
  qbo_open_count: "integer",
  qbo_overdue_count: "integer",
  qbo_open_amount: "decimal",
  qbo_overdue_amount: "decimal",
  qbo_balance: "decimal",
  qbo_currency: "text",
  qbo_overdue_since: "date",
  qbo_age_bucket: "dropdown",
  qbo_contact: "text",
  qbo_email: "text",
  qbo_phone: "text",
  qbo_address: "textarea",
  qbo_terms: "text",
  qbo_last_payment_on: "date",
  qbo_last_payment_amount: "decimal",
  qbo_relation: "dropdown",
  qbo_vendor_status: "dropdown",
  qbo_vendor_owed: "decimal",
  qbo_active: "checkbox",
  qbo_link: "text",
  qbo_key: "text",
  qbo_changed_on: "date",
} as const;
export type FieldKey = keyof typeof fieldTypes;

export const fieldOptions: Readonly<Partial<Record<FieldKey, readonly string[]>>> = {
  qbo_status: ["overdue", "credit", "open", "paid", "none", "merged"].map((word) => `qbo_status_${word}`),
  qbo_age_bucket: ["current", "1_30", "31_60", "61_90", "91_plus"].map((word) => `qbo_age_${word}`),
  qbo_relation: ["customer", "vendor", "both"].map((word) => `qbo_relation_${word}`),
  qbo_vendor_status: ["we_are_late", "we_owe", "settled", "none"].map((word) => `qbo_vendor_${word}`),
};

/** Active before inactive, customer before vendor, then by number. (One company: its realm ranks nothing here.) */
export function byRank(one: Party, other: Party): number {
  if (one.active !== other.active) return one.active ? -1 : 1;
  if (one.kind !== other.kind) return one.kind === "customer" ? -1 : 1;
  return Number(one.id) - Number(other.id);
}

export function cardFields(linked: readonly Unit[], books: Books, input: Input): Record<FieldKey, FieldValue> {
  const units = [...linked].sort((one, other) => byRank(one.top, other.top));
  const first = units[0]?.top;
  if (first === undefined) throw new Error("a card has at least one party");
  const asked: Asked = { today: input.today, settings: input.settings };
  const customers = units.filter((unit) => unit.top.kind === "customer");
  const vendors = units.filter((unit) => unit.top.kind === "vendor");
  const mixed = new Set(units.map((unit) => unit.top.currency)).size > 1;
  const owed = sideOf(customers, asked, mixed);
  const owing = sideOf(vendors, asked, mixed);
  const paid = lastPayment(customers, mixed);
  const bucket = owed && ageBucket(owed, input.today);
  const status = customerStatus(customers, asked);
  const ours = vendorStatus(vendors, asked);
  const relation = owed && owing ? "both" : owed ? "customer" : "vendor";
  return {
    qbo_status: option("qbo_status_", status),
    qbo_open_count: owed?.openCount ?? null,
    qbo_overdue_count: owed?.overdueCount ?? null,
    qbo_open_amount: owed?.open.toNumber() ?? null,
    qbo_overdue_amount: owed?.overdue.toNumber() ?? null,
    qbo_balance: owed?.balance.toNumber() ?? null,
    qbo_currency: mixed ? "MIXED" : first.currency,
    qbo_overdue_since: dateTime(owed?.oldestDue),
    qbo_age_bucket: option("qbo_age_", bucket),
    qbo_contact: contactName(first),
    qbo_email: billingAddresses(customers, first),
    qbo_phone: phoneOf(first),
    qbo_address: addressOf(first),
    qbo_terms: termsOf(first, books),
    qbo_last_payment_on: dateTime(paid?.date),
    qbo_last_payment_amount: paid?.amount.toNumber() ?? null,
    qbo_relation: option("qbo_relation_", relation),
    qbo_vendor_status: option("qbo_vendor_", ours),
    qbo_vendor_owed: owing?.balance.toNumber() ?? null,
    qbo_active: units.some((unit) => unit.top.active),
    qbo_link: `${input.appUrl}/app/${first.kind}detail?nameId=${first.id}`,
    qbo_key: units.map((unit) => `qbo:${input.realm}:${unit.top.key}`).join(" "),
    qbo_changed_on: dateTime(changedOn(units, input.zone)),
  };
}

const option = (prefix: string, word: string | undefined) => (word === undefined ? null : prefix + word);
const dateTime = (date: string | undefined) => (date === undefined ? null : `${date}T00:00:00+00:00`);

function contactName({ record }: Party): string | null {
  return oneLine(`${textAt(record, "GivenName") ?? ""} ${textAt(record, "FamilyName") ?? ""}`) ?? null;
}

function phoneOf({ record }: Party): string | null {
  const numbers = ["PrimaryPhone", "Mobile", "AlternatePhone"].map((key) =>
    oneLine(within(record, key, "FreeFormNumber")),
  );
  return numbers.find((number) => number !== undefined) ?? null;
}

function addressOf({ record }: Party): string | null {
  const part = (key: string) => oneLine(within(record, "BillAddr", key));
  const lines = [1, 2, 3, 4, 5].map((number) => within(record, "BillAddr", `Line${number}`));
  const region = [part("CountrySubDivisionCode"), part("PostalCode")].filter((text) => text !== undefined).join(" ");
  const town = [part("City"), region].filter((text) => text !== undefined && text !== "").join(", ");
  return manyLines([...lines, town, within(record, "BillAddr", "Country")]) ?? null;
}

function termsOf(first: Party, books: Books): string | null {
  const id = within(first.record, first.kind === "customer" ? "SalesTermRef" : "TermRef", "value");
  return oneLine(books.termNames.get(id ?? "")) ?? null;
}

/** Where the latest three invoices went; the first party's own addresses when they name none. Whole addresses only. */
function billingAddresses(customers: readonly Unit[], first: Party): string | null {
  const invoices = customers
    .flatMap((unit) => unit.members)
    .flatMap((member) => counted(member.documents))
    .filter((doc) => doc.entity === "Invoice")
    .sort(newestFirst)
    .slice(0, 3);
  const named = [...new Set(invoices.flatMap((invoice) => invoice.mail))];
  let text = "";
  for (const address of named.length > 0 ? named : first.addresses) {
    const longer = text === "" ? address : `${text}, ${address}`;
    if (longer.length > 255) break;
    text = longer;
  }
  return text === "" ? null : text;
}

function changedOn(units: readonly Unit[], zone: string): string | undefined {
  const members = units.flatMap((unit) => unit.members);
  const stamps = members.map(({ record }) => within(record, "MetaData", "LastUpdatedTime") ?? "");
  stamps.push(...members.flatMap((member) => member.documents).map((doc) => doc.updatedAt));
  const latest = Math.max(...stamps.map((stamp) => Date.parse(stamp)).filter((at) => !Number.isNaN(at)));
  return Number.isFinite(latest) ? dayIn(latest, zone) : undefined;
}

/** The calendar day of an instant in a zone. */
export function dayIn(epochMs: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(zone).toPlainDate().toString();
}
