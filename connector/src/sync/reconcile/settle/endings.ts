// What becomes true when parties leave a card, or the card its organization.
import { type Disposition, type PartyKey, partyKeyText } from "../../../domain/index.ts";
import type { ClaimedMark } from "../../marks/index.ts";
import { keyOf } from "../decide/decide-card.ts";
import type { CardFacts, Decision } from "../decide/decision.ts";
import type { OwnedConnection, Settlement } from "../ports.ts";
import { deletedInZendesk, plainEntry } from "./journal-rows.ts";
import type { Pending } from "./pending.ts";
import { emptySettlement } from "./settlement.ts";

/** The links end; the marks stay, and the next pass decides what becomes of the parties without this organization. */
export function cardLeft({ connection, marks }: Pending, decision: Extract<Decision, { kind: "clear" }>): Settlement {
  return {
    ...emptySettlement(),
    droppedCards: [decision.organization.id],
    ...leavers({ connection }, decision.unlinked),
    merged: decision.merged.map(({ party, into }) => ({
      connectionId: connection.id,
      party,
      organizationId: decision.organization.id,
      survivor: into,
    })),
    deferred: marks.map((mark) => ({ ...mark, waitMs: 0, failure: undefined })),
  };
}

export function leavers(
  { connection }: Pick<Pending, "connection">,
  parties: readonly PartyKey[],
): Pick<Settlement, "unlinked"> {
  return { unlinked: parties.map((party) => ({ connectionId: connection.id, party })) };
}

/**
 * A card that still lacks members is looked at once more at once: its mark ends only when they are in. So is one that parties have left:
 * what becomes of these is decided from "no link".
 */
export function after(
  marks: ClaimedMark[],
  { members }: Pick<CardFacts, "members">,
  unlinked: readonly PartyKey[],
): Pick<Settlement, "settled" | "deferred"> {
  return members.length === 0 && unlinked.length === 0
    ? { settled: marks, deferred: [] }
    : { settled: [], deferred: marks.map((mark) => ({ ...mark, waitMs: 0, failure: undefined })) };
}

/** The organization is gone in Zendesk: nothing is created in its place until a person says so. */
export function goneSettlement(pending: Pending, decision: Extract<Decision, { kind: "gone" }>): Settlement {
  const { connection, marks } = pending;
  const parties = [...decision.families.map(({ top }) => top), ...decision.unlinked];
  const [winner] = decision.candidates;
  const parked: Disposition = {
    kind: "parked",
    reason: "deleted-in-zendesk",
    says: winner
      ? `Its organization was merged into "${winner.name}" in Zendesk, which shows another client. Answer link, create or ignore.`
      : "Its organization was deleted in Zendesk. Answer create, link or ignore.",
    candidates: decision.candidates,
    waitsFor: [decision.organizationId, ...(winner ? [winner.organizationId] : [])].map((id) => `organization:${id}`),
  };
  return {
    ...emptySettlement(),
    // Who had left it already is decided from "no link"; who was shown there waits for a person.
    ...after(marks, { members: [] }, decision.unlinked),
    ...leavers(pending, parties),
    goneOrganizations: [decision.organizationId],
    droppedCards: [decision.organizationId],
    woken: parties.map((party) => `party:${partyKeyText(party)}`),
    standings: standings(
      connection,
      decision.families.flatMap(({ top, others }) => [
        { party: top, disposition: parked },
        ...others.map((party) => ({ party: keyOf(party), disposition: { kind: "rolled-up" as const, into: top } })),
      ]),
    ),
    journal: [plainEntry(pending, "unlinked", parties.map(partyKeyText), decision.organizationId, deletedInZendesk)],
  };
}

/** The links end; the next look decides from "no link", as for somebody who never had one. */
export function startedAnew(pending: Pending, decision: Extract<Decision, { kind: "gone" }>): Settlement {
  const { connection, marks } = pending;
  const { organizationId, families, unlinked } = decision;
  const parties = [...families.map(({ top }) => top), ...unlinked];
  return {
    ...emptySettlement(),
    ...leavers(pending, parties),
    forgotten: parties.map((party) => ({ connectionId: connection.id, party, underPlan: connection.plan?.id })),
    goneOrganizations: [organizationId],
    droppedCards: [organizationId],
    woken: parties.map((party) => `party:${partyKeyText(party)}`),
    journal: [plainEntry(pending, "unlinked", parties.map(partyKeyText), organizationId, deletedInZendesk)],
    deferred: marks.map((mark) => ({ ...mark, waitMs: 0, failure: undefined })),
  };
}

export function standings(
  connection: OwnedConnection,
  list: { party: { kind: "customer" | "vendor"; id: string }; disposition: Disposition }[],
): Settlement["standings"] {
  return list.map(({ party, disposition }) => ({
    connectionId: connection.id,
    party,
    disposition,
    underPlan: connection.plan?.id,
  }));
}
