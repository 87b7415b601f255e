import { type WhyResult, whyResult } from "@ml-connector/contract";
import type { Command } from "commander";
import { type Disposition, type FieldValues, type PartyKey, partyKeyText, RemoteFailure } from "../../domain/index.ts";
import type { Link } from "../../sync/links/index.ts";
import type { Application, CardView } from "../application.ts";
import { connectionOption, jsonOption, partyHelp, type SharedOptions } from "../arguments.ts";
import { chooseConnection, type PairedConnection } from "../choose-connection.ts";
import { explainFields, lastChanges } from "../explain-fields.ts";
import { findParty, knownParties } from "../find-party.ts";
import { candidateViews, documentView, knownZone, layoutOf, linkView, sideView, whyText } from "../output/index.ts";
import type { Session } from "../session.ts";

export function registerWhy(program: Command, session: Session): void {
  program
    .command("why")
    .description("the chain from cause to each value that Zendesk shows for a customer or vendor")
    .argument("<party>", partyHelp)
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((party: string, options: SharedOptions) =>
      session.withApplication(async (application) => {
        const { terminal } = session;
        const connection = await chooseConnection(application.connections, options.connection);
        terminal.report(whyResult, await explain(application, connection, party), (why) =>
          whyText(why, knownZone(connection.zone), layoutOf(terminal)),
        );
      }),
    );
}

async function explain(application: Application, connection: PairedConnection, text: string): Promise<WhyResult> {
  const { id } = connection;
  const { party, displayName, family } = await findParty(application, id, text);
  const key = partyKeyText(party);
  const [standings, answers] = await Promise.all([
    application.links.dispositionsOf(id, [party]),
    application.links.answersOf(id, [party]),
  ]);
  const standing = standings.get(key);
  const card = await application.cardOf(id, standing?.kind === "rolled-up" ? standing.into : party);
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
    card: card ? await explainCard(application, connection, card) : null,
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
    case "out-of-scope":
      return standing;
  }
}

async function explainCard(
  application: Application,
  connection: PairedConnection,
  card: CardView,
): Promise<NonNullable<WhyResult["card"]>> {
  const { organizationId, documents } = card;
  const [live, changes, names] = await Promise.all([
    readLive(application, connection, card),
    lastChanges(application.journal, {
      connectionId: connection.id,
      organizationId,
      keys: [...application.fieldTitles.keys()],
    }),
    linkNames(application, connection, card.links),
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
      titles: application.fieldTitles,
      now: live?.fields ?? card.known,
      wanted: card.wanted,
      changes,
    }),
  };
}

/** What Zendesk holds now; undefined where it does not answer, or has the organization no more: then the last known values are told. */
async function readLive(
  application: Application,
  { subdomain }: PairedConnection,
  { organizationId }: CardView,
): Promise<{ name: string; fields: FieldValues } | undefined> {
  try {
    return await application.organization(subdomain, organizationId);
  } catch (fault) {
    if (fault instanceof RemoteFailure) return undefined;
    throw fault;
  }
}

/** Links of other connections of the account are shown by their keys: each company's names are its own. */
async function linkNames(
  application: Application,
  { id }: PairedConnection,
  links: readonly Link[],
): Promise<Map<string, string>> {
  const own: PartyKey[] = links.filter(({ connectionId }) => connectionId === id).map(({ party }) => party);
  const known = await knownParties(application, id, own);
  return new Map(known.map(({ party, displayName }) => [`${id} ${partyKeyText(party)}`, displayName]));
}

function nameKey({ connectionId, party }: Link): string {
  return `${connectionId} ${partyKeyText(party)}`;
}
