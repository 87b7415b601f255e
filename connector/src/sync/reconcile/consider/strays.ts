import {
  type ConnectionId,
  type Families,
  type PartyKey,
  partyKeyText,
  type Subdomain,
  type UserId,
} from "../../../domain/index.ts";
import { isLeftOut } from "../../../rules/scope/index.ts";
import type { ListedUser } from "../../directory/index.ts";
import type { Family, FoundParty, Grouping } from "../../replica/index.ts";

export interface StrayPorts {
  replica: {
    familiesOf(of: Grouping, parties: readonly PartyKey[]): Promise<Family[]>;
    partiesByAddresses(
      connectionIds: readonly ConnectionId[],
      addresses: readonly string[],
    ): Promise<(FoundParty & { address: string })[]>;
  };
  directory: { usersByAddresses(subdomain: Subdomain, addresses: readonly string[]): Promise<ListedUser[]> };
}

/**
 * End users who belong to no organization and have an address of exactly one card: they become its members. An address that two cards
 * share says nothing about whose user it is. Agents, and users with an organization, are never moved.
 */
export async function straysOf(
  ports: StrayPorts,
  connection: { id: ConnectionId; subdomain: Subdomain; families: Families },
  cards: ReadonlyMap<string, readonly Family[]>,
  connectionIds: readonly ConnectionId[],
): Promise<Map<string, UserId[]>> {
  const cardOfAddress = new Map<string, string>();
  const cardOfParty = new Map<string, string>();
  for (const [card, families] of cards)
    for (const family of families)
      for (const { party } of family.members) {
        cardOfParty.set(`${connection.id} ${partyKeyText(party)}`, card);
        for (const address of party.addresses) cardOfAddress.set(address, card);
      }
  const users = (await ports.directory.usersByAddresses(connection.subdomain, [...cardOfAddress.keys()])).filter(
    (user) => !user.agent && user.organizationId === undefined,
  );
  if (users.length === 0) return new Map();
  const asked = users.flatMap(({ addresses }) => addresses).filter((address) => cardOfAddress.has(address));
  const owners = new Map<string, Set<string>>();
  const found = await ports.replica.partiesByAddresses(connectionIds, asked);
  for (const { connectionId, party, address } of await withoutRelatives(ports, connection, found)) {
    const name = `${connectionId} ${partyKeyText(party)}`;
    const of = owners.get(address) ?? new Set<string>();
    of.add(cardOfParty.get(name) ?? name);
    owners.set(address, of);
  }
  const strays = new Map<string, UserId[]>();
  for (const user of users) {
    const candidates = new Set(user.addresses.flatMap((address) => [...(owners.get(address) ?? [])]));
    const [only] = candidates;
    if (candidates.size !== 1 || only === undefined || !cards.has(only)) continue;
    strays.set(only, [...(strays.get(only) ?? []), user.id]);
  }
  return strays;
}

type Addressed = FoundParty & { address: string };

/**
 * An address counts once per family: what its top has is not that of a separate sub-customer, too, and projects that are left out have
 * none.
 */
async function withoutRelatives(
  { replica }: StrayPorts,
  { id, families }: { id: ConnectionId; families: Families },
  found: readonly Addressed[],
): Promise<Addressed[]> {
  if (families === "roll-up") return [...found];
  const own = found.filter(({ connectionId }) => connectionId === id);
  const rootOf = new Map<string, string>();
  const leftOut = new Set<string>();
  for (const { members, root, top } of await replica.familiesOf(
    { id, families },
    own.map(({ party }) => party),
  ))
    for (const { party } of members) {
      rootOf.set(partyKeyText(party), partyKeyText(root));
      if (members.some((member) => member.party.id === top.id && isLeftOut(member.party, families)))
        leftOut.add(partyKeyText(party));
    }
  const owned = new Set(own.map(({ party, address }) => `${address} ${partyKeyText(party)}`));
  return found.filter(({ connectionId, party, address }) => {
    if (connectionId !== id) return true;
    const text = partyKeyText(party);
    const root = rootOf.get(text) ?? text;
    return !leftOut.has(text) && (root === text || !owned.has(`${address} ${root}`));
  });
}
