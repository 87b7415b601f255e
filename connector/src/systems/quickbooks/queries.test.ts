import { describe, expect, it } from "vitest";
import { countRows, quoted, selectByIds, selectPage } from "./queries.ts";

const fromStart = { time: "CreateTime", from: undefined } as const;
const first = { startPosition: 1, most: 1000 };

describe("statements", () => {
  it("escape what ends a text", () => {
    expect(quoted("O'Neil \\ Sons")).toBe("'O\\'Neil \\\\ Sons'");
  });

  it("ask name lists for inactive rows, too, and transactions never for Active", () => {
    expect(selectByIds("Vendor", ["1", "2"])).toContain("Id IN ('1', '2') AND Active IN (true, false)");
    expect(countRows("Customer")).toContain("WHERE Active IN (true, false)");
    for (const statement of [selectByIds("Invoice", ["1"]), selectPage("Bill", fromStart, first), countRows("Payment")])
      expect(statement).not.toContain("Active");
  });

  it("page by creation, with explicit bounds", () => {
    expect(selectPage("Invoice", { time: "CreateTime", from: "2026-01-05T08:00:00-08:00" }, first)).toBe(
      "SELECT * FROM Invoice WHERE MetaData.CreateTime >= '2026-01-05T08:00:00-08:00' ORDERBY MetaData.CreateTime STARTPOSITION 1 MAXRESULTS 1000",
    );
    expect(selectPage("Preferences", fromStart, first)).toBe("SELECT * FROM Preferences");
  });
});
