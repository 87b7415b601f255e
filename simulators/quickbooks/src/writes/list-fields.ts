import { type Company, type EntityName, entityOf, holderOfName, nameKey, recordIn } from "../company/index.ts";
import { faults } from "../faults.ts";
import { type JsonRecord, recordAt, refAt, textAt } from "../json.ts";
import { checkEmail, checkLengths, checkName } from "./check.ts";
import { currencyRef } from "./currencies.ts";
import { accountRef } from "./list-references.ts";

const readOnly = new Set(
  (
    "Id SyncToken MetaData domain sparse status Balance BalanceWithJobs FullyQualifiedName Level Job CurrentBalance " +
    "CurrentBalanceWithSubAccounts SubItem SubAccount"
  ).split(" "),
);

export interface ListWrite {
  readonly entity: EntityName;
  readonly id: string | undefined;
  readonly before: JsonRecord | undefined;
  readonly given: JsonRecord;
  readonly sparse: boolean;
  readonly person: boolean;
}

/** A name-list record as it will be stored: merged, completed, placed under its parent, its name checked. */
export function listFields(company: Company, write: ListWrite): JsonRecord {
  const { before, given, entity } = write;
  checkLengths(entity, given);
  if (!write.person) checkEmail(given);
  const record: JsonRecord = {};
  for (const [key, value] of Object.entries(before ?? {})) {
    if (readOnly.has(key) || (write.sparse && given[key] === undefined)) record[key] = value;
  }
  for (const [key, value] of Object.entries(given)) {
    if (!readOnly.has(key) && value !== null) record[key] = value;
  }
  record["Active"] ??= before?.["Active"] ?? true;
  fillName(entity, record, before);
  fillPlace(company, write, record);
  fillKind(company, write, record);
  refuseTakenName(company, write, record);
  return record;
}

function fillName(entity: EntityName, record: JsonRecord, before: JsonRecord | undefined): void {
  const field = entityOf(entity).nameField ?? "Name";
  if (entityOf(entity).kind === "party") {
    const parts = ["Title", "GivenName", "MiddleName", "FamilyName", "Suffix"].map((part) => textAt(record, part));
    const composed = parts.filter((part) => part !== undefined && part !== "").join(" ");
    const name = textAt(record, field) ?? textAt(before ?? {}, field) ?? (composed || undefined);
    if (name === undefined || name.trim() === "") throw faults.noName();
    record[field] = name.trim();
    record["PrintOnCheckName"] ??= textAt(record, "CompanyName") ?? name.trim();
  }
  const name = textAt(record, field);
  if (name === undefined || name === "") throw faults.requiredParameter(field);
  checkName(field, name);
}

// Customer page of the API reference: five levels at most.
const deepestLevel = 4;

function fillPlace(company: Company, { entity, id }: ListWrite, record: JsonRecord): void {
  if (entity !== "Customer" && entity !== "Item" && entity !== "Account") return;
  const name = textAt(record, entityOf(entity).nameField ?? "Name") ?? "";
  const parentId = refAt(record, "ParentRef");
  const isSub = parentId !== undefined;
  if (entity === "Customer") record["Job"] = isSub;
  else if (entity === "Item") {
    if (isSub) record["SubItem"] = true;
  } else record["SubAccount"] = isSub;
  if (!isSub) {
    delete record["Level"];
    record["FullyQualifiedName"] = name;
    return;
  }
  const parent = recordIn(company, entity, parentId);
  if (parent === undefined || parentId === id || isBelow(company, entity, parent, id)) throw faults.badParent();
  const level = Number(parent["Level"] ?? 0) + 1;
  if (level > deepestLevel) throw faults.business("A customer can be at most five levels deep.");
  if (entity !== "Account") record["Level"] = level;
  record["FullyQualifiedName"] = `${textAt(parent, "FullyQualifiedName") ?? ""}:${name}`;
}

