import { type Books, type Planned, planCustomer } from "./company-activity.ts";
import { addDays, addMonths, compareStamps } from "./company-calendar.ts";
import { addClients } from "./company-clients.ts";
import { addFamilies } from "./company-families.ts";
import type { CompanyFile, Customer } from "./company-file.ts";
import { createLedger, type Ledger } from "./company-ledger.ts";
import { centsOf } from "./company-posting.ts";
import { planVendor } from "./company-purchases.ts";
import { referenceRecords } from "./company-reference.ts";
import { createRoster } from "./company-roster.ts";
import { addSuppliers } from "./company-suppliers.ts";
import { stemsOf } from "./company-words.ts";
import { seededRandom } from "./random.ts";

/**
 * The books of an invented wholesaler, as a company file: four years old, with every awkwardness that a real list has.
 * `today` is a day in the company's zone; nothing in the file is later than the day before it. Same seed and day: same file.
 */
export function sampleCompany(seed: number, today: string): CompanyFile {
  const random = seededRandom(seed);
  const openedOn = addMonths(today, -48);
  const reference = referenceRecords(addDays(openedOn, -1));
  const roster = createRoster(random, { today, openedOn });
  const stems = stemsOf(random);
  addClients(roster, random, stems);
  addSuppliers(roster, random, stems);
  addFamilies(roster, random);

  const ledger = createLedger();
  const terms = new Map(reference.Term.map((term) => [term.Id, term]));
  const books: Books = { ledger, random, today, items: reference.Item, terms };
  const habitOf = (key: string) => roster.habits.get(key) ?? "quiet";
  run([
    ...roster.customers.flatMap((customer) => planCustomer(books, customer, habitOf(`customer:${customer.Id}`))),
    ...roster.vendors.flatMap((vendor) => planVendor(books, vendor, habitOf(`vendor:${vendor.Id}`))),
  ]);
  const { customers, vendors } = roster;
  addUpBalances(ledger, { customers, vendors });
  return { ...reference, Customer: customers, Vendor: vendors, ...ledger.documents };
}

/** Entries in the order of time: ids and document numbers follow it, as they do in a company that lives. */
function run(planned: Planned[]): void {
  for (const entry of [...planned].sort((one, other) => compareStamps(one.at, other.at))) entry.run(entry.at);
}

/** Party balances as QuickBooks keeps them: own documents in `Balance`, descendants too in `BalanceWithJobs`. */
function addUpBalances(
  ledger: Ledger,
  parties: Pick<{ customers: Customer[]; vendors: CompanyFile["Vendor"] }, "customers" | "vendors">,
): void {
  const owed = new Map<string, number>();
  const add = (key: string, amount: number) => owed.set(key, (owed.get(key) ?? 0) + centsOf(amount));
  const { Invoice, CreditMemo, Payment, Bill, VendorCredit } = ledger.documents;
  for (const one of Invoice) add(`customer:${one.CustomerRef.value}`, one.Balance);
  for (const one of CreditMemo) add(`customer:${one.CustomerRef.value}`, -one.RemainingCredit);
  for (const one of Payment) add(`customer:${one.CustomerRef.value}`, -one.UnappliedAmt);
  for (const one of Bill) add(`vendor:${one.VendorRef.value}`, one.Balance);
  for (const one of VendorCredit) add(`vendor:${one.VendorRef.value}`, -one.Balance);

  const byId = new Map(parties.customers.map((customer) => [customer.Id, customer]));
  for (const vendor of parties.vendors) vendor.Balance = (owed.get(`vendor:${vendor.Id}`) ?? 0) / 100;
  const withJobs = new Map<string, number>();
  for (const customer of parties.customers) {
    const own = owed.get(`customer:${customer.Id}`) ?? 0;
    customer.Balance = own / 100;
    // Amounts of a member in another currency stay out of the sum above it.
    for (let at: Customer | undefined = customer; at; at = byId.get(at.ParentRef?.value ?? "")) {
      if (at.CurrencyRef.value === customer.CurrencyRef.value) withJobs.set(at.Id, (withJobs.get(at.Id) ?? 0) + own);
    }
  }
  for (const customer of parties.customers) customer.BalanceWithJobs = (withJobs.get(customer.Id) ?? 0) / 100;
}
