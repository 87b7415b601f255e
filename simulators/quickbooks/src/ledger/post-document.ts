import { Decimal } from "decimal.js";
import type { EntityName } from "../company/index.ts";
import { faults } from "../faults.ts";
import { copyOf, isRecord, type Json, type JsonRecord, recordsAt, textAt } from "../json.ts";
import { addLink, addToParty, linksOf, lowerBalance, rateOf, removeLink } from "./balances.ts";
import type { ChangeSet } from "./change-set.ts";
import { amountAt, amountJson, sum, zero } from "./money.ts";
import {
  type Application,
  applicationsOf,
  isSettled,
  linkTypeOf,
  openAmount,
  partyOf,
  type Settled,
  signOf,
  unappliedOf,
} from "./posting.ts";

interface Posted {
  readonly entity: EntityName;
  readonly id: string;
  readonly before: JsonRecord | undefined;
  /** Undefined when the document goes away. */
  readonly after: JsonRecord | undefined;
}

/**
 * Books the difference between two versions of a document: its own balance, the documents it settles with their links,
 * the parties and the families above them. `after` gets its computed fields. Does not store the document itself.
 */
export function postDocument(changes: ChangeSet, posted: Posted): void {
  const { entity, id, before, after } = posted;
  if (after !== undefined) checkSettlement(changes, entity, before, after);
  if (isSettled(entity) && before !== undefined) makeRoom(changes, entity, id, before, after);
  postOwnBalance(changes, posted);
  postApplications(changes, posted);
}

function postOwnBalance(changes: ChangeSet, { entity, id, before, after }: Posted): void {
  // What payments have taken meanwhile (makeRoom) stands in the working copy, not in `before`.
  const current = before === undefined ? undefined : changes.look(entity, id);
  if (isSettled(entity) && after !== undefined) {
    const applied = current === undefined ? zero : openAmount(entity, current).minus(amountAt(current, "Balance"));
    if (current?.["LinkedTxn"] === undefined) delete after["LinkedTxn"];
    else after["LinkedTxn"] = current["LinkedTxn"];
    after["Balance"] = 0;
    if (after["HomeTotalAmt"] !== undefined) {
      after["HomeTotalAmt"] = amountJson(amountAt(after, "TotalAmt").times(rateOf(after)));
    }
    // A payment that the company file does not hold cannot be taken back: nothing is open then, never less.
    const open = Decimal.max(openAmount(entity, after).minus(applied), zero);
    lowerBalance(after, entity, open.negated());
  }
  for (const [record, sign] of [
    [before, -1],
    [after, 1],
  ] as const) {
    const party = record === undefined ? undefined : partyOf(entity, record);
    if (record === undefined || party === undefined) continue;
    const own = isSettled(entity) ? openAmount(entity, record).times(signOf(entity)) : zero;
    addToParty(changes, party, own.times(sign));
  }
}

function postApplications(changes: ChangeSet, { entity, id, before, after }: Posted): void {
  if (entity !== "Payment" && entity !== "BillPayment") return;
  const old = before === undefined ? [] : applicationsOf(entity, before);
  const now = after === undefined ? [] : applicationsOf(entity, after);
  const amountIn = (list: Application[], one: Application) =>
    list.find((other) => other.entity === one.entity && other.id === one.id)?.amount ?? zero;
  const targets = [...now, ...old.filter((one) => !now.some((two) => two.entity === one.entity && two.id === one.id))];
  for (const target of targets) {
    const newAmount = amountIn(now, target);
    const difference = newAmount.minus(amountIn(old, target));
    applyTo(changes, target, difference);
    const record = changes.edit(target.entity, target.id, difference.isZero() ? "silent" : "content");
    if (record === undefined) continue;
    const type = linkTypeOf(entity, after ?? before ?? {});
    if (now.some((one) => one.entity === target.entity && one.id === target.id)) addLink(record, id, type);
    else removeLink(record, id, type);
  }
  for (const [record, sign] of [
    [before, 1],
    [after, -1],
  ] as const) {
    const party = record === undefined ? undefined : partyOf(entity, record);
    if (record !== undefined && party !== undefined) {
      addToParty(changes, party, unappliedOf(entity, record).times(sign));
    }
  }
  if (after !== undefined && entity === "Payment") after["UnappliedAmt"] = amountJson(unappliedOf(entity, after));
}

/** Moves `amount` of a settled document from open to settled, and lowers (credits: raises) what its party owes. */
function applyTo(changes: ChangeSet, target: Application, amount: Decimal): void {
  if (amount.isZero()) return;
  const record = changes.edit(target.entity, target.id, "content");
  if (record === undefined) return;
  lowerBalance(record, target.entity, amount);
  const party = partyOf(target.entity, record);
  if (party !== undefined) addToParty(changes, party, amount.times(-signOf(target.entity)));
  if (!changes.rules.paymentsAnnounceInvoices) return;
  changes.announce({ entity: target.entity, id: target.id, operation: "updated", ripple: true });
}

