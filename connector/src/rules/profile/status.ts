import type { Decimal } from "decimal.js";
import { type CustomerStatus, customerStatuses, type VendorStatus, vendorStatuses } from "../../domain/index.ts";

/** What a status is judged by: one linked party with its family, in that party's own currency. */
export interface Standing {
  /** Documents that are not voided. */
  documents: number;
  open: Decimal;
  /** Open and past due by more than the grace days. */
  late: Decimal;
  unappliedCredit: Decimal;
}

/**
 * The one word an agent reads first.
 *
 * `tolerance` is in the party's currency: a bank fee of 0.30 must not call a client overdue.
 * Credit that the bookkeeper has not applied yet counts: people who have paid are not accused.
 */
export function customerStatus(standing: Standing, policy: { tolerance: Decimal }): CustomerStatus {
  if (isLate(standing, policy.tolerance)) return "overdue";
  if (isCoveredByCredit(standing)) return "credit";
  if (standing.open.greaterThan(0)) return "open";
  return standing.documents > 0 ? "paid" : "none";
}

/** The same question from the other side: are *we* late, do we owe, or is all settled? */
export function vendorStatus(standing: Standing, policy: { tolerance: Decimal }): VendorStatus {
  if (isLate(standing, policy.tolerance)) return "we_are_late";
  if (isCoveredByCredit(standing)) return "settled";
  if (standing.open.greaterThan(0)) return "we_owe";
  return standing.documents > 0 ? "settled" : "none";
}

export function worstCustomerStatus(statuses: readonly CustomerStatus[]): CustomerStatus {
  return customerStatuses.find((status) => statuses.includes(status)) ?? "none";
}

export function worstVendorStatus(statuses: readonly VendorStatus[]): VendorStatus {
  return vendorStatuses.find((status) => statuses.includes(status)) ?? "none";
}

function isLate(standing: Standing, tolerance: Decimal): boolean {
  return standing.late.minus(standing.unappliedCredit).greaterThan(tolerance);
}

function isCoveredByCredit({ unappliedCredit, open }: Standing): boolean {
  return unappliedCredit.greaterThan(0) && unappliedCredit.gte(open);
}
