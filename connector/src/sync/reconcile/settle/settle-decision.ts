import {
  assertNever,
  type FieldValues,
  type OrganizationId,
  parseOrganizationKey,
  partyKeyText,
  type WaitKey,
} from "../../../domain/index.ts";
import type { Link } from "../../links/index.ts";
import { standingsOf } from "../decide/decide-card.ts";
import type { CardFacts, FamilyKeys, Standing } from "../decide/decision.ts";
import type { Settlement } from "../ports.ts";
import { after, cardLeft, goneSettlement, leavers, standings, startedAnew } from "./endings.ts";
import { newLinkJournal, partiesOf, plainEntry, restJournal, unlinkedJournal, writtenEntry } from "./journal-rows.ts";
import type { Pending, Written } from "./pending.ts";
import { emptySettlement } from "./settlement.ts";

/** What becomes true when nothing has to be written for this decision. */
export function settleWithoutWrite(pending: Pending): Settlement {
  const { decision, connection, marks } = pending;
  const settlement = { ...emptySettlement(), settled: marks };
  switch (decision.kind) {
    case "rest":
      return {
        ...settlement,
        standings: standings(connection, decision.standings),
        woken: wokenBy(pending, decision.standings),
        journal: restJournal(pending, decision.standings),
      };
    case "unchanged":
      return {
        ...settlement,
        ...cardSettled(
          pending,
          decision.organizationId,
          decision.links,
          decision.families,
          decision.facts,
          {},
          undefined,
        ),
        ...leavers(pending, decision.unlinked),
        ...after(marks, { members: [] }, decision.unlinked),
        journal: [
          ...newLinkJournal(pending, decision.organizationId, decision.links),
          ...unlinkedJournal(pending, decision.organizationId, decision.unlinked),
        ],
      };
    case "gone":
      return pending.startsAnew ? startedAnew(pending, decision) : goneSettlement(pending, decision);
    case "clear":
      return {
        ...cardLeft(pending, decision),
        journal: [
          plainEntry(
            pending,
            "unlinked",
            partiesOf(decision),
            decision.organization.id,
            "nothing of ours was left on it",
          ),
        ],
      };
    case "create":
    case "update":
      throw new Error(`a decision to ${decision.kind} is not settled without its write`);
    default:
      return assertNever(decision);
  }
}

/** What becomes true when the write of this decision took effect. */
export function settleWritten(pending: Pending, written: Written): Settlement {
  const { decision, marks } = pending;
  const closed = [{ id: written.writeId, state: "done" as const, outcome: "written", requestId: written.requestId }];
  const organizations = [
    {
      id: written.organizationId,
      fields: written.fields,
      ...(written.name === undefined ? {} : { name: written.name }),
    },
  ];
  switch (decision.kind) {
    case "create": {
      const links = decision.links.map((link) => ({ ...link, organizationId: written.organizationId }));
      return {
        ...emptySettlement(),
        ...cardSettled(
          pending,
          written.organizationId,
          links,
          decision.families,
          decision.facts,
          decision.fields,
          decision.name,
        ),
        closed,
        organizations: [
          { ...organizations[0], id: written.organizationId, name: decision.name, externalId: decision.externalId },
        ],
        journal: [writtenEntry(pending, "created", written, { ...decision.fields, name: decision.name }, {})],
        ...after(marks, decision.facts, []),
      };
    }
    case "update":
      return {
        ...emptySettlement(),
        ...cardSettled(
          pending,
          written.organizationId,
          decision.links,
          decision.families,
          decision.facts,
          decision.changed,
          decision.name?.value,
        ),
        closed,
        organizations,
        ...leavers(pending, decision.unlinked),
        journal: [
          writtenEntry(
            pending,
            "updated",
            written,
            { ...decision.changed, ...(decision.name ? { name: decision.name.value } : {}) },
            { ...decision.before, ...(decision.name ? { name: decision.organization.name } : {}) },
          ),
          ...newLinkJournal(pending, written.organizationId, decision.links),
          ...unlinkedJournal(pending, written.organizationId, decision.unlinked),
        ],
        freedNames: decision.name ? [decision.organization.name] : [],
        restores: (pending.upkeep?.restored ?? []).map((field) => ({ organizationId: written.organizationId, field })),
        ...after(marks, decision.facts, decision.unlinked),
      };
    case "clear":
      return {
        ...cardLeft(pending, decision),
        closed,
        organizations: [
          {
            id: written.organizationId,
            fields: written.fields,
            externalId:
              decision.organization.externalId === undefined
                ? null
                : clearedExternalId(decision.organization.externalId),
          },
        ],
        journal: [writtenEntry(pending, "cleared", written, decision.changed, decision.before)],
      };
    case "rest":
    case "unchanged":
    case "gone":
      throw new Error(`a decision of kind ${decision.kind} has no write`);
    default:
      return assertNever(decision);
  }
}

/** Our own key is taken back from an organization that we created; anybody else's external_id stays. */
function clearedExternalId(externalId: string): string | null {
  return parseOrganizationKey(externalId) === undefined ? externalId : null;
}

function cardSettled(
  pending: Pending,
  organizationId: OrganizationId,
  links: Link[],
  families: FamilyKeys[],
  facts: CardFacts,
  applied: FieldValues,
  appliedName: string | undefined,
): Pick<Settlement, "links" | "standings" | "woken" | "cards"> {
  const { connection } = pending;
  const reached = standingsOf(families, links);
  return {
    links,
    standings: standings(connection, reached),
    woken: wokenBy(pending, reached),
    cards: [
      {
        connectionId: connection.id,
        organizationId,
        applied,
        appliedName,
        mappingVersion: connection.mappingVersion,
        nextFlipOn: facts.nextFlipOn,
      },
    ],
  };
}

/**
 * Whoever waits for one of these parties is looked at again: a rival that is linked or ignored claims nothing any more, and a party that is
 * to be joined has its organization now. Only where something changed, so that parties which wait for each other do not wake each other for good.
 */
function wokenBy(pending: Pending, list: readonly Standing[]): WaitKey[] {
  return list.flatMap(({ party, disposition: now }) => {
    const before = pending.previous.get(partyKeyText(party));
    const moved = now.kind === "linked" && before?.kind === "linked" && now.organizationId !== before.organizationId;
    // A party that starts to wait is news to nobody: who claims what is asked of the replica.
    const changed =
      now.kind === "parked" ? before !== undefined && before.kind !== "parked" : now.kind !== before?.kind;
    return now.kind !== "rolled-up" && (changed || moved) ? [`party:${partyKeyText(party)}`] : [];
  });
}
