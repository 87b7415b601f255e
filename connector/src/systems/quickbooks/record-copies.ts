// QuickBooks' records in our words. What has no party of ours (a purchase without a vendor, a sale without a customer) is passed over.
import { setImmediate as yieldToOthers } from "node:timers/promises";
import { Decimal } from "decimal.js";
import {
  type CompanySaid,
  type Document,
  type DocumentEntity,
  documentEntities,
  type Entity,
  type GoneRecord,
  isZone,
  type JsonObject,
  MalformedId,
  type Party,
  type PartyKey,
  parseLocalDate,
  type RecordCopy,
  type RecordKey,
  type ReferenceEntity,
  type UnreadableRecord,
} from "../../domain/index.ts";
import { contentHash, documentHash } from "./json.ts";
import {
  companyInfoRecord,
  countryOf,
  customerRecord,
  type DocumentRecord,
  documentRecord,
  type PostalAddress,
  preferencesRecord,
  recordHead,
  referenceRecord,
  vendorRecord,
} from "./schemas.ts";

export interface CopyOptions {
  /** For records without CurrencyRef, which companies of one currency have (recorded: fylein/fyle-qbo-api, vendor 58). */
  homeCurrency: string;
  /** Splits a field that may hold several addresses; valid ones only, lower case. */
  emailAddresses: (text: string) => string[];
}

export interface Copies {
  records: RecordCopy[];
  /** `status: "Deleted"`: the change poll's tombstones. */
  gone: GoneRecord[];
  /** Documents of nobody we know. */
  passedOver: GoneRecord[];
  /** In a form that we cannot read: one of them spoils no page. */
  unreadable: UnreadableRecord[];
}

/** Rows between two pauses: about 5 ms, so that a page of 1,000 never holds up the event loop. */
const sliceRows = 100;

export async function toCopies(entity: Entity, rows: readonly JsonObject[], options: CopyOptions): Promise<Copies> {
  const copies: Copies = { records: [], gone: [], passedOver: [], unreadable: [] };
  for (const [index, row] of rows.entries()) {
    if (index > 0 && index % sliceRows === 0) await yieldToOthers();
    try {
      addCopy(copies, entity, row, options);
    } catch (fault) {
      // MalformedId: a day that no calendar has.
      if (!(fault instanceof Unreadable) && !(fault instanceof MalformedId)) throw fault;
      const id = typeof row["Id"] === "string" ? row["Id"].slice(0, 20) : undefined;
      const because = { kind: "form", where: fault instanceof Unreadable ? fault.where : "a date" } as const;
      copies.unreadable.push({ entity, id, which: `${entity} ${id ?? "without an id"}`, because });
    }
  }
  return copies;
}

function addCopy(copies: Copies, entity: Entity, row: JsonObject, options: CopyOptions): void {
  const head = recordHead.safeParse(row);
  if (!head.success) throw new Unreadable(head.error.issues[0]?.path);
  const { Id: id, SyncToken, MetaData, status } = head.data;
  const updatedAt = MetaData.LastUpdatedTime;
  if (status === "Deleted") {
    copies.gone.push({ entity, id, at: updatedAt });
    return;
  }
  const common = {
    id,
    createdAt: MetaData.CreateTime ?? updatedAt,
    updatedAt,
    syncToken: Number(SyncToken ?? 0) || 0,
    contentHash: isDocumentEntity(entity) ? documentHash(row) : contentHash(row),
  };
  if (entity === "Customer" || entity === "Vendor") {
    copies.records.push({
      ...common,
      kind: "party",
      entity,
      party: toParty(entity, row, common.createdAt, options),
      record: row,
    });
    return;
  }
  if (isDocumentEntity(entity)) {
    const document = toDocument(entity, row, options);
    if (document === undefined) copies.passedOver.push({ entity, id, at: updatedAt });
    else copies.records.push({ ...common, kind: "document", entity, document });
    return;
  }
  const found = referenceRecord.safeParse(row);
  const name = found.success ? (found.data.Name ?? found.data.CompanyName) : undefined;
  const company = companySaid(entity, row);
  copies.records.push({
    ...common,
    kind: "reference",
    entity: entity satisfies ReferenceEntity,
    name,
    record: row,
    ...(company === undefined ? {} : { company }),
  });
}

function toParty(entity: "Customer" | "Vendor", row: JsonObject, createdAt: string, options: CopyOptions): Party {
  const found = (entity === "Customer" ? customerRecord : vendorRecord).safeParse(row);
  if (!found.success) throw new Unreadable(found.error.issues[0]?.path);
  const record = found.data;
  const parentId = "ParentRef" in record ? record.ParentRef?.value : undefined;
  const terms = "SalesTermRef" in record ? record.SalesTermRef : "TermRef" in record ? record.TermRef : undefined;
  const displayName = record.DisplayName ?? record.FullyQualifiedName ?? record.CompanyName ?? `${entity} ${record.Id}`;
  return {
    kind: entity === "Customer" ? "customer" : "vendor",
    id: record.Id,
    displayName,
    companyName: record.CompanyName,
    givenName: record.GivenName,
    familyName: record.FamilyName,
    fullyQualifiedName: record.FullyQualifiedName ?? displayName,
    active: record.Active ?? true,
    parentId,
    // One record names its parent only: the replica follows the parents up to the top.
    topId: parentId ?? record.Id,
    isProject: "IsProject" in record && record.IsProject === true,
    currency: record.CurrencyRef?.value ?? options.homeCurrency,
    balance: record.Balance ?? new Decimal(0),
    addresses: addressesOf([record.PrimaryEmailAddr?.Address], options),
    phone: firstFilled([
      record.PrimaryPhone?.FreeFormNumber,
      record.Mobile?.FreeFormNumber,
      record.AlternatePhone?.FreeFormNumber,
    ]),
    billingAddress: record.BillAddr && addressLines(record.BillAddr),
    termsId: terms?.value,
    createdAt,
    updatedAt: record.MetaData.LastUpdatedTime,
  };
}

