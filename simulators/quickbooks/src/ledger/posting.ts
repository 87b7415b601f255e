import type { Decimal } from "decimal.js";
import { type EntityName, entityNamed } from "../company/index.ts";
import { type JsonRecord, recordAt, recordsAt, refAt, textAt } from "../json.ts";
import { amountAt, sum, zero } from "./money.ts";

/** A document that can be settled by others: it has a balance and links. */
export type Settled = "Invoice" | "CreditMemo" | "Bill" | "VendorCredit";

/** How much of a settling document goes to one settled document. */
export interface Application {
  readonly entity: Settled;
  readonly id: string;
  readonly amount: Decimal;
}

export interface PartyKey {
  readonly entity: "Customer" | "Vendor";
  readonly id: string;
}

const settledEntities: ReadonlySet<string> = new Set(["Invoice", "CreditMemo", "Bill", "VendorCredit"]);

export function isSettled(entity: EntityName): entity is Settled {
  return settledEntities.has(entity);
}

/** Whose document it is. A purchase may be of nobody, or of a customer. */
export function partyOf(entity: EntityName, record: JsonRecord): PartyKey | undefined {
  if (entity === "Purchase") {
    const reference = refAt(record, "EntityRef");
    const type = entityNamed(textAt(recordAt(record, "EntityRef") ?? {}, "type") ?? "Vendor")?.name;
    if (reference === undefined || (type !== "Vendor" && type !== "Customer")) return undefined;
    return { entity: type, id: reference };
  }
  const customer = refAt(record, "CustomerRef");
  const isVendorSide = entity === "Bill" || entity === "VendorCredit" || entity === "BillPayment";
  if (isVendorSide) {
    const vendor = refAt(record, "VendorRef");
    return vendor === undefined ? undefined : { entity: "Vendor", id: vendor };
  }
  return customer === undefined ? undefined : { entity: "Customer", id: customer };
}

/** What the document itself adds to its party's balance before anything is applied; payments come in through applications. */
export function openAmount(entity: EntityName, record: JsonRecord): Decimal {
  if (!isSettled(entity)) return zero;
  const total = amountAt(record, "TotalAmt");
  return entity === "Invoice" ? total.minus(amountAt(record, "Deposit")) : total;
}

/** Credits lower what the party owes. */
export function signOf(entity: Settled): 1 | -1 {
  return entity === "Invoice" || entity === "Bill" ? 1 : -1;
}

export function applicationsOf(entity: EntityName, record: JsonRecord): Application[] {
  if (entity !== "Payment" && entity !== "BillPayment") return [];
  const allowed: readonly Settled[] = entity === "Payment" ? ["Invoice", "CreditMemo"] : ["Bill", "VendorCredit"];
  const byTarget = new Map<string, Application>();
  for (const line of recordsAt(record, "Line")) {
    for (const link of recordsAt(line, "LinkedTxn")) {
      const target = allowed.find((one) => one.toLowerCase() === textAt(link, "TxnType")?.toLowerCase());
      const id = textAt(link, "TxnId");
      if (target === undefined || id === undefined) continue;
      const key = `${target}:${id}`;
      const amount = (byTarget.get(key)?.amount ?? zero).plus(amountAt(line, "Amount"));
      byTarget.set(key, { entity: target, id, amount });
    }
  }
  return [...byTarget.values()];
}

/** What of a payment is applied to nothing: its total, plus the credits it uses, minus what it settles. */
export function unappliedOf(entity: EntityName, record: JsonRecord): Decimal {
  if (entity !== "Payment" && entity !== "BillPayment") return zero;
  const used = applicationsOf(entity, record).map(({ entity: target, amount }) => amount.times(-signOf(target)));
  return amountAt(record, "TotalAmt").plus(sum(used));
}

/** The `TxnType` under which a document stands in the `LinkedTxn` of what it settles. */
export function linkTypeOf(entity: EntityName, record: JsonRecord): string {
  if (entity !== "BillPayment") return entity;
  return textAt(record, "PayType") === "CreditCard" ? "BillPaymentCreditCard" : "BillPaymentCheck";
}
