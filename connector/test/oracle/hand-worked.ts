import type { FieldKey } from "./card-fields.ts";

// A small company and the account as it must look, worked out by hand from the rules. Nothing here is computed by the
// program under test: each value stands beside the reason for it. Today is Sunday 2026-11-22, zone America/Los_Angeles.

export const realm = "9001";
export const today = "2026-11-22";

type Loose = Record<string, unknown>;

const stamps = (created: string, updated = created) => ({
  MetaData: { CreateTime: created, LastUpdatedTime: updated },
});
const old = "2020-01-15T09:00:00-08:00";
const money = (currency: string) => ({ CurrencyRef: { value: currency } });

export function customer(Id: string, DisplayName: string, more: Loose = {}): Loose {
  return { Id, DisplayName, Active: true, Balance: 0, ...money("USD"), ...stamps(old), ...more };
}

export function sale(customerId: string, Id: string, TxnDate: string, more: Loose): Loose {
  return { Id, CustomerRef: { value: customerId }, TxnDate, TotalAmt: more["Balance"] ?? 0, ...stamps(old), ...more };
}

const purchase = (vendorId: string, Id: string, TxnDate: string, more: Loose): Loose => ({
  ...sale("", Id, TxnDate, more),
  CustomerRef: undefined,
  VendorRef: { value: vendorId },
});

/** The keys of the situation's organizations, so that tests read. */
export const organizations = { acme: 501, bolt: 502, supply: 503, edge: 504, twin: 505, twinSuffixed: 506, lone: 507 };
export const foreign = { untouched: 600, first: 601, second: 602, claimed: 603, house: 604 };

