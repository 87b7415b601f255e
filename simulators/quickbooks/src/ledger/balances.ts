import type { Decimal } from "decimal.js";
import type { EntityName } from "../company/index.ts";
import { type JsonRecord, recordsAt, refAt, textAt } from "../json.ts";
import type { ChangeSet } from "./change-set.ts";
import { amountAt, amountJson } from "./money.ts";
import type { PartyKey, Settled } from "./posting.ts";

/**
 * Adds to a party's balance, and to `BalanceWithJobs` of every customer above it. The party is touched even by zero:
 * posting any transaction moves its LastUpdatedTime without SyncToken (recorded: customer 1 took its credit memo's
 * creation second at SyncToken 3, NangoHQ/integration-templates). Whether those above are touched too is a switch.
 */
export function addToParty(changes: ChangeSet, party: PartyKey, amount: Decimal): void {
  const { rules } = changes;
  const record = changes.edit(party.entity, party.id, rules.partyTimeMoves ? "time" : "silent");
  if (record === undefined) return;
  if (rules.ripplesAnnounceParties) changes.announce({ ...party, operation: "updated", ripple: true });
  record["Balance"] = amountJson(amountAt(record, "Balance").plus(amount));
  if (party.entity === "Vendor") return;
  record["BalanceWithJobs"] = amountJson(amountAt(record, "BalanceWithJobs").plus(amount));
  if (amount.isZero()) return;
  for (const above of ancestorsOf(changes, record)) {
    const parent = changes.edit("Customer", above, rules.familyTimeMoves ? "time" : "silent");
    if (parent !== undefined) {
      parent["BalanceWithJobs"] = amountJson(amountAt(parent, "BalanceWithJobs").plus(amount));
    }
  }
}

// A family is at most five levels deep (customer page of the API reference); a file may hold a loop, which ends here.
const deepest = 10;

/** Ids of the records above one, nearest first. */
export function ancestorsOf(changes: ChangeSet, start: JsonRecord, entity: EntityName = "Customer"): string[] {
  const above: string[] = [];
  let id = refAt(start, "ParentRef");
  while (id !== undefined && above.length < deepest && !above.includes(id)) {
    above.push(id);
    const parent = changes.look(entity, id);
    id = parent === undefined ? undefined : refAt(parent, "ParentRef");
  }
  return above;
}

/** Lowers what is open on a document; credit memos tell the same rest twice. */
export function lowerBalance(record: JsonRecord, entity: Settled, by: Decimal): void {
  const balance = amountJson(amountAt(record, "Balance").minus(by));
  record["Balance"] = balance;
  if (entity === "CreditMemo") record["RemainingCredit"] = balance;
  if (record["HomeBalance"] !== undefined) {
    record["HomeBalance"] = amountJson(amountAt(record, "Balance").times(rateOf(record)));
  }
}

export function rateOf(record: JsonRecord): Decimal {
  const rate = amountAt(record, "ExchangeRate");
  return rate.isZero() ? rate.plus(1) : rate;
}

export function linksOf(record: JsonRecord): { id: string; type: string }[] {
  return recordsAt(record, "LinkedTxn").map((link) => ({
    id: textAt(link, "TxnId") ?? "",
    type: textAt(link, "TxnType") ?? "",
  }));
}

export function addLink(record: JsonRecord, id: string, type: string): void {
  if (linksOf(record).some((link) => link.id === id && link.type === type)) return;
  record["LinkedTxn"] = [...recordsAt(record, "LinkedTxn"), { TxnId: id, TxnType: type }];
}

export function removeLink(record: JsonRecord, id: string, type: string): void {
  const left = recordsAt(record, "LinkedTxn").filter(
    (link) => textAt(link, "TxnId") !== id || textAt(link, "TxnType") !== type,
  );
  // Empty fields are omitted, never shown empty (recorded answers of 2026-05, NangoHQ/integration-templates).
  if (left.length > 0) record["LinkedTxn"] = left;
  else delete record["LinkedTxn"];
}
