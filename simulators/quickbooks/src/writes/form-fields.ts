import { type Company, type EntityName, nextDocNumber, recordIn } from "../company/index.ts";
import { isRecord, type JsonRecord, refAt } from "../json.ts";
import type { DocumentWrite } from "./document-write.ts";
import { accountRef, undepositedRef } from "./list-references.ts";

export function isPayment(entity: EntityName): boolean {
  return entity === "Payment" || entity === "BillPayment";
}

export function isSalesForm(entity: EntityName): boolean {
  return entity === "Invoice" || entity === "CreditMemo" || entity === "SalesReceipt" || entity === "RefundReceipt";
}

/** What a form always shows, whatever was sent (recordings: ExQuickBooks, quickbooks-ruby, NangoHQ/integration-templates). */
export function fillForm(company: Company, write: DocumentWrite, record: JsonRecord): void {
  const { entity } = write;
  if (isSalesForm(entity)) fillSalesForm(company, write, record);
  if (entity === "Payment") {
    record["ProcessPayment"] ??= false;
    // The number only, as recorded.
    record["DepositToAccountRef"] ??= { value: undepositedRef(company)["value"] ?? "4" };
  }
  if (entity === "SalesReceipt") record["DepositToAccountRef"] ??= undepositedRef(company);
  if (entity === "Bill" || entity === "VendorCredit")
    record["APAccountRef"] ??= accountRef(company, "Accounts Payable");
  if (entity === "Purchase") record["PrintStatus"] ??= "NotSet";
}

function fillSalesForm(company: Company, write: DocumentWrite, record: JsonRecord): void {
  const { entity } = write;
  record["DocNumber"] ??= nextDocNumber(company);
  record["CustomField"] ??= [];
  record["ApplyTaxAfterDiscount"] ??= false;
  record["PrintStatus"] ??= "NeedToPrint";
  if (entity !== "RefundReceipt") record["EmailStatus"] ??= "NotSet";
  // Of the recorded sales receipts none has it, of the other forms all.
  if (entity !== "SalesReceipt") record["TxnTaxDetail"] ??= { TotalTax: 0 };
  if (entity === "SalesReceipt" || entity === "RefundReceipt") record["Balance"] = 0;
  if (entity === "Invoice") Object.assign(record, { ...onlinePayment, ...record });
  fillFromCustomer(company, write, record);
}

const onlinePayment = {
  Deposit: 0,
  AllowIPNPayment: false,
  AllowOnlinePayment: false,
  AllowOnlineCreditCardPayment: false,
  AllowOnlineACHPayment: false,
};

/** A new form takes the customer's addresses; a person's form also the e-mail. */
function fillFromCustomer(company: Company, write: DocumentWrite, record: JsonRecord): void {
  const id = refAt(record, "CustomerRef");
  const customer = id === undefined ? undefined : recordIn(company, "Customer", id);
  if (customer === undefined || write.before !== undefined) return;
  for (const field of ["BillAddr", "ShipAddr"]) {
    const address = customer[field];
    if (isRecord(address)) record[field] ??= { ...address };
  }
  const email = customer["PrimaryEmailAddr"];
  if (write.person && isRecord(email)) record["BillEmail"] ??= { ...email };
}
