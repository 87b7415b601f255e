import type { OrganizationId } from "../../domain/index.ts";
import { compareDigits } from "../rank.ts";
import { type NormalName, normaliseName } from "./normalise-name.ts";
import type { MatchOrganization, MatchParty, MatchUser, MatchWorld } from "./world.ts";

/** A world, looked up from every side that matching asks from. Built once, for however many parties. */
export interface WorldIndex {
  /** By key text. */
  parties: ReadonlyMap<string, MatchParty>;
  /** Organizations that carry a key of ours, by that key in lower case. */
  byKey: ReadonlyMap<string, readonly MatchOrganization[]>;
  /** Those that nobody holds and that carry no key of ours: the only ones that steps after the key look at. */
  free: ReadonlyMap<OrganizationId, MatchOrganization>;
  /** The free ones by the stem of their name. */
  byStem: ReadonlyMap<string, readonly { organization: MatchOrganization; name: NormalName }[]>;
  /** The end users of an organization. */
  usersOf: ReadonlyMap<OrganizationId, readonly MatchUser[]>;
  /** Where the end users who have an address belong. */
  organizationsOf: ReadonlyMap<string, ReadonlySet<OrganizationId>>;
  /** The free ones whose billing e-mail field has an address. */
  billedAt: ReadonlyMap<string, readonly OrganizationId[]>;
  /** The free ones that have a domain name. */
  withDomain: ReadonlyMap<string, readonly OrganizationId[]>;
  agentAddresses: ReadonlySet<string>;
  agentOrganizations: ReadonlySet<OrganizationId>;
  /**
   * Whose evidence an address is, per company: the one family's that has it, and of that family its top's; `shared` between families:
   * nobody's. Companies do not share: two that know one address both claim what it leads to, and a person decides.
   */
  addressOwner: ReadonlyMap<string, MatchParty | "shared">;
}

export function indexWorld(world: MatchWorld): WorldIndex {
  const parties = [...world.parties].sort(compareParties);
  const organizations = [...world.organizations].sort((a, b) => a.id - b.id);
  const free = organizations.filter(({ heldBy, keys }) => heldBy === "nobody" && keys.length === 0);
  const agents = world.users.filter(({ agent }) => agent);
  const endUsers = world.users.filter(({ agent }) => !agent);
  return {
    parties: new Map(parties.map((party) => [party.keyText, party])),
    byKey: groupBy(
      organizations.flatMap((organization) => organization.keys.map((key) => [key.toLowerCase(), organization])),
    ),
    free: new Map(free.map((organization) => [organization.id, organization])),
    byStem: groupBy(
      free.map((organization) => {
        const name = normaliseName(organization.name);
        return [name.stem, { organization, name }];
      }),
    ),
    usersOf: groupBy(
      endUsers.flatMap((user) => (user.organizationId === undefined ? [] : [[user.organizationId, user]])),
    ),
    organizationsOf: organizationsByAddress(endUsers),
    billedAt: groupBy(
      free.flatMap(({ id, billingAddresses = [] }) => billingAddresses.map((address) => [address, id])),
    ),
    withDomain: groupBy(free.flatMap(({ id, domains }) => domains.map((domain) => [domain.toLowerCase(), id]))),
    agentAddresses: new Set(agents.flatMap(({ addresses }) => addresses)),
    agentOrganizations: new Set(agents.flatMap(({ organizationId }) => organizationId ?? [])),
    addressOwner: ownersOfAddresses(parties),
  };
}

/** An order that does not depend on arrival: company, kind, numeric id. */
export function compareParties(a: MatchParty, b: MatchParty): number {
  if (a.key.kind !== b.key.kind) return a.key.kind === "customer" ? -1 : 1;
  return compareDigits(a.key.id, b.key.id) || (a.keyText < b.keyText ? -1 : a.keyText > b.keyText ? 1 : 0);
}

export function familyOf(party: MatchParty): string {
  return party.family ?? party.keyText;
}

/** The key of `addressOwner`. */
export function addressOfCompany({ keyText }: MatchParty, address: string): string {
  return `${keyText.split(":", 2).join(":")} ${address}`;
}

function ownersOfAddresses(parties: readonly MatchParty[]): Map<string, MatchParty | "shared"> {
  const owners = new Map<string, MatchParty | "shared">();
  for (const party of parties)
    for (const address of party.addresses.map((text) => addressOfCompany(party, text))) {
      const owner = owners.get(address);
      if (owner === undefined) owners.set(address, party);
      else if (owner !== "shared" && familyOf(owner) !== familyOf(party)) owners.set(address, "shared");
      else if (owner !== "shared" && party.keyText === familyOf(party)) owners.set(address, party);
    }
  return owners;
}

function organizationsByAddress(users: readonly MatchUser[]): Map<string, Set<OrganizationId>> {
  const found = new Map<string, Set<OrganizationId>>();
  for (const { addresses, organizationId } of users)
    for (const address of organizationId === undefined ? [] : addresses) {
      const ids = found.get(address) ?? new Set();
      if (organizationId !== undefined) ids.add(organizationId);
      found.set(address, ids);
    }
  return found;
}

function groupBy<Key, Value>(pairs: readonly (readonly [Key, Value])[]): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const [key, value] of pairs) {
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
