// What we read of QuickBooks' records. Tolerant: unknown keys are ignored, and empty fields are omitted by QuickBooks, never null.
// Sources: Intuit's XSDs and entity reference; records of Intuit's sample company as recorded by NangoHQ and fylein.
import { Decimal } from "decimal.js";
import { z } from "zod";

/** JSON numbers, or the source text of long ones (see json.ts). */
const amount = z
  .union([z.number(), z.string().regex(/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i)])
  .transform((value) => new Decimal(value));
const text = z.string();
const reference = z.object({ value: z.string(), name: z.string().optional(), type: z.string().optional() });
const address = z.object({ Address: text.optional() });
const phone = z.object({ FreeFormNumber: text.optional() });
/** The first ten characters are the day in all captures; some XML ones add a zone, which says nothing about the day. */
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}($|[TZ+-])/)
  .transform((value) => value.slice(0, 10));

const postalAddress = z.object({
  Line1: text.optional(),
  Line2: text.optional(),
  Line3: text.optional(),
  Line4: text.optional(),
  Line5: text.optional(),
  City: text.optional(),
  Country: text.optional(),
  CountrySubDivisionCode: text.optional(),
  PostalCode: text.optional(),
});
export type PostalAddress = z.infer<typeof postalAddress>;

const record = {
  Id: z.string().min(1).max(20),
  SyncToken: z.string().optional(),
  status: z.string().optional(),
  MetaData: z.object({ CreateTime: text.optional(), LastUpdatedTime: text }),
};

export const recordHead = z.object(record);

const party = {
  ...record,
  DisplayName: text.optional(),
  CompanyName: text.optional(),
  GivenName: text.optional(),
  FamilyName: text.optional(),
  FullyQualifiedName: text.optional(),
  Active: z.boolean().optional(),
  Balance: amount.optional(),
  CurrencyRef: reference.optional(),
  PrimaryEmailAddr: address.optional(),
  PrimaryPhone: phone.optional(),
  Mobile: phone.optional(),
  AlternatePhone: phone.optional(),
  BillAddr: postalAddress.optional(),
};

export const customerRecord = z.object({
  ...party,
  ParentRef: reference.optional(),
  IsProject: z.boolean().optional(),
  SalesTermRef: reference.optional(),
});
export const vendorRecord = z.object({ ...party, TermRef: reference.optional() });

const linkedDocument = z.object({ TxnId: z.string(), TxnType: z.string() });

export const documentRecord = z.object({
  ...record,
  CustomerRef: reference.optional(),
  VendorRef: reference.optional(),
  EntityRef: reference.optional(),
  DocNumber: text.optional(),
  PaymentRefNum: text.optional(),
  TxnDate: day.optional(),
  DueDate: day.optional(),
  SalesTermRef: reference.optional(),
  TotalAmt: amount.optional(),
  Balance: amount.optional(),
  RemainingCredit: amount.optional(),
  UnappliedAmt: amount.optional(),
  CurrencyRef: reference.optional(),
  ExchangeRate: amount.optional(),
  HomeBalance: amount.optional(),
  PrivateNote: text.optional(),
  BillEmail: address.optional(),
  BillEmailCc: address.optional(),
  LinkedTxn: z.array(linkedDocument).optional(),
  Line: z.array(z.object({ LinkedTxn: z.array(linkedDocument).optional() })).optional(),
});
export type DocumentRecord = z.infer<typeof documentRecord>;

export const referenceRecord = z.object({ ...record, Name: text.optional(), CompanyName: text.optional() });

export const companyInfoRecord = z.object({
  CompanyName: text.optional(),
  LegalName: text.optional(),
  Country: text.optional(),
  DefaultTimeZone: text.optional(),
  CompanyAddr: postalAddress.optional(),
  LegalAddr: postalAddress.optional(),
  NameValue: z.array(z.object({ Name: text.optional(), Value: text.optional() })).optional(),
});

/** Older companies have their country only among the name-value pairs. */
export function countryOf(info: z.infer<typeof companyInfoRecord>): string | undefined {
  return info.Country ?? info.NameValue?.find((pair) => pair.Name === "Country")?.Value;
}

export const preferencesRecord = z.object({
  CurrencyPrefs: z
    .object({ MultiCurrencyEnabled: z.boolean().optional(), HomeCurrency: reference.optional() })
    .optional(),
});
