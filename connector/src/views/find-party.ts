import { type ConnectionId, OperatorError, type PartyKey, parsePartyKey, partyKeyText } from "../domain/index.ts";
import type { Family } from "../sync/replica/index.ts";
import { oneLine } from "./plain-text.ts";
import type { ViewSources } from "./ports.ts";

export interface KnownParty {
  party: PartyKey;
  displayName: string;
  family: Family;
}

type Places = Pick<ViewSources, "partiesNamed"> & { replica: Pick<ViewSources["replica"], "familiesOf"> };

const shownCandidates = 8;

/** The party that an operator names by `customer:12` or by its display name. */
export async function findParty(application: Places, connectionId: ConnectionId, text: string): Promise<KnownParty> {
  const party = isPartyKey(text)
    ? parsePartyKey(text)
    : pickNamed(text, await application.partiesNamed(connectionId, text));
  const [known] = await knownParties(application, connectionId, [party]);
  if (!known)
    throw new OperatorError(
      `The company has no ${partyKeyText(party)}, or it has not been read yet. To read it now: ml-connector sync --party ${partyKeyText(party)}`,
    );
  return known;
}

/** Those of the parties that the replica has, with their names and families. */
export async function knownParties(
  application: Pick<Places, "replica">,
  connectionId: ConnectionId,
  parties: readonly PartyKey[],
): Promise<KnownParty[]> {
  if (parties.length === 0) return [];
  const families = await application.replica.familiesOf({ id: connectionId }, parties);
  const found = new Map<string, KnownParty>();
  for (const family of families)
    for (const { party } of family.members)
      found.set(partyKeyText(party), {
        party: { kind: party.kind, id: party.id },
        displayName: party.displayName,
        family,
      });
  return parties.flatMap((party) => found.get(partyKeyText(party)) ?? []);
}

export function isPartyKey(text: string): boolean {
  return /^\s*(customer|vendor):/i.test(text);
}

export function pickNamed(text: string, found: readonly { party: PartyKey; displayName: string }[]): PartyKey {
  const [first, ...others] = found;
  const name = JSON.stringify(oneLine(text).slice(0, 100));
  if (!first) {
    const hint = /^\d+$/.test(text) ? `customer:${text} or vendor:${text}` : "customer:12 or vendor:5";
    throw new OperatorError(`No customer or vendor is named ${name}. Write the whole display name, or ${hint}.`);
  }
  if (others.length > 0) {
    const some = found
      .slice(0, shownCandidates)
      .map(({ party, displayName }) => `${partyKeyText(party)} (${oneLine(displayName)})`);
    const more = found.length > some.length ? ` and ${found.length - some.length} more` : "";
    throw new OperatorError(`${found.length} are named ${name}: write ${some.join(" or ")}${more}.`);
  }
  return first.party;
}
