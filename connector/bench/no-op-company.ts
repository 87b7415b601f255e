// A company in which nothing but the calendar moves: each customer has one open invoice, so that every change by time shows in its
// status or its age bucket, and how many there must be follows from the due dates alone.
const dayMs = 86_400_000;
/** Due dates from a hundred days ago to forty days ahead. */
const oldestDueDays = 100;
const dueSpanDays = 140;

type Loose = Record<string, unknown>;

export interface CalendarCompany {
  file: Record<string, Loose[]>;
  /** Cards of which the status or the age bucket changes between these two days. */
  flips(from: string, to: string): number;
}

export function calendarCompany(customers: number, today: string): CalendarCompany {
  const ids = Array.from({ length: customers }, (_, place) => place + 1);
  const dueOf = (id: number) => addDays(today, (id % dueSpanDays) - oldestDueDays);
  const stamp = `${addDays(today, -200)}T09:00:00-07:00`;
  const common = {
    SyncToken: "0",
    CurrencyRef: { value: "USD" },
    MetaData: { CreateTime: stamp, LastUpdatedTime: stamp },
  };
  return {
    file: {
      Customer: ids.map((id) => ({
        Id: String(id),
        DisplayName: `Calendar client ${id}`,
        FullyQualifiedName: `Calendar client ${id}`,
        Active: true,
        Balance: 100,
        ...common,
      })),
      Invoice: ids.map((id) => ({
        Id: String(customers + id),
        DocNumber: String(customers + id),
        CustomerRef: { value: String(id) },
        TxnDate: addDays(dueOf(id), -30),
        DueDate: dueOf(id),
        TotalAmt: 100,
        Balance: 100,
        ...common,
      })),
    },
    flips: (from, to) => ids.filter((id) => standing(dueOf(id), from) !== standing(dueOf(id), to)).length,
  };
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
}

/** Open until the day after it was due, then overdue by age. */
function standing(due: string, day: string): string {
  const late = Math.round((Date.parse(day) - Date.parse(due)) / dayMs);
  if (late <= 0) return "open";
  return late <= 30 ? "1-30" : late <= 60 ? "31-60" : late <= 90 ? "61-90" : "91+";
}
