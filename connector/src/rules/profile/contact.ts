import type { Contact, Document, Party } from "../../domain/index.ts";

/** Whom to write to: the first party of the card; its invoices' own addresses where the newest of them name any. */
export function contactOf(first: Party, newestInvoices: readonly Document[]): Contact {
  const invoiced = new Set(newestInvoices.flatMap(({ billAddresses }) => billAddresses));
  const name = [first.givenName, first.familyName].filter((part) => part !== undefined && part.trim() !== "").join(" ");
  return {
    name: name === "" ? undefined : name,
    addresses: invoiced.size > 0 ? [...invoiced] : first.addresses,
    phone: first.phone,
    billingAddress: first.billingAddress,
  };
}
