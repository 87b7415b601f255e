import { describe, expect, it } from "vitest";
import { parseOrganizationId } from "../../../domain/index.ts";
import type { Decision } from "../decide/decision.ts";
import { withoutFutile } from "./futile-writes.ts";

const update = (more: Partial<Extract<Decision, { kind: "update" }>> = {}): Extract<Decision, { kind: "update" }> => ({
  kind: "update",
  organization: { id: parseOrganizationId(7), name: "Acme", externalId: undefined, domains: [], fields: {} },
  name: undefined,
  changed: { qbo_contact: "Ada", qbo_balance: "12.5" },
  before: { qbo_contact: "Bob", qbo_balance: "13" },
  links: [],
  families: [],
  facts: { nextFlipOn: undefined, mixedCurrency: false, members: [], faults: [] },
  unlinked: [],
  ...more,
});
const nothing = { applied: {}, restores: new Map<string, number>(), storedForms: new Set<string>() };

describe("a write that is not in vain", () => {
  it("is every value that we never wrote, or that has changed on our side since", () => {
    const of = { ...nothing, applied: { qbo_contact: "Carl" }, restores: new Map([["qbo_contact", 9]]) };
    expect(withoutFutile(update(), of)).toEqual({ decision: update(), restored: [], leftAlone: [] });
  });

  it("is a value of ours that somebody changed: it is restored", () => {
    const of = { ...nothing, applied: { qbo_contact: "Ada" }, restores: new Map([["qbo_contact", 2]]) };
    expect(withoutFutile(update(), of)).toEqual({ decision: update(), restored: ["qbo_contact"], leftAlone: [] });
  });
});

describe("a write in vain", () => {
  it("is a field that was restored three times within a day: the others go on", () => {
    const of = { ...nothing, applied: { qbo_contact: "Ada" }, restores: new Map([["qbo_contact", 3]]) };
    const { decision, leftAlone } = withoutFutile(update(), of);
    expect(leftAlone).toEqual(["qbo_contact"]);
    expect(decision).toMatchObject({ kind: "update", changed: { qbo_balance: "12.5" }, before: { qbo_balance: "13" } });
    expect(Object.keys(decision.kind === "update" ? decision.changed : {})).toEqual(["qbo_balance"]);
  });

  it("is a value that stands there in the form that Zendesk gives it", () => {
    const of = { ...nothing, storedForms: new Set(["qbo_contact", "qbo_balance"]) };
    expect(withoutFutile(update(), of).decision).toMatchObject({ kind: "unchanged", organizationId: 7 });
  });

  it("is a name that was restored three times within a day", () => {
    const name = { value: "Acme Ltd", key: "acme ltd" };
    const of = { ...nothing, applied: { name: "Acme Ltd" }, restores: new Map([["name", 3]]) };
    const { decision, leftAlone } = withoutFutile(update({ name, changed: {}, before: {} }), of);
    expect(leftAlone).toEqual(["name"]);
    expect(decision.kind).toBe("unchanged");
  });
});
