import type { PartyKind, Realm } from "../domain/index.ts";

/** What the rank of a party hangs on. The realm counts only among parties of several companies. */
export interface Ranked {
  kind: PartyKind;
  id: string;
  active: boolean;
  realm?: Realm;
}

/**
 * The one order of parties: active before inactive, customer before vendor, realm, numeric id.
 * The first party of a card and the owner of a bare name follow from it, so neither depends on who came first.
 */
export function compareByRank(a: Ranked, b: Ranked): number {
  if (a.active !== b.active) return a.active ? -1 : 1;
  if (a.kind !== b.kind) return a.kind === "customer" ? -1 : 1;
  return compareDigits(a.realm ?? "", b.realm ?? "") || compareDigits(a.id, b.id);
}

/** Compares texts of digits as numbers of any length (realms have 16 digits and more). */
export function compareDigits(a: string, b: string): number {
  const left = a.startsWith("0") ? a.replace(/^0+/, "") : a;
  const right = b.startsWith("0") ? b.replace(/^0+/, "") : b;
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}
