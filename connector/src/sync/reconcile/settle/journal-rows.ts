import {
  assertNever,
  type Disposition,
  type FieldValues,
  type OrganizationId,
  type PartyKey,
  partyKeyText,
} from "../../../domain/index.ts";
import type { JournalEntry } from "../../../oversight/journal/index.ts";
import type { Link } from "../../links/index.ts";
import type { Decision } from "../decide/decision.ts";
import type { Pending, Written } from "./pending.ts";

/** Of the links that end because somebody deleted the organization. */
export const deletedInZendesk = "deleted in Zendesk";

/** A party that starts to wait, or waits for another reason, is worth a row; one that still waits is not. */
export function restJournal(
  pending: Pending,
  list: { party: { kind: "customer" | "vendor"; id: string }; disposition: Disposition }[],
): JournalEntry[] {
  return list.flatMap(({ party, disposition }) => {
    if (disposition.kind !== "parked") return [];
    const before = pending.previous.get(partyKeyText(party));
    if (before?.kind === "parked" && before.reason === disposition.reason) return [];
    return [
      plainEntry(pending, "parked", [partyKeyText(party)], undefined, `${disposition.reason}: ${disposition.says}`),
    ];
  });
}

export function newLinkJournal(
  pending: Pending,
  organizationId: OrganizationId,
  links: readonly Link[],
): JournalEntry[] {
  return links.flatMap((link) => {
    const before = pending.previous.get(partyKeyText(link.party));
    if (before?.kind === "linked" && before.organizationId === organizationId) return [];
    const who = link.confirmedBy ?? "engine";
    return [
      { ...plainEntry(pending, "linked", [partyKeyText(link.party)], organizationId, `found by ${link.step}`), who },
    ];
  });
}

export function unlinkedJournal(
  pending: Pending,
  organizationId: OrganizationId,
  parties: readonly PartyKey[],
): JournalEntry[] {
  return parties.length === 0
    ? []
    : [plainEntry(pending, "unlinked", parties.map(partyKeyText), organizationId, "no longer shown there")];
}

export function writtenEntry(
  pending: Pending,
  action: JournalEntry["action"],
  written: Written,
  after: FieldValues,
  before: FieldValues,
): JournalEntry {
  return {
    connectionId: pending.connection.id,
    action,
    parties: partiesOf(pending.decision),
    organizationId: written.organizationId,
    who: "engine",
    causes: pending.causes,
    before,
    after,
    outcome: "written",
    writeId: written.writeId,
    requestIds: written.requestId === undefined ? {} : { zendesk: written.requestId },
  };
}

export function plainEntry(
  pending: Pending,
  action: JournalEntry["action"],
  parties: string[],
  organizationId: OrganizationId | undefined,
  outcome: string,
): JournalEntry {
  return {
    connectionId: pending.connection.id,
    action,
    parties,
    organizationId,
    who: "engine",
    causes: pending.causes,
    before: {},
    after: {},
    outcome,
    writeId: undefined,
    requestIds: {},
  };
}

/** The parties a decision speaks for, as the write log and the journal name them: tops only. */
export function partiesOf(decision: Decision): string[] {
  switch (decision.kind) {
    case "create":
    case "update":
    case "unchanged":
      return decision.links.map(({ party }) => partyKeyText(party));
    case "gone":
      return decision.families.map(({ top }) => partyKeyText(top));
    case "clear":
      return decision.unlinked.map(partyKeyText);
    case "rest":
      return decision.standings.map(({ party }) => partyKeyText(party));
    default:
      return assertNever(decision);
  }
}
