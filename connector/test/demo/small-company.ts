// A company of five clients in which every figure hangs on a rule that is easy to get wrong. Its dates lie about today, whatever today is.
type Loose = Record<string, unknown>;

const dayMs = 86_400_000;
const day = (fromToday: number) => new Date(Date.now() + fromToday * dayMs).toISOString().slice(0, 10);
const stamps = { MetaData: { CreateTime: "2020-01-15T09:00:00-08:00", LastUpdatedTime: "2020-01-15T09:00:00-08:00" } };
const usd = { CurrencyRef: { value: "USD" } };

const party = (Id: string, DisplayName: string, more: Loose = {}): Loose => ({
  Id,
  DisplayName,
  FullyQualifiedName: DisplayName,
  Active: true,
  Balance: 0,
  ...usd,
  ...stamps,
  ...more,
});
const sale = (customer: string, Id: string, date: number, more: Loose): Loose => ({
  Id,
  CustomerRef: { value: customer },
  TxnDate: day(date),
  TotalAmt: more["Balance"] ?? 0,
  ...usd,
  ...stamps,
  ...more,
});

export const smallCompany = {
  Preferences: [{ Id: "1", CurrencyPrefs: { MultiCurrencyEnabled: true, HomeCurrency: { value: "USD" } } }],
  Customer: [
    party("1", "Alder Bakery"),
    party("2", "Birch Studio"),
    party("3", "Cedar Group"),
    party("4", "North", { ParentRef: { value: "3" }, Job: true }),
    party("5", "Oslo", { ParentRef: { value: "3" }, Job: true, CurrencyRef: { value: "NOK" } }),
  ],
  Vendor: [party("1", "Dogwood Power")],
  Invoice: [
    // Late, and covered by a payment that nobody has applied yet.
    sale("1", "11", -60, { DueDate: day(-30), Balance: 80 }),
    sale("2", "21", -10, { DueDate: day(20), Balance: 50.5 }),
    sale("3", "31", -10, { DueDate: day(20), Balance: 100.1 }),
    sale("4", "41", -10, { DueDate: day(20), Balance: 50.2 }),
    sale("5", "51", -10, { DueDate: day(20), Balance: 900, CurrencyRef: { value: "NOK" }, ExchangeRate: 0.0931 }),
  ],
  Payment: [sale("1", "12", -5, { TotalAmt: 100, UnappliedAmt: 100 })],
  Bill: [
    { ...sale("", "61", -5, { DueDate: day(25), Balance: 30 }), CustomerRef: undefined, VendorRef: { value: "1" } },
  ],
};

export const smallAccount = {
  organizations: [{ id: 501, name: "ALDER BAKERY", external_id: "CRM-1", notes: "Call first.", tags: ["vip"] }],
};
