import {
  assertNever,
  type Disposition,
  type FieldValues,
  type OrganizationId,
  type PartyKey,
  parseOrganizationKey,
  partyKeyText,
  type WaitKey,
} from "../../../domain/index.ts";
import type { ListedOrganization, OrganizationPatch } from "../../directory/index.ts";
import type { Link } from "../../links/index.ts";
import type { ClaimedMark } from "../../marks/index.ts";
import { keyOf, standingsOf } from "../decide/decide-card.ts";
import type { CardFacts, Decision, FamilyKeys, Standing } from "../decide/decision.ts";
import type { OwnedConnection, Settlement } from "../ports.ts";
import {
  deletedInZendesk,
  newLinkJournal,
  partiesOf,
  plainEntry,
  restJournal,
  unlinkedJournal,
  writtenEntry,
} from "./journal-rows.ts";
import type { Pending, Written } from "./pending.ts";

export function emptySettlement(): Settlement {
  return {
    closed: [],
    links: [],
    unlinked: [],
    merged: [],
    forgotten: [],
    standings: [],
    woken: [],
    cards: [],
    droppedCards: [],
    organizations: [],
    goneOrganizations: [],
    members: [],
    freedNames: [],
    restores: [],
    journal: [],
    settled: [],
    deferred: [],
    effects: [],
    restored: [],
  };
}

export function mergeSettlements(settlements: readonly Settlement[]): Settlement {
  const merged = emptySettlement();
  // both lists are of one key
  for (const settlement of settlements)
    for (const key of Object.keys(merged) as (keyof Settlement)[]) (merged[key] as unknown[]).push(...settlement[key]);
  return merged;
}

/** An organization as Zendesk answered it, for the directory. */
export function asPatch(organization: ListedOrganization): OrganizationPatch {
  return {
    id: organization.id,
    name: organization.name,
    externalId: organization.externalId ?? null,
    domains: organization.domains,
    fields: organization.fields,
    notesHaveText: organization.notesHaveText,
    whole: true,
    updatedAt: organization.updatedAt,
  };
}

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

/** The links end; the marks stay, and the next pass decides what becomes of the parties without this organization. */
function cardLeft({ connection, marks }: Pending, decision: Extract<Decision, { kind: "clear" }>): Settlement {
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

function leavers(
  { connection }: Pick<Pending, "connection">,
  parties: readonly PartyKey[],
): Pick<Settlement, "unlinked"> {
  return { unlinked: parties.map((party) => ({ connectionId: connection.id, party })) };
}

/**
 * A card that still lacks members is looked at once more at once: its mark ends only when they are in. So is one that parties have left:
 * what becomes of these is decided from "no link".
 */
function after(
  marks: ClaimedMark[],
  { members }: Pick<CardFacts, "members">,
  unlinked: readonly PartyKey[],
): Pick<Settlement, "settled" | "deferred"> {
  return members.length === 0 && unlinked.length === 0
    ? { settled: marks, deferred: [] }
    : { settled: [], deferred: marks.map((mark) => ({ ...mark, waitMs: 0, failure: undefined })) };
}

/** Our own key is taken back from an organization that we created; anybody else's external_id stays. */
export function clearedExternalId(externalId: string): string | null {
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

/** The organization is gone in Zendesk: nothing is created in its place until a person says so. */
function goneSettlement(pending: Pending, decision: Extract<Decision, { kind: "gone" }>): Settlement {
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
function startedAnew(pending: Pending, decision: Extract<Decision, { kind: "gone" }>): Settlement {
  const { connection, marks } = pending;
  const { organizationId, families, unlinked } = decision;
  const parties = [...families.map(({ top }) => top), ...unlinked];
  return {
    ...emptySettlement(),
    ...leavers(pending, parties),
    forgotten: parties.map((party) => ({ connectionId: connection.id, party })),
    goneOrganizations: [organizationId],
    droppedCards: [organizationId],
    woken: parties.map((party) => `party:${partyKeyText(party)}`),
    journal: [plainEntry(pending, "unlinked", parties.map(partyKeyText), organizationId, deletedInZendesk)],
    deferred: marks.map((mark) => ({ ...mark, waitMs: 0, failure: undefined })),
  };
}

function standings(
  connection: OwnedConnection,
  list: { party: { kind: "customer" | "vendor"; id: string }; disposition: Disposition }[],
): Settlement["standings"] {
  return list.map(({ party, disposition }) => ({ connectionId: connection.id, party, disposition }));
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
