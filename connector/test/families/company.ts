// A company of families: sub-customers two levels deep, projects below customers and below sub-customers, a sub-customer below a project, one
// of another currency, addresses that relatives share, and an account that knows some of them.
// Today is 2026-11-20; all documents are of this autumn.

type Loose = Record<string, unknown>;

const stamp = "2026-10-01T09:00:00-07:00";
const stamps = { MetaData: { CreateTime: stamp, LastUpdatedTime: stamp } };

export const organizations = { birch: 910_000_000_701, yard: 910_000_000_702, unrelated: 910_000_000_703 } as const;

const names = new Map<string, string>();

export function customer(Id: string, DisplayName: string, more: Loose & { under?: string; mail?: string } = {}): Loose {
  const { under, mail, ...rest } = more;
  const path = under === undefined ? DisplayName : `${names.get(under)}:${DisplayName}`;
  names.set(Id, path);
  return {
    Id,
    SyncToken: "0",
    DisplayName,
    FullyQualifiedName: path,
    Active: true,
    Balance: 0,
    CurrencyRef: { value: "USD" },
    ...(under === undefined ? {} : { ParentRef: { value: under }, Job: true, Level: path.split(":").length - 1 }),
    ...(mail === undefined ? {} : { PrimaryEmailAddr: { Address: mail } }),
    ...stamps,
    ...rest,
  };
}

export function invoice(Id: string, of: string, TotalAmt: number, DueDate: string, more: Loose = {}): Loose {
  return {
    Id,
    SyncToken: "0",
    DocNumber: `1${Id}`,
    CustomerRef: { value: of },
    TxnDate: "2026-10-01",
    DueDate,
    TotalAmt,
    Balance: TotalAmt,
    CurrencyRef: { value: "USD" },
    ...stamps,
    ...more,
  };
}

export function familyCompany(): Record<string, Loose[]> {
  return {
    Preferences: [{ Id: "1", CurrencyPrefs: { MultiCurrencyEnabled: true, HomeCurrency: { value: "USD" } } }],
    Customer: [
      customer("1", "Alder Joinery", { mail: "ada@alder.example", Balance: 120 }),
      customer("2", "Workshop", { under: "1", mail: "workshop@alder.example", Balance: 30 }),
      customer("3", "Cellar", { under: "2", Balance: 12 }),
      customer("4", "Kitchen 2026", { under: "1", mail: "ada@alder.example", IsProject: true, Balance: 400 }),
      customer("5", "Phase two", { under: "4", Balance: 55 }),
      customer("12", "Annex", { under: "2", IsProject: true, Balance: 7 }),
      customer("6", "Birch Works", { mail: "office@birch.example", Balance: 75 }),
      customer("7", "Yard", { under: "6", mail: "yard@birch.example", CurrencyRef: { value: "EUR" }, Balance: 40 }),
      customer("8", "Elm Trading", { Balance: 30 }),
    ],
    Vendor: [
      {
        Id: "1",
        SyncToken: "0",
        DisplayName: "Hazel Paper",
        Active: true,
        Balance: 60,
        CurrencyRef: { value: "USD" },
        ...stamps,
      },
    ],
    Invoice: [
      invoice("101", "1", 120, "2026-12-01"),
      invoice("102", "2", 30, "2026-11-01"),
      invoice("103", "3", 12, "2026-12-01"),
      invoice("104", "4", 400, "2026-10-20"),
      invoice("105", "5", 55, "2026-12-01"),
      invoice("106", "6", 75, "2026-12-01"),
      invoice("107", "7", 40, "2026-10-15", { CurrencyRef: { value: "EUR" }, ExchangeRate: 1.1 }),
      invoice("108", "8", 30, "2026-12-01"),
      invoice("112", "12", 7, "2026-12-01"),
    ],
    Bill: [{ ...invoice("201", "", 60, "2026-12-01"), CustomerRef: undefined, VendorRef: { value: "1" } }],
  };
}

export function familyAccount(): Record<string, Loose[]> {
  const user = (id: number, email: string, organization_id: number | null): Loose => ({
    id,
    name: `Person ${id}`,
    email,
    role: "end-user",
    verified: true,
    organization_id,
  });
  return {
    organizations: [
      { id: organizations.birch, name: "Birch", notes: "Ask for Ms Birch.", tags: ["gold"] },
      { id: organizations.yard, name: "The yard", external_id: "CRM-702" },
      { id: organizations.unrelated, name: "Unrelated", details: "Never a client." },
    ],
    users: [
      user(801, "ada@alder.example", null),
      user(802, "office@birch.example", organizations.birch),
      user(803, "workshop@alder.example", null),
    ],
    organization_memberships: [],
  };
}
