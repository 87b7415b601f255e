import type { Party, Unit } from "./books.ts";
import { dayOf } from "./books.ts";
import { dayIn } from "./card-fields.ts";
import { counted } from "./figures.ts";
import type { Input } from "./input.ts";
import { within } from "./json.ts";

/** The first day that still counts: that many months or days back, the day itself included. */
function monthsBack(today: string, months: number): string {
  const [year = 0, month = 1, day = 1] = today.split("-").map(Number);
  const lastDay = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  return dayOf(Date.UTC(year, month - 1 - months, Math.min(day, lastDay)));
}

function daysBack(today: string, days: number): string {
  const [year = 0, month = 1, day = 1] = today.split("-").map(Number);
  return dayOf(Date.UTC(year, month - 1, day - days));
}

function traded({ documents }: Party, since: string, withVoided: boolean): boolean {
  return (withVoided ? documents : counted(documents)).some((doc) => doc.date >= since);
}

function isNew(party: Party, { today, zone }: Input): boolean {
  const created = Date.parse(within(party.record, "MetaData", "CreateTime") ?? "");
  return !Number.isNaN(created) && dayIn(created, zone) >= daysBack(today, 90);
}

/** Alive, and with business of the last two years or entered in the last ninety days; the family as a whole. */
export function isInScope(unit: Unit, input: Input): boolean {
  if (input.settings.scope === "all") return true;
  const since = monthsBack(input.today, 24);
  if (unit.top.kind === "vendor") return unit.top.active && traded(unit.top, since, false);
  const alive = unit.members.some((member) => member.active || !member.balance.isZero());
  return alive && unit.members.some((member) => traded(member, since, false) || isNew(member, input));
}

/** Neither documents of two years, voided ones included, nor new: such a party can not have been in scope lately. */
export function isLongOut(unit: Unit, input: Input): boolean {
  const since = monthsBack(input.today, 24);
  if (input.settings.scope === "all") return false;
  return unit.members.every((member) => !traded(member, since, true) && !isNew(member, input));
}
