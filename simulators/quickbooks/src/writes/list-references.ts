import { type Company, columnIndex, entityOf, recordIn, tableOf } from "../company/index.ts";
import { type JsonRecord, textAt } from "../json.ts";

/** Accounts that a company file may lack though forms refer to them, as numbered in the vendor's sample company. */
const usual: Readonly<Record<string, JsonRecord>> = {
  Bank: { value: "35", name: "Checking" },
  Expense: { value: "7", name: "Expense" },
  Income: { value: "1", name: "Services" },
  "Accounts Payable": { value: "33", name: "Accounts Payable (A/P)" },
};

/** The first account of a type. */
export function accountRef(company: Company, type: "Bank" | "Expense" | "Income" | "Accounts Payable"): JsonRecord {
  const place = columnIndex(entityOf("Account"), "AccountType");
  for (const row of tableOf(company, "Account").all()) {
    if (row.cells[place] !== type.toLowerCase()) continue;
    const account = recordIn(company, "Account", row.id);
    return { value: row.id, name: (account === undefined ? undefined : textAt(account, "Name")) ?? type };
  }
  return usual[type] ?? { value: "1" };
}

/** Where money lies that is not deposited yet; "4" in the vendor's sample company. */
export function undepositedRef(company: Company): JsonRecord {
  const place = columnIndex(entityOf("Account"), "Name");
  for (const row of tableOf(company, "Account").all()) {
    if (row.cells[place] === "undeposited funds") return { value: row.id, name: "Undeposited Funds" };
  }
  return { value: "4", name: "Undeposited Funds" };
}

export function itemRef(company: Company): JsonRecord {
  for (const row of tableOf(company, "Item").all()) {
    const item = recordIn(company, "Item", row.id);
    if (item !== undefined && item["Active"] !== false && item["Type"] !== "Category") {
      return { value: row.id, name: textAt(item, "Name") ?? "Item" };
    }
  }
  return { value: "1", name: "Services" };
}
