import { type Company, type EntityName, entityOf, pacificDate, recordIn } from "../company/index.ts";
import { faults } from "../faults.ts";
import { type JsonRecord, recordAt, recordsAt, refAt, textAt } from "../json.ts";
import { amountAt, amountJson, type ChangeSet, partyOf, totalOfLines } from "../ledger/index.ts";
import { currencyRef } from "./currencies.ts";
import type { DocumentWrite } from "./document-write.ts";
import { fillForm, isPayment, isSalesForm } from "./form-fields.ts";
import { accountRef, itemRef } from "./list-references.ts";

/** Computed by the vendor; whatever a caller sends for them is ignored. */
const readOnly = new Set(
  "Id SyncToken MetaData domain sparse status Balance HomeBalance HomeTotalAmt RemainingCredit UnappliedAmt LinkedTxn TotalAmt".split(
    " ",
  ),
);

/** The document as it will be stored, but for what posting computes (balance, links, unapplied amount). */
export function documentFields(changes: ChangeSet, write: DocumentWrite): JsonRecord {
  const { before, given, entity } = write;
  const record: JsonRecord = {};
  for (const [key, value] of Object.entries(before ?? {})) {
    if (readOnly.has(key) || (write.sparse && given[key] === undefined)) record[key] = value;
  }
  for (const [key, value] of Object.entries(given)) {
    if (!readOnly.has(key) && value !== null) record[key] = value;
  }
  if (write.person) fillLines(changes.company, write, record);
  checkRequired(entity, record, given);
  fillParty(changes.company, write, record);
  record["TxnDate"] ??= pacificDate(changes.nowMs);
  fillTotals(write, record);
  fillDueDate(changes.company, write, record);
  fillCurrency(changes.company, entity, record);
  fillForm(changes.company, write, record);
  return record;
}

function checkRequired(entity: EntityName, record: JsonRecord, given: JsonRecord): void {
  for (const field of entityOf(entity).required) {
    const present = field === "TotalAmt" ? (given[field] ?? record[field]) : record[field];
    if (present === undefined || present === null) throw faults.requiredParameter(field);
  }
  if (entity === "Payment" || entity === "BillPayment") return;
  const lines = recordsAt(record, "Line");
  if (lines.length === 0) throw faults.requiredParameter("Line");
  for (const line of lines) {
    // ExQuickBooks, create_sales_receipt_error.json.
    if (textAt(line, "DetailType") === undefined) throw faults.requiredParameter("Line.DetailType");
    if (textAt(line, "DetailType") !== "SubTotalLineDetail" && line["Amount"] === undefined) {
      if (textAt(line, "DetailType") !== "DescriptionOnly") throw faults.requiredParameter("Line.Amount");
    }
    if (line["Amount"] !== undefined && !Number.isFinite(Number(line["Amount"]))) throw faults.badNumber("Line.Amount");
  }
}

/** A person types one amount; the form makes a line of it. */
function fillLines(company: Company, { entity, given }: DocumentWrite, record: JsonRecord): void {
  if (isPayment(entity)) {
    if (entity === "BillPayment") record["PayType"] ??= "Check";
    return;
  }
  if (entity === "Purchase") {
    record["PaymentType"] ??= "Check";
    record["AccountRef"] ??= accountRef(company, "Bank");
  }
  if (entity === "RefundReceipt") {
    record["DepositToAccountRef"] ??= accountRef(company, "Bank");
  }
  if (given["TotalAmt"] === undefined || given["Line"] !== undefined) return;
  const Amount = amountJson(amountAt(given, "TotalAmt"));
  record["Line"] = [
    isSalesForm(entity)
      ? {
          Amount,
          DetailType: "SalesItemLineDetail",
          SalesItemLineDetail: {
            ItemRef: itemRef(company),
            UnitPrice: Amount,
            Qty: 1,
            TaxCodeRef: { value: "NON" },
          },
        }
      : {
          Amount,
          DetailType: "AccountBasedExpenseLineDetail",
          AccountBasedExpenseLineDetail: {
            AccountRef: accountRef(company, "Expense"),
            BillableStatus: "NotBillable",
            TaxCodeRef: { value: "NON" },
          },
        },
  ];
}

/** The party must exist and be active (2500, PHP-SDK issue 110); its name is written beside its id. */
function fillParty(company: Company, { entity, before }: DocumentWrite, record: JsonRecord): void {
  const field = entityOf(entity).partyField;
  const id = field === undefined ? undefined : refAt(record, field);
  if (field === undefined || id === undefined) return;
  const type = textAt(recordAt(record, field) ?? {}, "type");
  const partyEntity: EntityName =
    field === "CustomerRef" || type === "Customer" ? "Customer" : type === "Employee" ? "Employee" : "Vendor";
  const party = recordIn(company, partyEntity, id);
  if (party === undefined) throw faults.inactiveReference();
  const unchanged = before !== undefined && refAt(before, field) === id;
  if (party["Active"] === false && !unchanged) throw faults.inactiveReference();
  const name = textAt(party, "DisplayName");
  const reference: JsonRecord = name === undefined ? { value: id } : { value: id, name };
  record[field] = field === "EntityRef" ? { ...reference, type: partyEntity } : reference;
}

