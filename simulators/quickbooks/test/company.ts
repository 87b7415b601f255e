import type { JsonRecord } from "../src/json.ts";

const MetaData = { CreateTime: "2026-03-31T17:00:01-07:00", LastUpdatedTime: "2026-03-31T17:00:01-07:00" };
const common = { domain: "QBO", sparse: false, SyncToken: "0", MetaData };
const CurrencyRef = { value: "USD", name: "United States Dollar" };

export function customer(Id: string, DisplayName: string, more: JsonRecord = {}): JsonRecord {
  return {
    ...common,
    Id,
    DisplayName,
    FullyQualifiedName: DisplayName,
    Active: true,
    Job: false,
    Balance: 0,
    BalanceWithJobs: 0,
    CurrencyRef,
    ...more,
  };
}

export function vendor(Id: string, DisplayName: string, more: JsonRecord = {}): JsonRecord {
  return { ...common, Id, DisplayName, Active: true, Balance: 0, Vendor1099: false, CurrencyRef, ...more };
}

/** A family three deep, a stranger, a vendor, an item: enough for the rules of balances and names. */
export function smallCompany(): JsonRecord {
  return {
    Customer: [
      customer("1", "Freeman"),
      customer("2", "Ocean View", {
        FullyQualifiedName: "Freeman:Ocean View",
        Job: true,
        Level: 1,
        ParentRef: { value: "1" },
      }),
      customer("3", "Kitchen", {
        FullyQualifiedName: "Freeman:Ocean View:Kitchen",
        Job: true,
        Level: 2,
        ParentRef: { value: "2" },
      }),
      customer("4", "Amy's Bird Sanctuary", { PrimaryEmailAddr: { Address: "Birds@Intuit.com" } }),
    ],
    Vendor: [vendor("5", "Norton Lumber")],
    Item: [
      {
        ...common,
        Id: "1",
        Name: "Services",
        FullyQualifiedName: "Services",
        Active: true,
        Type: "Service",
        UnitPrice: 0,
      },
    ],
  };
}