/** Would make a record its own ancestor. */
function isBelow(company: Company, entity: EntityName, start: JsonRecord, id: string | undefined): boolean {
  let record: JsonRecord | undefined = start;
  for (let step = 0; step <= deepestLevel + 1 && record !== undefined; step += 1) {
    if (id !== undefined && textAt(record, "Id") === id) return true;
    const above: string | undefined = refAt(record, "ParentRef");
    record = above === undefined ? undefined : recordIn(company, entity, above);
  }
  return false;
}

function fillKind(company: Company, { entity, before }: ListWrite, record: JsonRecord): void {
  const preferences = recordAt(recordIn(company, "Preferences", "1") ?? {}, "CurrencyPrefs") ?? {};
  const home = refAt(preferences, "HomeCurrency") ?? "USD";
  const currency = currencyRef(home);
  if (entity === "Customer" || entity === "Vendor") {
    Object.assign(record, { ...partyDefaults[entity], ...record });
    keepCurrency(record, before, currency);
  } else if (entity === "Employee") {
    record["BillableTime"] ??= false;
  } else if (entity === "Item") {
    Object.assign(record, { ...itemDefaults, IncomeAccountRef: accountRef(company, "Income"), ...record });
  } else if (entity === "Account") {
    const Classification = classifications.get(textAt(record, "AccountType") ?? "Expense") ?? "Expense";
    Object.assign(record, { ...accountDefaults, Classification, CurrencyRef: currency, ...record });
  } else if (entity === "Term") {
    record["Type"] ??= record["DayOfMonthDue"] === undefined ? "STANDARD" : "DATE_DRIVEN";
    if (record["Type"] === "STANDARD") record["DueDays"] ??= 0;
  }
}

const partyDefaults = {
  Customer: {
    Taxable: false,
    BillWithParent: false,
    IsProject: false,
    Balance: 0,
    BalanceWithJobs: 0,
    PreferredDeliveryMethod: "Print",
  },
  Vendor: { Balance: 0, Vendor1099: false },
} as const;
const itemDefaults = { Type: "Service", Taxable: false, UnitPrice: 0, PurchaseCost: 0, TrackQtyOnHand: false };
const accountDefaults = {
  AccountType: "Expense",
  AccountSubType: "OtherMiscellaneousServiceCost",
  CurrentBalance: 0,
  CurrentBalanceWithSubAccounts: 0,
};

/** Fixed once set (all-entities/customer: CurrencyRef). */
function keepCurrency(record: JsonRecord, before: JsonRecord | undefined, home: JsonRecord): void {
  const fixed = before === undefined ? undefined : recordAt(before, "CurrencyRef");
  const given = recordAt(record, "CurrencyRef");
  if (fixed !== undefined && given !== undefined && textAt(fixed, "value") !== textAt(given, "value")) {
    throw faults.business("The currency of a customer or vendor cannot be changed.");
  }
  const chosen = fixed ?? given ?? home;
  record["CurrencyRef"] = { ...currencyRef(textAt(chosen, "value") ?? ""), ...chosen };
}

const classifications = new Map(
  Object.entries({
    Bank: "Asset",
    "Accounts Receivable": "Asset",
    "Other Current Asset": "Asset",
    "Fixed Asset": "Asset",
    "Other Asset": "Asset",
    "Accounts Payable": "Liability",
    "Credit Card": "Liability",
    "Other Current Liability": "Liability",
    "Long Term Liability": "Liability",
    Equity: "Equity",
    Income: "Revenue",
    "Other Income": "Revenue",
    "Cost of Goods Sold": "Expense",
    Expense: "Expense",
    "Other Expense": "Expense",
  }),
);

function refuseTakenName(company: Company, { entity, id }: ListWrite, record: JsonRecord): void {
  const key = nameKey(entityOf(entity), record);
  const holder = key === undefined ? undefined : holderOfName(company, key);
  if (holder === undefined || holder === `${entity}:${id ?? ""}`) return;
  if (entityOf(entity).kind === "party") throw faults.duplicateName();
  throw faults.duplicateListName(entity.toLowerCase());
}
