import { Decimal } from "decimal.js";
import { describe, expect, it } from "vitest";
import { ageBucket, customerStatus, vendorStatus } from "./index.ts";

const policy = { tolerance: new Decimal("1.00") };

function standing(said: { documents?: number; open?: string; late?: string; credit?: string }) {
  return {
    documents: said.documents ?? 1,
    open: new Decimal(said.open ?? said.late ?? 0),
    late: new Decimal(said.late ?? 0),
    unappliedCredit: new Decimal(said.credit ?? 0),
  };
}

describe("customerStatus", () => {
  it("calls a client overdue by one cent more than the tolerance, not by the tolerance itself", () => {
    expect(customerStatus(standing({ late: "1.01" }), policy)).toBe("overdue");
    expect(customerStatus(standing({ late: "1.00" }), policy)).toBe("open");
  });
  it("calls nobody overdue whose unapplied payment covers what is late", () => {
    expect(customerStatus(standing({ late: "100", credit: "99" }), policy)).toBe("open");
    expect(customerStatus(standing({ late: "100", credit: "98.99" }), policy)).toBe("overdue");
  });
  it("says credit only when it covers all that is open and is above zero", () => {
    expect(customerStatus(standing({ open: "50", credit: "50" }), policy)).toBe("credit");
    expect(customerStatus(standing({ open: "50", credit: "49.99" }), policy)).toBe("open");
    expect(customerStatus(standing({ credit: "0.01" }), policy)).toBe("credit");
  });
  it("tells paid from never traded", () => {
    expect(customerStatus(standing({}), policy)).toBe("paid");
    expect(customerStatus(standing({ documents: 0 }), policy)).toBe("none");
  });
  it("loses no cent of balances beyond twenty digits", () => {
    const huge = standing({ late: "12345678901234567890123.02", credit: "12345678901234567890122" });
    expect(customerStatus(huge, policy)).toBe("overdue");
  });
});

describe("vendorStatus", () => {
  it("says that we are late beyond the tolerance, else what we owe, else settled, else none", () => {
    expect(vendorStatus(standing({ late: "1.01" }), policy)).toBe("we_are_late");
    expect(vendorStatus(standing({ late: "1.00" }), policy)).toBe("we_owe");
    expect(vendorStatus(standing({ late: "100", credit: "100" }), policy)).toBe("settled");
    expect(vendorStatus(standing({}), policy)).toBe("settled");
    expect(vendorStatus(standing({ documents: 0 }), policy)).toBe("none");
  });
});

describe("ageBucket", () => {
  it("begins its buckets at 1, 31, 61 and 91 days", () => {
    expect([-5, 0, 1, 30, 31, 60, 61, 90, 91, 40_000].map(ageBucket)).toEqual([
      "current",
      "current",
      "1-30",
      "1-30",
      "31-60",
      "31-60",
      "61-90",
      "61-90",
      "91+",
      "91+",
    ]);
  });
});
