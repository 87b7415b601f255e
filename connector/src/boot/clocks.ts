import { type LocalDate, parseLocalDate } from "../domain/index.ts";
import { localDay } from "../rules/profile/index.ts";

/** The business clock: what day it is for a company. Movable by tests and the demo, unlike the system's. */
export interface BusinessClock {
  today(zone: string): LocalDate;
  move(to: string | undefined): void;
}

export function createBusinessClock(wallMs: () => number, fixed: string | undefined): BusinessClock {
  let day = fixed === undefined ? undefined : parseLocalDate(fixed);
  return {
    today: (zone) => day ?? localDay(wallMs(), zone),
    move(to) {
      day = to === undefined ? undefined : parseLocalDate(to);
    },
  };
}
