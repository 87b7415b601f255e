import type { LocalDate, Party, Settings } from "../../domain/index.ts";
import { addDays, addMonths, localDay } from "../calendar.ts";

const documentMonths = 24;
const createdDays = 90;

export interface ScopeMember {
  party: Party;
  /** The date of its newest document that is neither voided nor deleted. */
  lastDocumentOn: LocalDate | undefined;
}

/**
 * Is a family (a vendor: a family of one) in scope? Both limits include their last day.
 * A document dated ahead of today counts as recent: the client is in trade.
 */
export function familyInScope(input: {
  members: ScopeMember[];
  scope: Settings["scope"];
  zone: string;
  today: LocalDate;
}): boolean {
  const { members, zone, today } = input;
  if (input.scope === "all") return members.length > 0;
  const documentsSince = addMonths(today, -documentMonths);
  const createdSince = addDays(today, -createdDays);
  const trades = ({ lastDocumentOn }: ScopeMember) => lastDocumentOn !== undefined && lastDocumentOn >= documentsSince;
  const isNew = ({ party }: ScopeMember) => localDay(party.createdAt, zone) >= createdSince;
  if (members[0]?.party.kind === "vendor") return members.some((member) => member.party.active && trades(member));
  return (
    members.some(({ party }) => party.active || !party.balance.isZero()) &&
    (members.some(trades) || members.some(isNew))
  );
}
