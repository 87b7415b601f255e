import { OperatorError, type OrganizationId, partyKeyText } from "../../domain/index.ts";
import type { ListedOrganization } from "../../sync/directory/index.ts";
import type { KnownParty } from "../../views/index.ts";
import { oneLine } from "../../views/index.ts";
import type { Application } from "../application.ts";
import type { SharedOptions } from "../arguments.ts";
import { chooseConnection, type PairedConnection } from "../choose-connection.ts";
import type { Session } from "../session.ts";
import { answered, findAnswerable, reportAnswers } from "./review-answers.ts";

/** Links a party to an organization that exists now. One that shows somebody else already is taken only when that was said and agreed to. */
export async function linkParty(
  session: Session,
  application: Application,
  texts: { party: string; organization: string },
  options: SharedOptions & { yes?: true },
): Promise<void> {
  const connection = await chooseConnection(application.connections, options.connection);
  const known = await findAnswerable(application, connection, texts.party);
  const organization = await findOrganization(application, connection, known, texts.organization);
  await agreeToShare(session, application, { connection, known, organization, yes: options.yes === true });
  const { id: organizationId, name } = organization;
  await application.links.storeAnswer(connection.id, known.party, { kind: "link", organizationId }, session.who);
  reportAnswers(session, connection, [
    answered(connection, known, { kind: "link", organizationId, organization: name }),
  ]);
}

async function findOrganization(
  application: Application,
  { id, subdomain }: PairedConnection,
  { party }: KnownParty,
  text: string,
): Promise<ListedOrganization> {
  const standing = (await application.links.dispositionsOf(id, [party])).get(partyKeyText(party));
  const candidates = standing?.kind === "parked" ? standing.candidates : [];
  const chosen = chosenCandidate(text, candidates);
  const found =
    chosen === undefined
      ? await application.findOrganization(subdomain, text.trim())
      : await application.organization(subdomain, chosen);
  if (found) return found;
  throw new OperatorError(
    chosen === undefined
      ? `${subdomain}.zendesk.com has no organization with the id or exact name ${JSON.stringify(oneLine(text).slice(0, 100))}. Candidates are in: ml-connector review list`
      : `Organization ${chosen} is gone in Zendesk. Look at the candidates again: ml-connector review list`,
  );
}

/** A small number is the number of a candidate: Zendesk's own ids are far larger than any list of candidates. */
export function chosenCandidate(
  text: string,
  candidates: readonly { organizationId: OrganizationId }[],
): OrganizationId | undefined {
  return /^\d{1,4}$/.test(text.trim()) ? candidates[Number(text) - 1]?.organizationId : undefined;
}

async function agreeToShare(
  { terminal }: Session,
  application: Application,
  given: { connection: PairedConnection; known: KnownParty; organization: ListedOrganization; yes: boolean },
): Promise<void> {
  const { connection, known, organization, yes } = given;
  const party = partyKeyText(known.party);
  const holders = (await application.links.linksTo(connection.subdomain, [organization.id])).filter(
    (link) => link.connectionId !== connection.id || partyKeyText(link.party) !== party,
  );
  if (holders.length === 0) return;
  const names = holders.map((link) =>
    link.connectionId === connection.id
      ? partyKeyText(link.party)
      : `${partyKeyText(link.party)} of connection ${link.connectionId}`,
  );
  const fact = `Organization "${oneLine(organization.name)}" (${organization.id}) shows ${names.join(", ")} already.`;
  if (yes || (terminal.canAsk && (await terminal.confirm(`${fact} Show ${party} there as well?`)))) return;
  throw new OperatorError(`${fact} Nothing was stored. To show ${party} there as well, add --yes.`);
}
