import type { Decimal } from "decimal.js";
import {
  type DocumentRecord,
  type FieldValue,
  type LocalDate,
  type OrganizationId,
  type Realm,
  type RecordEntity,
  recordObjects,
  type Term,
} from "../../domain/index.ts";
import { addDays, daysBetween } from "../calendar.ts";
import { canonical } from "../mapping/index.ts";
import { dueDate } from "../profile/index.ts";
import { recordDefinitions } from "./record-definitions.ts";

/** A document of a linked party, as the replica has it. */
export interface KeptDocument {
  entity: RecordEntity;
  id: string;
  number: string | undefined;
  date: LocalDate;
  dueDate: LocalDate | undefined;
  termsId: string | undefined;
  total: Decimal;
  balance: Decimal;
  currency: string;
  /** The day of its last change, in the company's zone. */
  changedOn: LocalDate;
  party: { name: string; termsId: string | undefined };
  organizationId: OrganizationId;
}

interface RecordContext {
  realm: Realm;
  /** Where people open QuickBooks. */
  appUrl: string;
  today: LocalDate;
  graceDays: number;
  /** Settled documents stay for so many days after their last change. */
  recordDays: number;
  terms: ReadonlyMap<string, Term>;
}

/** What Zendesk should have of this document now; undefined: nothing, since it is settled and long unchanged. */
export function documentRecord(document: KeptDocument, context: RecordContext): DocumentRecord | undefined {
  if (!isOpen(document) && daysBetween(document.changedOn, context.today) > context.recordDays) return undefined;
  const due = dueDate(document, document.party, context.terms);
  const page = document.entity.toLowerCase();
  const raw: Record<string, unknown> = {
    party: document.party.name,
    status: `qbo_document_${statusOf(document, due, context)}`,
    total: document.total,
    balance: document.balance,
    currency: document.currency,
    date: document.date,
    due_date: due,
    link: `${context.appUrl.replace(/\/+$/, "")}/app/${page}?txnId=${document.id}`,
  };
  const values = recordDefinitions[document.entity].fields.flatMap(({ key, type }): [string, FieldValue][] =>
    type === "organization" ? [] : [[key, canonical(type, raw[key])]],
  );
  const name = `${document.entity} ${document.number ?? `#${document.id}`}`;
  return {
    object: recordObjects[document.entity],
    externalId: `qbo:${context.realm}:${page}:${document.id}`,
    name: String(canonical("text", name)),
    organizationId: document.organizationId,
    values: Object.fromEntries(values),
  };
}

function statusOf(document: KeptDocument, due: LocalDate | undefined, { today, graceDays }: RecordContext): string {
  if (!isOpen(document)) return "paid";
  if (due !== undefined && daysBetween(due, today) > graceDays) return "overdue";
  return document.balance.lessThan(document.total) ? "partly_paid" : "open";
}

const isOpen = ({ balance }: KeptDocument): boolean => balance.greaterThan(0);

/** The day on which time alone changes the record: it becomes overdue, or is kept no longer. */
export function nextLook(document: KeptDocument, context: RecordContext): LocalDate | undefined {
  if (!isOpen(document)) return addDays(document.changedOn, context.recordDays + 1);
  const due = dueDate(document, document.party, context.terms);
  if (due === undefined) return undefined;
  const late = addDays(due, context.graceDays + 1);
  return late > context.today ? late : undefined;
}

/** A record in one text: equal texts are equal records, whatever the order of their values. */
export function recordText({ name, organizationId, values }: DocumentRecord): string {
  const sorted = Object.entries(values)
    .filter(([, value]) => value !== null)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([name, organizationId, sorted]);
}
