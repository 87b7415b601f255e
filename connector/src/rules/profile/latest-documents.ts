import { type Document, type LastPayment, recordKeyText } from "../../domain/index.ts";
import { compareDigits } from "../rank.ts";
import { homeValue, roundToCents } from "./money.ts";
import type { Valuation } from "./side-tally.ts";

/** Newest first: by date, then by numeric id. Ids are unique per entity only, so the entity decides the rest. */
function compareNewestFirst(a: Document, b: Document): number {
  if (a.date !== b.date) return a.date < b.date ? 1 : -1;
  return compareDigits(b.id, a.id) || (recordKeyText(a) < recordKeyText(b) ? -1 : 1);
}

/** The newest of what was seen so far. */
export function newer(known: Document | undefined, document: Document): Document {
  return known && compareNewestFirst(known, document) < 0 ? known : document;
}

export function asLastPayment(document: Document | undefined, valuation: Valuation): LastPayment | undefined {
  if (!document) return undefined;
  const amount = valuation === "own currency" ? document.total : roundToCents(homeTotal(document));
  return { date: document.date, amount, number: document.number };
}

function homeTotal(document: Document): LastPayment["amount"] {
  // HomeBalance values the balance, not the total: only the rate can convert a total.
  return homeValue({ ...document, homeBalance: undefined }, document.total);
}

/** The newest few, kept sorted while documents pass by: three invoices of ten thousand need no sorting of all. */
export function keepNewest(kept: Document[], document: Document, count: number): void {
  const oldest = kept.at(-1);
  if (kept.length === count && oldest && compareNewestFirst(oldest, document) < 0) return;
  kept.push(document);
  kept.sort(compareNewestFirst);
  if (kept.length > count) kept.pop();
}
