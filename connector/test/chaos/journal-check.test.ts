import { describe, expect, it } from "vitest";
import { journalMismatches, type Told } from "./journal-check.ts";

const realm = "9341453000000001";
const put = { operation: "UpdateOrganization", path: "/api/v2/organizations/7", status: 200 };
const sent = { organization: { organization_fields: { qbo_balance: 12.5, qbo_status: null } } };
const row = {
  action: "updated",
  parties: ["customer:1"],
  organizationId: 7,
  after: { qbo_status: null, qbo_balance: "12.5" },
};
const create = {
  kind: "organizations.create",
  items: [{ external_id: `qbo:${realm}:customer:9`, name: "Nine", organization_fields: {} }],
  results: [{ id: 70, status: "Created" }],
};
const created = { action: "created", parties: ["customer:9"], organizationId: 70, after: { name: "Nine" } };
const told = (more: Partial<Told>): string[] => journalMismatches({ calls: [], jobs: [], rows: [], realm, ...more });

describe("the journal's agreement with Zendesk", () => {
  it("takes a single write and its row for one, and an item of a job likewise", () => {
    expect(told({ calls: [{ ...put, requestBody: sent }], rows: [row] })).toEqual([]);
    expect(told({ jobs: [create], rows: [created] })).toEqual([]);
  });

  it("misses the row of a write that took effect, also where its answer was an error", () => {
    expect(told({ calls: [{ ...put, requestBody: sent }] })).toHaveLength(1);
    expect(told({ calls: [{ ...put, status: 500, requestBody: sent }] })).toHaveLength(1);
    expect(told({ jobs: [create] })).toHaveLength(1);
  });

  it("does not ask for a row of what was refused", () => {
    expect(told({ calls: [{ ...put, status: 429, requestBody: sent }] })).toEqual([]);
    expect(told({ jobs: [{ ...create, results: [{ index: 0, error: "DuplicateValue" }] }] })).toEqual([]);
  });

  it("leaves open what a cut line left open, once for each such call", () => {
    const cut = { ...put, status: 0, requestBody: sent };
    expect(told({ calls: [cut] })).toEqual([]);
    expect(told({ calls: [cut], rows: [row] })).toEqual([]);
    expect(told({ calls: [cut], rows: [row, row] })).toHaveLength(1);
  });

  it("finds a second row, a row of other values, and a row of nothing", () => {
    expect(told({ calls: [{ ...put, requestBody: sent }], rows: [row, row] })).toHaveLength(1);
    expect(
      told({ calls: [{ ...put, requestBody: sent }], rows: [{ ...row, after: { qbo_balance: "13" } }] }),
    ).toHaveLength(2);
    expect(told({ rows: [created] })).toHaveLength(1);
  });
});