export function company(): Record<string, Loose[]> {
  return {
    Preferences: [{ Id: "1", CurrencyPrefs: { MultiCurrencyEnabled: true, HomeCurrency: { value: "USD" } } }],
    Term: [{ Id: "3", Name: "Net 30", Type: "STANDARD", DueDays: 30 }],
    Customer: [
      customer("1", "Acme Tools", {
        GivenName: "Ada",
        FamilyName: " Stone ",
        CompanyName: "Acme Tools",
        PrimaryEmailAddr: { Address: "Billing@Acme.example" },
        Mobile: { FreeFormNumber: "(415) 555-0101" },
        BillAddr: {
          Line1: "1 Mill  Road",
          Line2: "",
          City: "Fairhollow",
          CountrySubDivisionCode: "CA",
          PostalCode: "95999",
        },
        SalesTermRef: { value: "3" },
        Balance: 149.95,
        ...stamps(old, "2026-11-20T23:30:00-08:00"),
      }),
      customer("2", "Yard", { ParentRef: { value: "1" }, Level: 1, Balance: 100.1 }),
      customer("3", "London", { ParentRef: { value: "1" }, Level: 1, Balance: 70, ...money("GBP") }),
      customer("4", "Bolt (EUR)", {
        CompanyName: "Bolt",
        ...money("EUR"),
        ...stamps(old, "2026-11-20T10:00:00-08:00"),
      }),
      customer("5", "Bolt", { CompanyName: "Bolt" }),
      customer("6", "Supply Co Ltd"),
      customer("7", "Zed"),
      customer("8", "Edge | Works", { ...stamps(old, "2024-11-22T10:00:00-08:00") }),
      customer("9", "Twin Co", { ...stamps("2026-08-24T08:00:00-07:00") }),
      customer("10", "TWIN  CO", { ...stamps("2026-10-01T08:00:00-07:00") }),
      customer("11", "Two Desks", {
        PrimaryEmailAddr: { Address: "a@desks.example; b@desks.example" },
        ...stamps("2026-11-01T08:00:00-07:00"),
      }),
      customer("12", "Claim", { ...stamps("2026-11-01T08:00:00-07:00") }),
      customer("13", "Cláim!", { ...stamps("2026-11-01T08:00:00-07:00") }),
      customer("14", "Nobody's Business", { ...stamps("2026-11-01T08:00:00-07:00") }),
    ],
    Vendor: [
      customer("1", "Supply Co", { TermRef: { value: "3" }, Balance: 280 }),
      customer("2", "Lone Vendor", { PrimaryPhone: { FreeFormNumber: "(415) 555-0102" }, ...money("EUR") }),
    ],
    Invoice: [
      sale("1", "10", "2026-08-01", {
        DueDate: "2026-08-31",
        TotalAmt: 500,
        Balance: 200,
        BillEmail: { Address: "AP@acme.example" },
      }),
      sale("2", "11", "2026-11-01", {
        SalesTermRef: { value: "3" },
        Balance: 100.1,
        ...stamps(old, "2026-11-21T01:30:00-08:00"),
      }),
      sale("3", "12", "2026-01-05", {
        DueDate: "2026-02-04",
        Balance: 70,
        BillEmail: { Address: "london@acme.example" },
      }),
      sale("1", "13", "2026-11-02", {
        DueDate: "2026-11-03",
        Balance: 0,
        TotalAmt: 0,
        PrivateNote: "Voided: twice entered",
      }),
      sale("4", "30", "2026-10-22", { DueDate: "2026-11-21", Balance: 100, ExchangeRate: 1.0837 }),
      sale("4", "31", "2026-10-23", { DueDate: "2026-11-22", Balance: 50, HomeBalance: 54.19, ExchangeRate: 1.0837 }),
      sale("5", "33", "2026-10-01", { DueDate: "2026-10-31", TotalAmt: 100, Balance: 0 }),
      sale("7", "40", "2024-11-21", { TotalAmt: 5, Balance: 0 }),
      sale("8", "41", "2024-11-22", { TotalAmt: 5, Balance: 0 }),
    ],
    CreditMemo: [sale("1", "14", "2026-09-15", { TotalAmt: 60, Balance: 50.05, RemainingCredit: 50.05 })],
    SalesReceipt: [sale("2", "15", "2026-10-10", { TotalAmt: 20, Balance: 0 })],
    Payment: [
      sale("1", "20", "2026-09-10", { TotalAmt: 300, UnappliedAmt: 0 }),
      sale("1", "21", "2026-11-10", { TotalAmt: 0, UnappliedAmt: 0 }),
      sale("4", "32", "2026-11-20", { TotalAmt: 10.01, UnappliedAmt: 10.01, ExchangeRate: 1.0837 }),
      sale("5", "34", "2026-11-01", { TotalAmt: 100, UnappliedAmt: 0 }),
    ],
    Bill: [purchase("1", "50", "2026-10-01", { Balance: 300, ...stamps(old, "2026-10-02T12:00:00-07:00") })],
    VendorCredit: [purchase("1", "51", "2026-10-05", { Balance: 20 })],
    BillPayment: [],
    Purchase: [
      {
        ...sale("", "52", "2026-05-05", { TotalAmt: 12 }),
        CustomerRef: undefined,
        EntityRef: { value: "2", type: "Vendor" },
        ...stamps(old, "2026-05-05T23:59:00-07:00"),
      },
    ],
  };
}

const date = (day: string) => `${day}T00:00:00+00:00`;
const key = (party: string) => `qbo:${realm}:${party}`;
const link = (kind: string, id: string) => `https://qbo.intuit.com/app/${kind}detail?nameId=${id}`;

const nothing: Record<FieldKey, string | number | boolean | null> = {
  qbo_status: null,
  qbo_open_count: null,
  qbo_overdue_count: null,
  qbo_open_amount: null,
  qbo_overdue_amount: null,
  qbo_balance: null,
  qbo_currency: null,
  qbo_overdue_since: null,
  qbo_age_bucket: null,
  qbo_contact: null,
  qbo_email: null,
  qbo_phone: null,
  qbo_address: null,
  qbo_terms: null,
  qbo_last_payment_on: null,
  qbo_last_payment_amount: null,
  qbo_relation: null,
  qbo_vendor_status: null,
  qbo_vendor_owed: null,
  qbo_active: null,
  qbo_link: null,
  qbo_key: null,
  qbo_changed_on: null,
};
const noSales = { qbo_open_count: 0, qbo_overdue_count: 0, qbo_open_amount: 0, qbo_overdue_amount: 0, qbo_balance: 0 };

