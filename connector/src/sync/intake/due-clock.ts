import type { ConnectionId, LocalDate } from "../../domain/index.ts";
import type { ClockStore } from "./ports.ts";

/** The marks of one midnight are spread over so long: live work and the neighbours of the account keep their share. */
const spreadMs = 15 * 60 * 1000;
/** Cards of one batch share an instant: a job takes a hundred. */
const cardsAtOnce = 100;

/**
 * A document becomes overdue at midnight in the company's zone, and QuickBooks says nothing. Marks the cards whose next change by time has
 * come; days that passed while nothing ran are made good by the first call after them. `today` is a day in the company's zone.
 */
export function markFlips(
  ports: { clock: ClockStore },
  connectionId: ConnectionId,
  today: LocalDate,
  now: string,
): Promise<number> {
  const cause = { kind: "clock" as const, day: today, at: now };
  return ports.clock.markFlips(connectionId, today, { cause, spreadMs, cardsAtOnce });
}