function toDocument(entity: DocumentEntity, row: JsonObject, options: CopyOptions): Document | undefined {
  const found = documentRecord.safeParse(row);
  if (!found.success) throw new Unreadable(found.error.issues[0]?.path);
  const record = found.data;
  const party = partyOf(entity, record);
  if (party === undefined) return undefined;
  if (record.TxnDate === undefined) throw new Unreadable(["TxnDate"]);
  const zero = new Decimal(0);
  const total = record.TotalAmt ?? zero;
  const balance = record.Balance ?? zero;
  return {
    entity,
    id: record.Id,
    party,
    number: record.DocNumber ?? record.PaymentRefNum,
    date: parseLocalDate(record.TxnDate),
    dueDate: record.DueDate === undefined ? undefined : parseLocalDate(record.DueDate),
    termsId: record.SalesTermRef?.value,
    total,
    balance,
    unapplied: unappliedOf(entity, record) ?? zero,
    currency: record.CurrencyRef?.value ?? options.homeCurrency,
    exchangeRate: record.ExchangeRate,
    homeBalance: record.HomeBalance,
    // QuickBooks zeroes a voided document and puts the word before whatever the bookkeeper wrote.
    voided: total.isZero() && balance.isZero() && (record.PrivateNote ?? "").startsWith("Voided"),
    billAddresses: addressesOf([record.BillEmail?.Address, record.BillEmailCc?.Address], options),
    linked: linkedOf(record),
    updatedAt: record.MetaData.LastUpdatedTime,
  };
}

function partyOf(entity: DocumentEntity, record: DocumentRecord): PartyKey | undefined {
  if (entity === "Purchase") {
    const payee = record.EntityRef;
    return payee?.type === "Vendor" ? { kind: "vendor", id: payee.value } : undefined;
  }
  if (entity === "Bill" || entity === "VendorCredit" || entity === "BillPayment")
    return record.VendorRef && { kind: "vendor", id: record.VendorRef.value };
  return record.CustomerRef && { kind: "customer", id: record.CustomerRef.value };
}

function unappliedOf(entity: DocumentEntity, record: DocumentRecord): Decimal | undefined {
  if (entity === "CreditMemo") return record.RemainingCredit ?? record.Balance;
  if (entity === "Payment") return record.UnappliedAmt;
  return entity === "VendorCredit" ? record.Balance : undefined;
}

/** Payments name what they pay on their lines, invoices and bills what pays them on the document. */
function linkedOf(record: DocumentRecord): RecordKey[] {
  const all = [...(record.LinkedTxn ?? []), ...(record.Line ?? []).flatMap((line) => line.LinkedTxn ?? [])];
  const keys = new Map<string, RecordKey>();
  for (const { TxnId: id, TxnType: type } of all) {
    const entity = type.startsWith("BillPayment") ? "BillPayment" : documentEntities.find((name) => name === type);
    if (entity !== undefined) keys.set(`${entity}:${id}`, { entity, id });
  }
  return [...keys.values()];
}

/** Line1 to Line5, then `City, State PostalCode`, then the country; absent parts leave no punctuation. */
function addressLines(address: PostalAddress): string | undefined {
  const region = [address.CountrySubDivisionCode, address.PostalCode].filter(isFilled).join(" ");
  const place = [address.City, region].filter(isFilled).join(", ");
  const lines = [address.Line1, address.Line2, address.Line3, address.Line4, address.Line5, place, address.Country];
  return lines.filter(isFilled).join("\n") || undefined;
}

function addressesOf(fields: readonly (string | undefined)[], options: CopyOptions): string[] {
  return [...new Set(fields.filter(isFilled).flatMap(options.emailAddresses))];
}

function firstFilled(texts: readonly (string | undefined)[]): string | undefined {
  return texts.find(isFilled)?.trim();
}

function isFilled(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== "";
}

function isDocumentEntity(entity: Entity): entity is DocumentEntity {
  return (documentEntities as readonly Entity[]).includes(entity);
}

/** A record in a form that we cannot read; `where` names the field, never its value. */
class Unreadable extends Error {
  override name = "Unreadable";
  readonly where: string;

  constructor(path: readonly PropertyKey[] | undefined) {
    super("unreadable record");
    this.where = (path ?? []).map(String).join(".");
  }
}

/** What of the company row follows from this record, now and at each later change. */
function companySaid(entity: ReferenceEntity, row: JsonObject): CompanySaid | undefined {
  if (entity === "CompanyInfo") {
    const found = companyInfoRecord.safeParse(row);
    if (!found.success) return undefined;
    const name = found.data.CompanyName ?? found.data.LegalName;
    const country = countryOf(found.data);
    const zone = found.data.DefaultTimeZone;
    return {
      ...(name === undefined ? {} : { name }),
      ...(country === undefined ? {} : { country }),
      ...(zone !== undefined && isZone(zone) ? { zone } : {}),
    };
  }
  if (entity !== "Preferences") return undefined;
  const found = preferencesRecord.safeParse(row);
  const homeCurrency = found.success ? found.data.CurrencyPrefs?.HomeCurrency?.value : undefined;
  return homeCurrency === undefined ? undefined : { homeCurrency };
}
