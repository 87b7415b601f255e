// A small company and account, made by hand so that every default field has a value that can be worked out on paper.
// The values stand in rows.ts, beside the reason for each. Today is Friday 2026-11-20; the company is in America/Los_Angeles.
type Loose = Record<string, unknown>;

export const today = "2026-11-20";
export const realm = "9341453000000001";

/** By the name that the rows use: the party that comes first on the card. */
export const cards = {
  bakery: "customer:1",
  cafe: "customer:2",
  studio: "customer:3",
  shop: "customer:4",
  prospect: "customer:5",
  family: "customer:6",
  mixed: "customer:10",
  both: "customer:12",
  inactive: "customer:13",
  late: "customer:14",
  freight: "vendor:2",
  printer: "vendor:3",
  power: "vendor:4",
  timber: "vendor:5",
} as const;
export type CardName = keyof typeof cards;

/** Two parties of one client: a person says so before the first load. */
export const joins = [
  ["customer:11", "customer:10"],
  ["vendor:1", "customer:12"],
] as const;

const longAgo = "2020-01-15T09:00:00-08:00";
const stamps = (CreateTime: string, LastUpdatedTime = CreateTime) => ({ MetaData: { CreateTime, LastUpdatedTime } });
const currency = (value: string) => ({ CurrencyRef: { value } });
const party = (Id: string, DisplayName: string, more: Loose = {}): Loose => ({
  Id,
  DisplayName,
  FullyQualifiedName: DisplayName,
  Active: true,
  Balance: 0,
  ...currency("USD"),
  ...stamps(longAgo),
  ...more,
});
const member = (Id: string, parent: string, DisplayName: string, more: Loose = {}) =>
  party(Id, DisplayName, { ParentRef: { value: parent }, Job: true, ...more });
const document = (of: Loose, Id: string, TxnDate: string, more: Loose): Loose => ({
  ...of,
  Id,
  TxnDate,
  TotalAmt: more["Balance"] ?? 0,
  ...stamps(longAgo),
  ...more,
});
const sale = (customer: string, Id: string, TxnDate: string, more: Loose) =>
  document({ CustomerRef: { value: customer } }, Id, TxnDate, more);
const cost = (vendor: string, Id: string, TxnDate: string, more: Loose) =>
  document({ VendorRef: { value: vendor } }, Id, TxnDate, more);
const mail = (Address: string) => ({ Address });
const phone = (FreeFormNumber: string) => ({ FreeFormNumber });