export const fields = {
  acme: {
    ...nothing,
    qbo_status: "qbo_status_overdue", // late 200 less credit 50.05 is more than 1.00; London alone is late too
    qbo_open_count: 2, // invoices 10 and 11; London's is in pounds, 13 is voided
    qbo_overdue_count: 1, // 10; invoice 11 is due on 1 December by its terms
    qbo_open_amount: 300.1,
    qbo_overdue_amount: 200,
    qbo_balance: 250.05, // 300.10 less the credit memo's 50.05
    qbo_currency: "USD",
    qbo_overdue_since: date("2026-08-31"),
    qbo_age_bucket: "qbo_age_61_90", // 83 days
    qbo_contact: "Ada Stone",
    qbo_email: "ap@acme.example, london@acme.example", // invoices 11 (none), 10 and 12; not the client's own
    qbo_phone: "(415) 555-0101",
    qbo_address: "1 Mill Road\nFairhollow, CA 95999",
    qbo_terms: "Net 30",
    qbo_last_payment_on: date("2026-10-10"), // the sales receipt; the payment of November is of zero
    qbo_last_payment_amount: 20,
    qbo_relation: "qbo_relation_customer",
    qbo_active: true,
    qbo_link: link("customer", "1"),
    qbo_key: key("customer:1"),
    qbo_changed_on: date("2026-11-21"), // invoice 11 of the yard, later than the client itself
  },
  bolt: {
    ...nothing,
    qbo_status: "qbo_status_overdue", // customer 4 by itself: 100 late less 10.01 unapplied, in euro
    qbo_open_count: 2,
    qbo_overdue_count: 1, // what is due today is not late
    qbo_open_amount: 162.56, // 100 x 1.0837 = 108.37, and 54.19 that QuickBooks says itself
    qbo_overdue_amount: 108.37,
    qbo_balance: 151.71, // 162.56 less 10.01 x 1.0837 = 10.847837, rounded once
    qbo_currency: "MIXED",
    qbo_overdue_since: date("2026-11-21"),
    qbo_age_bucket: "qbo_age_1_30",
    qbo_last_payment_on: date("2026-11-20"),
    qbo_last_payment_amount: 10.85,
    qbo_relation: "qbo_relation_customer",
    qbo_active: true,
    qbo_link: link("customer", "4"),
    qbo_key: `${key("customer:4")} ${key("customer:5")}`,
    qbo_changed_on: date("2026-11-20"),
  },
  supply: {
    ...nothing,
    ...noSales,
    qbo_status: "qbo_status_none",
    qbo_currency: "USD",
    qbo_relation: "qbo_relation_both",
    qbo_vendor_status: "qbo_vendor_we_are_late", // due on 31 October by the vendor's terms
    qbo_vendor_owed: 280, // 300 less the credit of 20
    qbo_active: true,
    qbo_link: link("customer", "6"), // customers before vendors; the customer has no terms
    qbo_key: `${key("customer:6")} ${key("vendor:1")}`,
    qbo_changed_on: date("2026-10-02"),
  },
  edge: {
    ...nothing,
    ...noSales,
    qbo_status: "qbo_status_paid",
    qbo_currency: "USD",
    qbo_relation: "qbo_relation_customer",
    qbo_active: true,
    qbo_link: link("customer", "8"),
    qbo_key: key("customer:8"),
    qbo_changed_on: date("2024-11-22"),
  },
  twin: {
    ...nothing,
    ...noSales,
    qbo_status: "qbo_status_none",
    qbo_currency: "USD",
    qbo_relation: "qbo_relation_customer",
    qbo_active: true,
    qbo_link: link("customer", "9"),
    qbo_key: key("customer:9"),
    qbo_changed_on: date("2026-08-24"),
  },
  twinSuffixed: {
    ...nothing,
    ...noSales,
    qbo_status: "qbo_status_none",
    qbo_currency: "USD",
    qbo_relation: "qbo_relation_customer",
    qbo_active: true,
    qbo_link: link("customer", "10"),
    qbo_key: key("customer:10"),
    qbo_changed_on: date("2026-10-01"),
  },
  lone: {
    ...nothing,
    qbo_currency: "EUR",
    qbo_phone: "(415) 555-0102",
    qbo_relation: "qbo_relation_vendor",
    qbo_vendor_status: "qbo_vendor_settled", // one purchase, nothing open
    qbo_vendor_owed: 0,
    qbo_active: true,
    qbo_link: link("vendor", "2"),
    qbo_key: key("vendor:2"),
    qbo_changed_on: date("2026-05-05"), // one minute before midnight in the company's zone
  },
} as const satisfies Record<keyof typeof organizations, Record<FieldKey, string | number | boolean | null>>;