/** Forms add up their lines; payments say their total. */
function fillTotals({ entity, given, before }: DocumentWrite, record: JsonRecord): void {
  if (isPayment(entity)) {
    const total = given["TotalAmt"] ?? before?.["TotalAmt"];
    if (typeof total !== "number" && !Number.isFinite(Number(total))) throw faults.badNumber("TotalAmt");
    record["TotalAmt"] = amountJson(amountAt({ total: Number(total) }, "total"));
    record["Line"] = recordsAt(record, "Line").map(inCents);
    return;
  }
  const kept = recordsAt(record, "Line").filter((line) => textAt(line, "DetailType") !== "SubTotalLineDetail");
  let number = 0;
  record["Line"] = kept.map((given) => {
    const line = inCents(given);
    number += 1;
    const Id = textAt(line, "Id") ?? String(number);
    if (!isSalesForm(entity)) return { Id, LineNum: number, ...line };
    return { LinkedTxn: [], CustomExtensions: [], ...line, Id, LineNum: number };
  });
  record["TotalAmt"] = amountJson(totalOfLines(record));
  if (!isSalesForm(entity)) return;
  const subtotal = amountJson(totalOfLines({ Line: recordsAt(record, "Line") }));
  const subtotalLine = { Amount: subtotal, DetailType: "SubTotalLineDetail", SubTotalLineDetail: {} };
  record["Line"] = [...recordsAt(record, "Line"), subtotalLine];
}

/** Nothing is booked in parts of a cent. */
function inCents(line: JsonRecord): JsonRecord {
  return line["Amount"] === undefined ? line : { ...line, Amount: amountJson(amountAt(line, "Amount")) };
}

/** Own date, else transaction date plus terms: the form's, the party's, the company's; `DueDate: null` leaves it out. */
function fillDueDate(company: Company, { entity, given, before }: DocumentWrite, record: JsonRecord): void {
  if (entity !== "Invoice" && entity !== "Bill") return;
  const ownTerm = refAt(record, "SalesTermRef");
  if (ownTerm !== undefined && recordIn(company, "Term", ownTerm) === undefined) {
    throw faults.badReference("SalesTermRef");
  }
  if (record["DueDate"] !== undefined || given["DueDate"] === null) return;
  if (before !== undefined && before["DueDate"] === undefined) return;
  const party = entity === "Invoice" ? partyTerm(company, "Customer", record) : partyTerm(company, "Vendor", record);
  const preferences = recordAt(recordIn(company, "Preferences", "1") ?? {}, "SalesFormsPrefs") ?? {};
  const termId = ownTerm ?? party ?? (entity === "Invoice" ? refAt(preferences, "DefaultTerms") : undefined);
  const term = termId === undefined ? undefined : recordIn(company, "Term", termId);
  if (term !== undefined) record["SalesTermRef"] ??= { value: termId ?? "", name: textAt(term, "Name") ?? "" };
  record["DueDate"] = addDays(textAt(record, "TxnDate") ?? "", Number(term?.["DueDays"] ?? 0));
}

function partyTerm(company: Company, entity: "Customer" | "Vendor", record: JsonRecord): string | undefined {
  const id = refAt(record, entity === "Customer" ? "CustomerRef" : "VendorRef");
  const party = id === undefined ? undefined : recordIn(company, entity, id);
  return party === undefined ? undefined : refAt(party, entity === "Customer" ? "SalesTermRef" : "TermRef");
}

function addDays(date: string, days: number): string {
  const ms = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(ms)) throw faults.business(`The date ${date} is not valid.`);
  return new Date(ms + days * 86_400_000).toISOString().slice(0, 10);
}

/** A party has one currency for life; with multi-currency on, a form also has its rate and home values. */
function fillCurrency(company: Company, entity: EntityName, record: JsonRecord): void {
  const key = partyOf(entity, record);
  const party = key === undefined ? undefined : recordIn(company, key.entity, key.id);
  const prefs = recordAt(recordIn(company, "Preferences", "1") ?? {}, "CurrencyPrefs") ?? {};
  const home = refAt(prefs, "HomeCurrency") ?? "USD";
  const partyCurrency = party === undefined ? undefined : recordAt(party, "CurrencyRef");
  const given = refAt(record, "CurrencyRef");
  const own = (partyCurrency === undefined ? undefined : textAt(partyCurrency, "value")) ?? home;
  if (given !== undefined && party !== undefined && given !== own) {
    throw faults.business("The transaction's currency differs from the currency of its customer or vendor.");
  }
  record["CurrencyRef"] = partyCurrency ?? recordAt(record, "CurrencyRef") ?? currencyRef(home);
  if (prefs["MultiCurrencyEnabled"] !== true) return;
  record["ExchangeRate"] ??= 1;
  if (entity !== "Invoice" && entity !== "CreditMemo" && entity !== "Bill") return;
  // Posting keeps HomeBalance true once it is there.
  record["HomeBalance"] ??= 0;
  if (entity === "Bill") return;
  const homeTotal = amountAt(record, "TotalAmt").times(amountAt(record, "ExchangeRate"));
  record["HomeTotalAmt"] = amountJson(homeTotal);
}