export const company = {
  Preferences: [{ Id: "1", CurrencyPrefs: { MultiCurrencyEnabled: true, HomeCurrency: { value: "USD" } } }],
  Term: [
    { Id: "3", Name: "Net 30", Type: "STANDARD", DueDays: 30, Active: true },
    { Id: "5", Name: "On the 10th", Type: "DATE_DRIVEN", DayOfMonthDue: 10, DueNextMonthDays: 5, Active: true },
  ],
  Customer: [
    party("1", "Hartwell Bakery", {
      GivenName: "Nora ",
      FamilyName: " Hartwell",
      CompanyName: "Hartwell Bakery",
      PrimaryEmailAddr: mail("office@hartwell.example"),
      PrimaryPhone: phone("(415) 555-0110"),
      Mobile: phone("(415) 555-0111"),
      BillAddr: {
        Line1: "12 Mill  Road",
        Line2: "",
        Line3: "Back door",
        City: "Fairhollow",
        CountrySubDivisionCode: "CA",
        PostalCode: "95999",
        Country: "USA",
      },
      SalesTermRef: { value: "3" },
      ...stamps(longAgo, "2026-11-10T12:00:00-08:00"),
    }),
    party("2", "Kestrel Cafe", { PrimaryEmailAddr: mail("not an address") }),
    party("3", "Marsh Studio", {
      PrimaryEmailAddr: mail("Post@Marsh.example; desk@marsh.example"),
      Mobile: phone("(415) 555-0130"),
      SalesTermRef: { value: "5" },
    }),
    party("4", "Pine Shop", { FamilyName: "Pine" }),
    party("5", "Quiet Prospect", stamps("2026-11-01T08:00:00-08:00")),
    party("6", "Rowan Group"),
    member("7", "6", "North"),
    member("8", "7", "Roof"),
    member("9", "6", "Oslo", currency("NOK")),
    party("10", "Sable Trading (EUR)", currency("EUR")),
    party("11", "Sable Trading (USD)"),
    party("12", "Tern Supplies", { SalesTermRef: { value: "3" } }),
    party("13", "Vesper Gym (deleted)", { Active: false, Balance: 75 }),
    party("14", "Yew Nursery"),
  ],
  Vendor: [
    party("1", "Tern Supplies Wholesale", { TermRef: { value: "5" }, PrimaryPhone: phone("(415) 555-0150") }),
    party("2", "Umber Freight", { TermRef: { value: "3" } }),
    party("3", "Wren Print", { ...currency("EUR"), AlternatePhone: phone("+353 1 555 0160") }),
    party("4", "Vale Power"),
    party("5", "Yarrow Timber"),
  ],
  Invoice: [
    sale("1", "101", "2026-08-01", {
      DocNumber: "H-101",
      DueDate: "2026-08-31",
      TotalAmt: 500,
      Balance: 200.25,
      BillEmail: mail("AP@hartwell.example"),
      BillEmailCc: mail("nora@hartwell.example"),
    }),
    sale("1", "102", "2026-11-01", {
      DocNumber: "H-102",
      Balance: 140.25,
      ...stamps(longAgo, "2026-11-19T23:30:00-08:00"),
    }),
    sale("1", "103", "2026-11-02", {
      DueDate: "2026-11-03",
      TotalAmt: 0,
      Balance: 0,
      PrivateNote: "Voided: entered twice",
      ...stamps(longAgo, "2026-11-18T09:00:00-08:00"),
    }),
    sale("2", "201", "2026-09-10", { DueDate: "2026-10-10", Balance: 80 }),
    sale("3", "301", "2026-11-06", { Balance: 60.5 }),
    sale("6", "601", "2026-11-10", { DueDate: "2026-12-10", Balance: 100.1 }),
    sale("7", "701", "2026-11-11", { DueDate: "2026-12-11", Balance: 50.2 }),
    sale("8", "801", "2026-11-12", { DueDate: "2026-12-12", Balance: 25.3, BillEmail: mail("roof@rowan.example") }),
    sale("9", "901", "2026-10-01", { DueDate: "2026-10-31", Balance: 900, ExchangeRate: 0.0931, ...currency("NOK") }),
    sale("10", "1001", "2026-10-20", { DueDate: "2026-11-19", Balance: 100, ExchangeRate: 1.0837 }),
    sale("10", "1002", "2026-10-21", { DueDate: "2026-11-20", Balance: 50, HomeBalance: 54.19, ExchangeRate: 1.0837 }),
    sale("11", "1101", "2026-11-02", { DueDate: "2026-12-02", Balance: 30 }),
    sale("12", "1201", "2026-11-01", { DueDate: "2026-12-01", Balance: 10 }),
    sale("13", "1301", "2026-04-01", { DueDate: "2026-05-01", Balance: 75 }),
    sale("14", "1401", "2026-10-15", { DueDate: "2026-11-14", Balance: 0.8 }),
  ],
  CreditMemo: [sale("2", "202", "2026-10-01", { TotalAmt: 100, Balance: 100, RemainingCredit: 100 })],
  SalesReceipt: [sale("4", "401", "2026-10-10", { TotalAmt: 45, Balance: 0 })],
  Payment: [
    sale("1", "104", "2026-09-10", { TotalAmt: 299.75, UnappliedAmt: 0 }),
    sale("1", "105", "2026-11-12", { TotalAmt: 0, UnappliedAmt: 0 }),
    sale("10", "1003", "2026-11-18", { TotalAmt: 10.01, UnappliedAmt: 10.01, ExchangeRate: 1.0837 }),
  ],
  Bill: [
    cost("1", "5001", "2026-11-03", { Balance: 44.4 }),
    cost("2", "5002", "2026-11-15", { Balance: 300.4, ...stamps(longAgo, "2026-11-16T08:00:00-08:00") }),
    cost("3", "5003", "2026-09-15", { DueDate: "2026-10-15", Balance: 120 }),
  ],
  VendorCredit: [cost("2", "5004", "2026-11-16", { Balance: 20.15, TotalAmt: 20.15 })],
  Purchase: [{ ...document({ EntityRef: { value: "4", type: "Vendor" } }, "5005", "2026-06-01", { TotalAmt: 12 }) }],
};

/** Two organizations were there: one that a client's user belongs to, one that carries the key of a vendor without documents. */
export const account = {
  organizations: [
    { id: 501, name: "The studio by the marsh", external_id: "CRM-77", notes: "Call before noon.", tags: ["vip"] },
    { id: 502, name: "Yarrow", organization_fields: { qbo_key: `qbo:${realm}:vendor:5` } },
  ],
  organization_fields: [{ id: 71, key: "qbo_key", type: "text", title: "QuickBooks key", active: true }],
  users: [
    { id: 901, name: "Mara Marsh", email: "desk@marsh.example", role: "end-user", organization_id: 501 },
    { id: 902, name: "Nora Hartwell", email: "office@hartwell.example", role: "end-user", organization_id: null },
  ],
  organization_memberships: [{ id: 801, user_id: 901, organization_id: 501, default: true }],
};
