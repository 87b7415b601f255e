import type { WhyResult } from "@ml-connector/contract";
import {
  type ConnectionId,
  type Disposition,
  type FieldValues,
  type PartyKey,
  partyKeyText,
  RemoteFailure,
  type Subdomain,
} from "../domain/index.ts";
import type { Link } from "../sync/links/index.ts";
import { explainFields, lastChanges } from "./explain-fields.ts";
import { findParty, knownParties } from "./find-party.ts";
import type { CardView, ViewSources } from "./ports.ts";
import { candidateViews, documentView, linkView, sideView } from "./views.ts";

interface Paired {
  id: ConnectionId;
  subdomain: Subdomain;
}

/** The chain from cause to each field value, for the party that `text` names. */
export async function explainParty(sources: ViewSources, connection: Paired, text: string): Promise<WhyResult> {
  const { id } = connection;
  const { party, displayName, family } = await findParty(sources, id, text);
  const key = partyKeyText(party);
  const [standings, answers] = await Promise.all([
    sources.links.dispositionsOf(id, [party]),
    sources.links.answersOf(id, [party]),
  ]);
  const standing = standings.get(key);
  const card = await sources.cardOf(id, standing?.kind === "rolled-up" ? standing.into : party);
  const [answer] = answers;
  return {
    connectionId: id,
    party: key,
    displayName,
    family: family.members
      .map((member) => ({ party: partyKeyText(member.party), displayName: member.party.displayName }))
      .filter((relative) => relative.party !== key),
    standing: standingView(standing),
    answer: answer ? { kind: answer.answer.kind, who: answer.who } : null,
    card: card ? await explainCard(sources, connection, card) : null,
  };
}

function standingView(standing: Disposition | undefined): WhyResult["standing"] {
  if (!standing) return null;
  switch (standing.kind) {
    case "linked":
      return { kind: "linked", organizationId: standing.organizationId };
    case "rolled-up":
      return { kind: "rolled-up", into: partyKeyText(standing.into) };
    case "parked": {
      const { reason, says, candidates, waitsFor } = standing;
      return { kind: "parked", reason, says, candidates: candidateViews(candidates), waitsFor };
    }
    case "ignored":
      return standing;
    case "out-of-scope":
      return { kind: "out-of-scope", because: standing.because ?? null };
  }
}

async function explainCard(
  sources: ViewSources,
  connection: Paired,
  card: CardView,
): Promise<NonNullable<WhyResult["card"]>> {
  const { organizationId, documents } = card;
  const titles = titlesOn(card, sources.fieldTitles);
  const [live, changes, names] = await Promise.all([
    readLive(sources, connection, card),
    lastChanges(sources.journal, {
      connectionId: connection.id,
      organizationId,
      keys: [...titles.keys()],
    }),
    linkNames(sources, connection, card.links),
  ]);
  return {
    organizationId,
    name: live?.name ?? card.name,
    read: live ? "live" : "remembered",
    links: card.links.map((link) => linkView(link, names.get(nameKey(link)))),
    documents: {
      currency: documents.currency,
      counts: documents.counts,
      sides: documents.sides.map(sideView),
      open: documents.open.map(documentView),
      newest: documents.newest.map(documentView),
    },
    fields: explainFields({
      titles,
      now: live?.fields ?? card.known,
      wanted: card.wanted,
      changes,
    }),
  };
}

/** The fields that the card's own mapping has, and what else of ours stands there; a field of somebody's own mapping goes by its key. */
function titlesOn({ wanted, known }: CardView, titles: ReadonlyMap<string, string>): Map<string, string> {
  const here = [...titles].filter(([key]) => Object.hasOwn(wanted, key) || (known[key] ?? null) !== null);
  const others = Object.keys(wanted).filter((key) => !titles.has(key) && (wanted[key] ?? known[key] ?? null) !== null);
  return new Map([
    ...here,
    ...others.map((key): [string, string] => [key, key === "notes" ? "Notes (our block)" : key]),
  ]);
}

/** What Zendesk holds now; undefined where it does not answer, or has the organization no more: then the last known values are told. */
async function readLive(
  sources: ViewSources,
  { subdomain }: Paired,
  { organizationId }: CardView,
): Promise<{ name: string; fields: FieldValues } | undefined> {
  try {
    return await sources.organization(subdomain, organizationId);
  } catch (fault) {
    if (fault instanceof RemoteFailure) return undefined;
    throw fault;
  }
}

/** Links of other connections of the account are shown by their keys: each company's names are its own. */
async function linkNames(sources: ViewSources, { id }: Paired, links: readonly Link[]): Promise<Map<string, string>> {
  const own: PartyKey[] = links.filter(({ connectionId }) => connectionId === id).map(({ party }) => party);
  const known = await knownParties(sources, id, own);
  return new Map(known.map(({ party, displayName }) => [`${id} ${partyKeyText(party)}`, displayName]));
}

function nameKey({ connectionId, party }: Link): string {
  return `${connectionId} ${partyKeyText(party)}`;
}
