import { type Company, common, loadCompany, recordIn, storeRecord } from "../company/index.ts";
import type { JsonRecord } from "../json.ts";
import { createDice, type Dice } from "./dice.ts";
import { billPaymentRecord, billRecord, invoiceRecord, paymentRecord, planDocument } from "./documents.ts";
import {
  type CustomerPlan,
  currencyOf,
  customerName,
  customerRecord,
  oweBy,
  planCustomers,
  vendorRecord,
} from "./parties.ts";
import type { WantedCompany } from "./wanted.ts";

const twoYearsMs = 730 * 86_400_000;
const euroRate = 1.1;

/**
 * Makes up a company of any size: families, shared and missing e-mails, inactive customers, currency twins, voids, partial
 * payments; balances agree with the documents. Records are stored as they are made, never gathered: 100,000 customers with
 * 300,000 invoices stay well under 1.5 GB. The same seed at the same time gives the same company.
 */
export function generateCompany(realm: string, wanted: WantedCompany, nowMs: number): Company {
  const dice = createDice(wanted.seed);
  const company = loadCompany(realm, { ...references(nowMs - twoYearsMs) }, nowMs - twoYearsMs);
  useManyCurrencies(company);
  let id = 0;
  const nextId = () => (id += 1);
  const window = { fromMs: nowMs - twoYearsMs, toMs: nowMs };
  const times = { createdMs: window.fromMs, changedMs: window.fromMs };
  const lastTouched = new Map<string, number>();
  const plan = planCustomers(wanted, dice);
  makeInvoices(company, { wanted, plan, dice, nextId, window, lastTouched });
  const owed = makeBills(company, { wanted, dice, nextId, window, lastTouched });
  for (let place = 0; place < plan.count; place += 1) {
    const createdMs = times.createdMs + Math.floor((place / plan.count) * (twoYearsMs / 2));
    const changedMs = Math.max(createdMs, lastTouched.get(`c${place}`) ?? 0);
    const record = customerRecord(plan, place, { createdMs, changedMs }, dice);
    storeRecord(company, "Customer", String(place + 1), record);
  }
  for (let place = 0; place < wanted.vendors; place += 1) {
    const vendorId = plan.count + place + 1;
    const changedMs = Math.max(times.createdMs, lastTouched.get(`v${place}`) ?? 0);
    const record = vendorRecord(place, vendorId, owed[place] ?? 0, { createdMs: times.createdMs, changedMs }, dice);
    storeRecord(company, "Vendor", String(vendorId), record);
  }
  return company;
}

interface Making {
  readonly wanted: WantedCompany;
  readonly dice: Dice;
  readonly nextId: () => number;
  readonly window: { fromMs: number; toMs: number };
  /** When a party was last touched by a document, by `c` or `v` and place. */
  readonly lastTouched: Map<string, number>;
}

function touch({ lastTouched }: Making, key: string, ms: number): void {
  if (ms > (lastTouched.get(key) ?? 0)) lastTouched.set(key, ms);
}

function makeInvoices(company: Company, making: Making & { plan: CustomerPlan }): void {
  const { wanted, plan, dice, nextId, window } = making;
  if (plan.count === 0) return;
  for (let count = 0; count < wanted.invoices; count += 1) {
    let place = dice.below(plan.count);
    // Inactive customers owe nothing: their documents go to the next active one.
    while (plan.isInactive[place] === 1 && place > 0) place -= 1;
    const document = planDocument(nextId, window, dice);
    const party = { value: String(place + 1), name: customerName(plan, place) };
    const rate = plan.isForeign[place] === 1 ? euroRate : 1;
    const form = { plan: document, party, currency: currencyOf(plan, place), rate };
    storeRecord(company, "Invoice", String(document.id), invoiceRecord(form));
    if (document.paymentId !== undefined) {
      storeRecord(company, "Payment", String(document.paymentId), paymentRecord(form));
    }
    oweBy(plan, place, document.total - document.paid);
    touch(making, `c${place}`, document.paid > 0 ? document.paidMs : document.createdMs);
  }
}

function makeBills(company: Company, making: Making): Float64Array {
  const { wanted, dice, nextId, window } = making;
  const owed = new Float64Array(wanted.vendors);
  for (let count = 0; count < wanted.bills && wanted.vendors > 0; count += 1) {
    const place = dice.below(wanted.vendors);
    const document = { ...planDocument(nextId, window, dice), isVoid: false };
    const party = { value: String(wanted.customers + place + 1) };
    const form = { plan: document, party, currency: { value: "USD", name: "United States Dollar" }, rate: 1 };
    storeRecord(company, "Bill", String(document.id), billRecord(form));
    if (document.paymentId !== undefined) {
      storeRecord(company, "BillPayment", String(document.paymentId), billPaymentRecord(form));
    }
    owed[place] = (owed[place] ?? 0) + document.total - document.paid;
    touch(making, `v${place}`, document.paid > 0 ? document.paidMs : document.createdMs);
  }
  return owed;
}

function useManyCurrencies(company: Company): void {
  const preferences = recordIn(company, "Preferences", "1") ?? {};
  const CurrencyPrefs = { MultiCurrencyEnabled: true, HomeCurrency: { value: "USD" } };
  storeRecord(company, "Preferences", "1", { ...preferences, CurrencyPrefs });
}

/** What the documents refer to. */
function references(nowMs: number): JsonRecord {
  const account = (id: string, Name: string, AccountType: string, Classification: string): JsonRecord => ({
    ...common(id, nowMs),
    Name,
    FullyQualifiedName: Name,
    SubAccount: false,
    Active: true,
    Classification,
    AccountType,
    CurrentBalance: 0,
    CurrentBalanceWithSubAccounts: 0,
    CurrencyRef: { value: "USD", name: "United States Dollar" },
  });
  return {
    Item: [
      {
        ...common("1", nowMs),
        Name: "Services",
        Active: true,
        FullyQualifiedName: "Services",
        Taxable: false,
        UnitPrice: 0,
        Type: "Service",
        PurchaseCost: 0,
        TrackQtyOnHand: false,
      },
    ],
    Account: [
      account("7", "Expense", "Expense", "Expense"),
      account("33", "Accounts Payable (A/P)", "Accounts Payable", "Liability"),
      account("35", "Checking", "Bank", "Asset"),
    ],
  };
}
