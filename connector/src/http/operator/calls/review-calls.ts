import type { AnswerView, GivenAnswer } from "@ml-connector/contract";
import { roleOn } from "../../../access/index.ts";
import {
  type Answer,
  type PartyKey,
  parseConnectionId,
  parseOrganizationId,
  parsePartyKey,
  partyKeyText,
} from "../../../domain/index.ts";
import { candidateViews, explainParty, type KnownParty, knownParties } from "../../../views/index.ts";
import type { Calls } from "../call.ts";
import { pageOf, textOfCursor } from "../cursor.ts";
import type { OperatorApplication } from "../ports.ts";
import { notFound, Refusal } from "../refusal.ts";
import { type PairedConnection, requirePaired } from "../require.ts";

export type ReviewCalls = Calls<"listParked" | "answerParty" | "undoAnswer" | "findParties" | "explainParty">;

export function reviewCalls(application: OperatorApplication): ReviewCalls {
  async function known(connection: PairedConnection, text: string): Promise<KnownParty> {
    const [found] = await knownParties(application, connection.id, [parsePartyKey(text)]);
    if (!found) throw notFound(`The company has no ${text}, or it has not been read yet.`);
    return found;
  }

  return {
    async listParked({ connection, query }) {
      const { reason, limit } = query;
      const last = textOfCursor(query.after);
      const after = last === undefined ? undefined : parsePartyKey(last);
      const rows = await application.review.parkedAfter(connection.id, { reason, after, limit: limit + 1 });
      const { shown, next } = pageOf(rows, limit, ({ party }) => partyKeyText(party));
      const parked = shown.map(({ party, displayName, disposition, since }) => ({
        party: partyKeyText(party),
        displayName,
        reason: disposition.reason,
        says: disposition.says,
        since: since.toISOString(),
        candidates: candidateViews(disposition.candidates),
      }));
      return { connectionId: connection.id, parked, next };
    },

    async answerParty({ connection, params, body, caller }) {
      const paired = requirePaired(connection);
      const party = await known(paired, params.party);
      await refuseRolledUp(application, paired, party);
      const { answer, shown } = await checkAnswer(application, paired, party.party, body);
      await application.links.storeAnswer(paired.id, party.party, answer, caller.name);
      return answered(paired, party, shown);
    },

    async undoAnswer({ connection, params, caller }) {
      const paired = requirePaired(connection);
      const party = await known(paired, params.party);
      const undone = await application.links.undoAnswer(paired.id, party.party, caller.name);
      if (!undone) throw notFound(`Nobody answered for ${params.party}: there is nothing to take back.`);
      const text = partyKeyText(party.party);
      return { party: text, displayName: party.displayName, answer: null, undone: undone.kind, undo: null };
    },

    async findParties({ connection, query }) {
      const found = await application.partiesNamed(connection.id, query.name.trim());
      return { parties: found.map(({ party, displayName }) => ({ party: partyKeyText(party), displayName })) };
    },

    async explainParty({ connection, params, caller }) {
      const paired = requirePaired(connection);
      await known(paired, params.party);
      const why = await explainParty(application, paired, params.party);
      if (!why.card) return why;
      // A shared card names parties of other connections: only to those who may see these.
      const links = why.card.links.filter(
        (link) => roleOn(caller.grants, parseConnectionId(link.connectionId)) !== undefined,
      );
      return { ...why, card: { ...why.card, links } };
    },
  };
}

async function refuseRolledUp(application: OperatorApplication, { id }: PairedConnection, { party }: KnownParty) {
  const standing = (await application.links.dispositionsOf(id, [party])).get(partyKeyText(party));
  if (standing?.kind === "rolled-up")
    throw new Refusal(409, "refused", `${partyKeyText(party)} is shown with ${partyKeyText(standing.into)}.`, {
      whatToDo: `Answer for ${partyKeyText(standing.into)} instead.`,
    });
}

interface Checked {
  answer: Answer;
  shown: AnswerView["answer"];
}

async function checkAnswer(
  application: OperatorApplication,
  connection: PairedConnection,
  party: PartyKey,
  given: GivenAnswer,
): Promise<Checked> {
  switch (given.kind) {
    case "create":
    case "ignore":
      return { answer: { kind: given.kind }, shown: { kind: given.kind } };
    case "join":
      return checkJoin(application, connection, party, given.with);
    case "link":
      return checkLink(application, connection, party, given);
  }
}

async function checkJoin(
  application: OperatorApplication,
  connection: PairedConnection,
  party: PartyKey,
  text: string,
): Promise<Checked> {
  const other = parsePartyKey(text);
  const [from, to] = [partyKeyText(party), partyKeyText(other)];
  if (from === to) throw new Refusal(409, "refused", `${from} cannot join itself.`);
  const [found] = await knownParties(application, connection.id, [other]);
  if (!found) throw new Refusal(409, "refused", `The company has no ${to}, or it has not been read yet.`);
  await refuseRolledUp(application, connection, found);
  const answers = await application.links.answersOf(connection.id, [other]);
  if (answers.some(({ answer }) => answer.kind === "join" && partyKeyText(answer.with) === from))
    throw new Refusal(409, "refused", `${to} joins ${from} already.`, {
      whatToDo: `To turn that round, take the answer of ${to} back first.`,
    });
  return { answer: { kind: "join", with: other }, shown: { kind: "join", with: to } };
}

/** An organization that exists now; one that shows somebody else already only where that was said. */
async function checkLink(
  application: OperatorApplication,
  connection: PairedConnection,
  party: PartyKey,
  given: Extract<GivenAnswer, { kind: "link" }>,
): Promise<Checked> {
  const { id, subdomain } = connection;
  const organization = await application.findOrganization(subdomain, String(given.organizationId));
  if (!organization)
    throw new Refusal(409, "refused", `Zendesk has no organization ${given.organizationId}.`, {
      whatToDo: "Look at the candidates again.",
    });
  const organizationId = parseOrganizationId(given.organizationId);
  const holders = (await application.links.linksTo(subdomain, [organizationId])).filter(
    (link) => link.connectionId !== id || partyKeyText(link.party) !== partyKeyText(party),
  );
  if (holders.length > 0 && !given.share) {
    const own = holders.filter((link) => link.connectionId === id).map((link) => partyKeyText(link.party));
    const names = own.length > 0 ? own.join(", ") : "a party of another connection";
    throw new Refusal(409, "refused", `This organization shows ${names} already.`, {
      whatToDo: "To show both there, send `share`: true.",
    });
  }
  return {
    answer: { kind: "link", organizationId },
    shown: { kind: "link", organizationId, organization: organization.name },
  };
}

function answered(
  connection: PairedConnection,
  { party, displayName }: KnownParty,
  answer: AnswerView["answer"],
): AnswerView {
  const text = partyKeyText(party);
  return {
    party: text,
    displayName,
    answer,
    undone: null,
    undo: `ml-connector review undo ${text} --connection ${connection.id}`,
  };
}