/** Refuses to settle what is not there, or more than is open. Words of 6000 are ours; 620 is the vendor's. */
function checkSettlement(
  changes: ChangeSet,
  entity: EntityName,
  before: JsonRecord | undefined,
  after: JsonRecord,
): void {
  const old = before === undefined ? [] : applicationsOf(entity, before);
  for (const target of applicationsOf(entity, after)) {
    const record = changes.look(target.entity, target.id);
    if (record === undefined) throw faults.cannotLink();
    if (target.amount.isNegative()) throw faults.business("The amount of a payment line must not be negative.");
    const had = old.find((one) => one.entity === target.entity && one.id === target.id)?.amount ?? zero;
    if (target.amount.minus(had).greaterThan(amountAt(record, "Balance"))) {
      throw faults.business(`The amount applied is more than the open balance of ${target.entity} ${target.id}.`);
    }
  }
  if (unappliedOf(entity, after).isNegative()) {
    throw faults.business("The amounts applied are more than the payment and the credits used.");
  }
}

/**
 * Before a settled document shrinks, changes hands or goes, what settled more than it will still hold is taken back from
 * the payments, newest first: the money stays with the customer as unapplied (as the UI does when an invoice is voided).
 */
function makeRoom(
  changes: ChangeSet,
  entity: Settled,
  id: string,
  before: JsonRecord,
  after: JsonRecord | undefined,
): void {
  const applied = openAmount(entity, before).minus(amountAt(before, "Balance"));
  const sameParty = after !== undefined && partyOf(entity, before)?.id === partyOf(entity, after)?.id;
  const room = sameParty ? openAmount(entity, after) : zero;
  let excess = applied.minus(Decimal.max(room, zero));
  for (const link of linksOf(before).reverse()) {
    if (excess.lessThanOrEqualTo(0)) return;
    const settling: EntityName = link.type === "Payment" ? "Payment" : "BillPayment";
    const payment = changes.look(settling, link.id);
    if (payment === undefined || !["Payment", "BillPaymentCheck", "BillPaymentCreditCard"].includes(link.type))
      continue;
    const held =
      applicationsOf(settling, payment).find((one) => one.entity === entity && one.id === id)?.amount ?? zero;
    const back = Decimal.min(held, excess);
    excess = excess.minus(back);
    rewriteSettlement(changes, settling, link.id, balanced(settling, takenBack(payment, entity, id, back)));
  }
}

function rewriteSettlement(changes: ChangeSet, entity: "Payment" | "BillPayment", id: string, after: JsonRecord): void {
  const before = changes.look(entity, id);
  if (before === undefined) return;
  const old = copyOf(before);
  postApplications(changes, { entity, id, before: old, after });
  changes.replace(entity, id, after);
  changes.announce({ entity, id, operation: "updated", ripple: true });
}

/** The payment with `back` less on its lines to one document. */
function takenBack(payment: JsonRecord, entity: Settled, id: string, back: Decimal): JsonRecord {
  let rest = back;
  const lines: Json[] = [];
  for (const line of recordsAt(payment, "Line")) {
    const isLinked = recordsAt(line, "LinkedTxn").some(
      (link) => textAt(link, "TxnId") === id && textAt(link, "TxnType")?.toLowerCase() === entity.toLowerCase(),
    );
    const less = isLinked ? Decimal.min(amountAt(line, "Amount"), rest) : zero;
    rest = rest.minus(less);
    const amount = amountAt(line, "Amount").minus(less);
    if (!isLinked || amount.greaterThan(0)) lines.push({ ...line, Amount: amountJson(amount) });
  }
  return { ...payment, Line: lines };
}

/** When a credit that a payment used is gone, the payment settles less, last line first. */
function balanced(entity: "Payment" | "BillPayment", payment: JsonRecord): JsonRecord {
  let result = payment;
  for (const target of applicationsOf(entity, payment).reverse()) {
    const short = unappliedOf(entity, result).negated();
    if (short.lessThanOrEqualTo(0)) break;
    if (signOf(target.entity) === 1) {
      result = takenBack(result, target.entity, target.id, Decimal.min(short, target.amount));
    }
  }
  return result;
}

/** The sum of a form's lines, with discounts taken off and tax put on. */
export function totalOfLines(record: JsonRecord): Decimal {
  const amounts = recordsAt(record, "Line").map((line) => {
    const type = textAt(line, "DetailType");
    if (type === "SubTotalLineDetail") return zero;
    return type === "DiscountLineDetail" ? amountAt(line, "Amount").negated() : amountAt(line, "Amount");
  });
  const tax = record["TxnTaxDetail"];
  return sum(amounts).plus(isRecord(tax) ? amountAt(tax, "TotalTax") : zero);
}
