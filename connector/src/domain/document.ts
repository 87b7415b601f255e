import type { Decimal } from "decimal.js";
import type { LocalDate } from "./ids.ts";
import type { DocumentEntity, PartyKey, RecordKey } from "./keys.ts";

/** A transaction of a party, as the replica keeps it. Amounts are in the document's currency. */
export interface Document {
  entity: DocumentEntity;
  id: string;
  party: PartyKey;
  number: string | undefined;
  date: LocalDate;
  dueDate: LocalDate | undefined;
  termsId: string | undefined;
  total: Decimal;
  /** What is still open; 0 for entities that carry no balance. */
  balance: Decimal;
  /** Credit not yet applied: CreditMemo.RemainingCredit (else Balance), Payment.UnappliedAmt, VendorCredit.Balance; else 0. */
  unapplied: Decimal;
  currency: string;
  exchangeRate: Decimal | undefined;
  /** QuickBooks' own home value of the balance, where the company keeps several currencies. */
  homeBalance: Decimal | undefined;
  /** Total 0, balance 0 and a private note that starts with "Voided". Counts nowhere. */
  voided: boolean;
  /** BillEmail and BillEmailCc, valid addresses only, lower case. */
  billAddresses: string[];
  /** Documents that this one is applied to or paid by. */
  linked: RecordKey[];
  updatedAt: string;
}
