import { describe, expect, it } from "vitest";
import { beginLife, changeKinds, type LifeChange, type LifeState, nextChange } from "./life-script.ts";
import type { CardTarget } from "./life-world.ts";
import { sampleCompany } from "./sample-company.ts";

const today = "2026-11-22";
const company = sampleCompany(7, today);
const cards: CardTarget[] = [
  ...company.Customer.filter((one) => one.ParentRef === undefined && one.Active).map((one) => `customer:${one.Id}`),
  ...company.Vendor.filter((one) => one.Active).map((one) => `vendor:${one.Id}`),
].map((party, index) => ({ party, organizationId: 1000 + index, origin: index % 3 === 0 ? "adopted" : "created" }));

function live(state: LifeState, count: number, of: readonly CardTarget[] = cards): LifeChange[] {
  const made: LifeChange[] = [];
  while (made.length < count) {
    const change = nextChange(state, { company, cards: of, today });
    if (change === undefined) break;
    made.push(change);
  }
  return made;
}

const changes = live(beginLife(7), 200);
const firstSteps = (kind: string) =>
  changes
    .filter((change) => change.kind === kind)
    .map((change) => {
      const [step] = change.steps;
      if (step === undefined || typeof step === "function") throw new Error("the first step depends on nothing");
      return { party: change.party, step };
    });

describe("nextChange", () => {
  it("makes 200 changes of at least ten kinds, each on a card of its own", () => {
    expect(changes.length).toBe(200);
    expect(new Set(changes.map((change) => change.kind)).size).toBeGreaterThanOrEqual(15);
    const parties = changes.flatMap((change) => change.party ?? []);
    expect(new Set(parties).size).toBe(parties.length);
  });

  it("says each change in one line that holds no mail address", () => {
    for (const change of changes) {
      expect(change.says).not.toMatch(/[\n@]/);
      expect(changeKinds).toContain(change.kind);
    }
  });

  it("is the same for the same seed", () => {
    const again = live(beginLife(7), 40);
    expect(again.map((change) => change.says)).toEqual(changes.slice(0, 40).map((change) => change.says));
  });

  it("pays, voids and redates only what is open, and never more than is open", () => {
    const invoices = new Map(company.Invoice.map((one) => [one.Id, one]));
    const receipts = [...firstSteps("paid in full"), ...firstSteps("partly paid")];
    expect(receipts.length).toBeGreaterThan(10);
    for (const { step } of receipts) {
      const lines = step.record?.["Line"] as { Amount: number; LinkedTxn: { TxnId: string }[] }[] | undefined;
      const line = lines?.[0];
      const open = invoices.get(line?.LinkedTxn[0]?.TxnId ?? "")?.Balance ?? 0;
      expect(line?.Amount).toBeGreaterThan(0);
      expect(line?.Amount).toBeLessThanOrEqual(open);
      expect(step.record?.["TotalAmt"]).toBe(line?.Amount);
    }
    for (const { step } of firstSteps("invoice voided")) {
      expect(invoices.get(step.id ?? "")?.Balance).toBeGreaterThan(0);
      expect(invoices.get(step.id ?? "")?.LinkedTxn ?? []).toEqual([]);
    }
    for (const { step } of firstSteps("due date moved")) {
      const before = invoices.get(step.id ?? "")?.DueDate ?? "";
      // From late to not late or back: the count of overdue invoices moves with it.
      expect(String(step.record?.["DueDate"]) < today).toBe(before >= today);
    }
  });

  it("renames only clients whose organization is ours, since an adopted one keeps its name", () => {
    const created = new Set(cards.filter((card) => card.origin === "created").map((card) => card.party));
    const renamed = firstSteps("renamed");
    expect(renamed.length).toBeGreaterThan(5);
    expect(renamed.every(({ party }) => created.has(party ?? ""))).toBe(true);
  });

  it("changes a mail address only where the card shows it: no invoice names another", () => {
    for (const { step } of firstSteps("mail address added")) {
      const named = company.Invoice.filter((one) => one.CustomerRef.value === step.id && one.BillEmail);
      expect(named).toEqual([]);
    }
  });

  it("never picks a card of several parties, where one party's change need not show", () => {
    const joined = cards.slice(0, 200);
    for (const [index, card] of joined.entries()) {
      joined[index] = { party: card.party, organizationId: Math.floor(index / 2), origin: card.origin };
    }
    expect(live(beginLife(7), 5, joined)).toEqual([]);
  });

  it("ends when every card was used, and goes on after a new round is begun", () => {
    const state = beginLife(3);
    const few = cards.slice(20, 32);
    expect(live(state, 200, few).length).toBeLessThan(40);
    expect(nextChange(state, { company, cards: few, today })).toBeUndefined();
    state.used.clear();
    expect(nextChange(state, { company, cards: few, today })).toBeDefined();
  });
});
