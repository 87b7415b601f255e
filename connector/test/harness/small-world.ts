// A company and an account small enough to know by heart: one party for each way in which a person may have to answer.
// Today is 2026-11-20; all documents are of this autumn, so that only customer 10 is out of scope.

type Loose = Record<string, unknown>;

export const today = "2026-11-20";

/** Organizations that are there before the connector comes. */
export const organizations = {
  birch: 910_000_000_602,
  cedarNorth: 910_000_000_603,
  cedarSouth: 910_000_000_604,
  dogwoodInc: 910_000_000_605,
  unrelated: 910_000_000_606,
} as const;

/** Addresses of people: what no log may hold. */
export const addresses = ["ada@alder.example", "office@birch.example", "a@cedar.example", "b@cedar.example"] as const;

const stamp = "2026-10-01T09:00:00-07:00";
const stamps = { MetaData: { CreateTime: stamp, LastUpdatedTime: stamp } };
const long = { MetaData: { CreateTime: "2020-01-15T09:00:00-08:00", LastUpdatedTime: "2020-01-15T09:00:00-08:00" } };

const party = (Id: string, DisplayName: string, more: Loose = {}): Loose => ({
  Id,
  SyncToken: "0",
  DisplayName,
  FullyQualifiedName: DisplayName,
  Active: true,
  Balance: 0,
  CurrencyRef: { value: "USD" },
  ...stamps,
  ...more,
});

const mail = (Address: string) => ({ PrimaryEmailAddr: { Address } });

const invoice = (Id: string, customer: string, amount: number, DueDate: string, more: Loose = {}): Loose => ({
  Id,
  SyncToken: "0",
  DocNumber: `1${Id}`,
  CustomerRef: { value: customer },
  TxnDate: "2026-10-01",
  DueDate,
  TotalAmt: amount,
  Balance: amount,
  CurrencyRef: { value: "USD" },
  ...stamps,
  ...more,
});

/** `more` customers without relatives and without an organization of their own, numbered from 1001. */
export function smallCompany(more = 0): Record<string, Loose[]> {
  const others = Array.from({ length: more }, (_, index) => 1_001 + index);
  return {
    Preferences: [{ Id: "1", CurrencyPrefs: { MultiCurrencyEnabled: true, HomeCurrency: { value: "USD" } } }],
    Customer: [
      party("1", "Alder Joinery", { ...mail("ada@alder.example"), Balance: 120 }),
      party("2", "Birch Works", { ...mail("office@birch.example"), Balance: 75.5 }),
      party("3", "Cedar Desks", { ...mail("a@cedar.example; b@cedar.example"), Balance: 10 }),
      party("4", "Dogwood Ltd", { Balance: 20 }),
      party("5", "Elm Trading", { Balance: 30 }),
      party("6", "Elm Trading (EUR)", { Balance: 40, CurrencyRef: { value: "EUR" } }),
      party("8", "Gorse Gardens", { Balance: 50 }),
      party("9", "Workshop", {
        FullyQualifiedName: "Alder Joinery:Workshop",
        ParentRef: { value: "1" },
        Level: 1,
        Job: true,
      }),
      party("10", "Nettle & Son", long),
      ...others.map((id) => party(String(id), `Sorrel ${id}`, { Balance: 5 })),
    ],
    Vendor: [party("1", "Hazel Paper", { Balance: 60 })],
    Invoice: [
      invoice("101", "1", 120, "2026-12-01"),
      invoice("102", "2", 75.5, "2026-11-01"),
      invoice("103", "3", 10, "2026-12-01"),
      invoice("104", "4", 20, "2026-12-01"),
      invoice("105", "5", 30, "2026-12-01"),
      invoice("106", "6", 40, "2026-12-01", { CurrencyRef: { value: "EUR" }, ExchangeRate: 1.1 }),
      invoice("108", "8", 50, "2026-12-01"),
      ...others.map((id) => invoice(String(id), String(id), 5, "2026-12-01")),
    ],
    Bill: [
      {
        ...invoice("201", "", 60, "2026-12-01"),
        CustomerRef: undefined,
        VendorRef: { value: "1" },
      },
    ],
  };
}

const organization = (id: number, name: string, more: Loose = {}): Loose => ({ id, name, ...more });
const user = (id: number, email: string, organization_id: number | null): Loose => ({
  id,
  name: `Person ${id}`,
  email,
  role: "end-user",
  verified: true,
  organization_id,
});

export function smallAccount(): Record<string, Loose[]> {
  return {
    organizations: [
      organization(organizations.birch, "Birch", {
        external_id: "CRM-602",
        notes: "Ask for Ms Birch.",
        tags: ["gold"],
      }),
      organization(organizations.cedarNorth, "Cedar North"),
      organization(organizations.cedarSouth, "Cedar South"),
      organization(organizations.dogwoodInc, "Dogwood Inc"),
      organization(organizations.unrelated, "Unrelated", { details: "Never a client." }),
    ],
    users: [
      user(701, "ada@alder.example", null),
      user(702, "office@birch.example", organizations.birch),
      user(703, "a@cedar.example", organizations.cedarNorth),
      user(704, "b@cedar.example", organizations.cedarSouth),
    ],
    organization_memberships: [],
  };
}
