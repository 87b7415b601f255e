import type { Document, LocalDate, Party, Term } from "../../domain/index.ts";
import { addDays, dateInMonth, daysBetween } from "../calendar.ts";

/** When a document is due: its own date, else by its terms, else by its party's terms, else never. */
export function dueDate(
  document: Pick<Document, "date" | "dueDate" | "termsId">,
  party: Pick<Party, "termsId">,
  terms: ReadonlyMap<string, Term>,
): LocalDate | undefined {
  return (
    document.dueDate ??
    dueByTerm(document.date, termOf(document.termsId, terms)) ??
    dueByTerm(document.date, termOf(party.termsId, terms))
  );
}

function termOf(id: string | undefined, terms: ReadonlyMap<string, Term>): Term | undefined {
  return id === undefined ? undefined : terms.get(id);
}

/**
 * STANDARD terms count days. DATE_DRIVEN ones name a day of the month, and mean the next month's when the day would come
 * sooner than DueNextMonthDays (https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/term).
 */
function dueByTerm(date: LocalDate, term: Term | undefined): LocalDate | undefined {
  if (term?.dueDays !== undefined) return addDays(date, term.dueDays);
  if (term?.dayOfMonthDue === undefined) return undefined;
  const sameMonth = dateInMonth(date, 0, term.dayOfMonthDue);
  const tooSoon = daysBetween(date, sameMonth) < (term.dueNextMonthDays ?? 0);
  return tooSoon ? dateInMonth(date, 1, term.dayOfMonthDue) : sameMonth;
}
