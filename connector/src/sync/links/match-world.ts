import {
  type ConnectionId,
  type OrganizationId,
  organizationKey,
  type PartyKey,
  partyKeyText,
  type Subdomain,
} from "../../domain/index.ts";
import {
  corporateDomain,
  emailDomain,
  type MatchParty,
  type MatchWorld,
  normaliseName,
  organizationName,
} from "../../rules/matching/index.ts";
import { familyInScope, isLeftOut } from "../../rules/scope/index.ts";
import type { ListedOrganization, ListedUser } from "../directory/index.ts";
import type { Family } from "../replica/index.ts";
import { ignoredBy } from "./ignored-by.ts";
import type { Claimants, EvidenceDirectory, EvidenceReplica, LinkStore } from "./ports.ts";

export interface EvidencePorts {
  replica: EvidenceReplica;
  directory: EvidenceDirectory;
  links: Pick<LinkStore, "linksOf" | "linksTo" | "answersOf" | "severalClientsOf" | "ignoreRules">;
}

interface Found {
  claimants: Claimants;
  family: Family;
  addresses: string[];
  names: string[];
}

/**
 * The slice of the account that decides what the asked families match: complete around them, and no larger.
 *
 *   asked families -> organizations that their addresses, mail domains and names lead to, or that carry their keys
 *     -> users of these organizations -> families that claim them too, by address, mail domain or name
 *       -> what these families' own addresses lead to (an earlier step beats a later one), and who shares those addresses
 *
 * Two hops suffice: whether a rival's claim counts depends on its own addresses, not on its rivals'. Where mail domains count, a third one:
 * whether a rival's domain leads to an organization depends on who is known there by address. Every question goes to an index, none to
 * the batch at hand, so that the answer does not depend on what happens to be decided together.
 */
export async function loadMatchWorld(
  ports: EvidencePorts,
  subdomain: Subdomain,
  rivals: readonly Claimants[],
  asked: { connectionId: ConnectionId; parties: readonly PartyKey[] },
): Promise<MatchWorld> {
  const slice = new Slice(ports, subdomain, rivals);
  const first = await slice.addFamilies([{ connectionId: asked.connectionId, keys: asked.parties }]);
  await slice.addKeyed(first);
  const candidates = await slice.addOrganizationsOf(first, { byName: true });
  const claimAddresses = await slice.addUsersOf(candidates);
  const rivalFamilies = await slice.addRivals(
    [...first.flatMap(({ addresses }) => addresses), ...claimAddresses, ...slice.billingAddressesOf(candidates)],
    candidates.map(({ name }) => normaliseName(name).stem),
    candidates.flatMap(({ domains }) => domains),
  );
  await slice.addKeyed(rivalFamilies);
  const elsewhere = await slice.addOrganizationsOf(rivalFamilies, { byName: false });
  const usedElsewhere = await slice.addUsersOf(elsewhere);
  await slice.addRivals(
    rivalFamilies.flatMap(({ addresses }) => addresses),
    [],
    [],
  );
  if (rivals.some(({ matchDomains }) => matchDomains)) {
    const third = await slice.addRivals([...usedElsewhere, ...slice.billingAddressesOf(elsewhere)], [], []);
    await slice.addKeyed(third);
    await slice.addUsersOf(await slice.addOrganizationsOf(third, { byName: false }));
    await slice.addRivals(
      third.flatMap(({ addresses }) => addresses),
      [],
      [],
    );
  }
  return slice.world();
}

class Slice {
  readonly #ports: EvidencePorts;
  readonly #subdomain: Subdomain;
  readonly #rivals: Map<ConnectionId, Claimants>;
  readonly #families = new Map<string, Found>();
  readonly #organizations = new Map<OrganizationId, ListedOrganization>();
  readonly #users = new Map<number, ListedUser>();
  readonly #usersLoadedFor = new Set<OrganizationId>();

  constructor(ports: EvidencePorts, subdomain: Subdomain, rivals: readonly Claimants[]) {
    this.#ports = ports;
    this.#subdomain = subdomain;
    this.#rivals = new Map(rivals.map((claimants) => [claimants.id, claimants]));
  }

  /** Adds the families of these parties; returns those that were not there yet. */
  async addFamilies(wanted: { connectionId: ConnectionId; keys: readonly PartyKey[] }[]): Promise<Found[]> {
    const added: Found[] = [];
    for (const { connectionId, keys } of wanted) {
      const claimants = this.#rivals.get(connectionId);
      if (!claimants || keys.length === 0) continue;
      for (const family of await this.#ports.replica.familiesOf(claimants, keys)) {
        const name = `${connectionId} ${partyKeyText(family.top)}`;
        if (this.#families.has(name)) continue;
        const found = { claimants, family, addresses: addressesOf(family), names: namesOf(claimants, family) };
        this.#families.set(name, found);
        added.push(found);
      }
    }
    return added;
  }

  async addKeyed(families: readonly Found[]): Promise<void> {
    const keys = families.map(({ claimants, family }) => organizationKey(claimants.realm, family.top));
    this.#keep(await this.#ports.directory.organizationsByKeys(this.#subdomain, keys));
  }

  /** The organizations that the families' addresses, and if asked their names, lead to. */
  async addOrganizationsOf(families: readonly Found[], { byName }: { byName: boolean }): Promise<ListedOrganization[]> {
    const { directory } = this.#ports;
    const users = await directory.usersByAddresses(
      this.#subdomain,
      unique(families.flatMap(({ addresses }) => addresses)),
    );
    for (const user of users) this.#users.set(user.id, user);
    const ids = unique(users.flatMap(({ organizationId }) => organizationId ?? []));
    const known = ids.flatMap((id) => this.#organizations.get(id) ?? []);
    const missing = ids.filter((id) => !this.#organizations.has(id));
    const byIds = missing.length === 0 ? [] : await directory.organizationsByIds(this.#subdomain, missing);
    const byMail = await this.#organizationsByMail(families);
    const stems = byName ? unique(families.flatMap(({ names }) => names.map((name) => normaliseName(name).stem))) : [];
    const byStems = stems.length === 0 ? [] : await directory.organizationsByStems(this.#subdomain, stems);
    const found = [...byIds, ...byMail, ...byStems];
    this.#keep(found);
    return [...new Map([...known, ...found].map((organization) => [organization.id, organization])).values()];
  }

  /** Those whose billing e-mail field has an address of the families or, where that counts, whose domain is that of one. */
  async #organizationsByMail(families: readonly Found[]): Promise<ListedOrganization[]> {
    const { directory } = this.#ports;
    const addresses = unique(families.flatMap((family) => family.addresses));
    const fields = this.#billingFields();
    const keys = fields.flatMap((field) => addresses.map((address) => `${field} ${address}`));
    const domains = unique(
      families
        .filter(({ claimants }) => claimants.matchDomains)
        .flatMap((family) => family.addresses.map(emailDomain))
        .filter((domain) => corporateDomain(domain) !== undefined),
    );
    return [
      ...(keys.length === 0 ? [] : await directory.organizationsByMailAddresses(this.#subdomain, keys)),
      ...(domains.length === 0 ? [] : await directory.organizationsByDomains(this.#subdomain, domains)),
    ];
  }

  /** Which the operators of the account's connections name. */
  #billingFields(): string[] {
    return unique([...this.#rivals.values()].flatMap(({ billingEmailField }) => billingEmailField ?? []));
  }

  billingAddressesOf(organizations: readonly ListedOrganization[]): string[] {
    const fields = this.#billingFields();
    return organizations.flatMap(({ mailAddresses = [] }) =>
      mailAddresses.flatMap((text) => {
        const [field = "", address = ""] = text.split(" ", 2);
        return fields.includes(field) ? [address] : [];
      }),
    );
  }

  /** All users of these organizations; returns their addresses. */
  async addUsersOf(organizations: readonly ListedOrganization[]): Promise<string[]> {
    const ids = organizations.map(({ id }) => id).filter((id) => !this.#usersLoadedFor.has(id));
    if (ids.length === 0) return [];
    const users = await this.#ports.directory.usersOfOrganizations(this.#subdomain, ids);
    for (const id of ids) this.#usersLoadedFor.add(id);
    for (const user of users) this.#users.set(user.id, user);
    return unique(users.flatMap(({ addresses }) => addresses));
  }

  /** The families, of any connection of the account, that have one of these addresses or name stems, or mail at one of these domains. */
  async addRivals(
    addresses: readonly string[],
    stems: readonly string[],
    domains: readonly string[],
  ): Promise<Found[]> {
    const connections = [...this.#rivals.keys()];
    const byDomain = [...this.#rivals.values()].filter(({ matchDomains }) => matchDomains).map(({ id }) => id);
    const { replica } = this.#ports;
    const sharing = [
      ...(addresses.length === 0 ? [] : await replica.partiesByAddresses(connections, unique(addresses))),
      ...(stems.length === 0 ? [] : await replica.partiesByNameStems([...this.#rivals.values()], unique(stems))),
      ...(domains.length === 0 || byDomain.length === 0
        ? []
        : await replica.partiesByDomains(byDomain, unique(domains))),
    ];
    const byConnection = new Map<ConnectionId, PartyKey[]>();
    for (const { connectionId, party } of sharing) {
      const keys = byConnection.get(connectionId) ?? [];
      keys.push(party);
      byConnection.set(connectionId, keys);
    }
    return this.addFamilies([...byConnection].map(([connectionId, keys]) => ({ connectionId, keys })));
  }

  async world(): Promise<MatchWorld> {
    const ids = [...this.#organizations.keys()];
    const [heldIds, several] = await Promise.all([
      this.#ports.links.linksTo(this.#subdomain, ids),
      this.#ports.links.severalClientsOf(this.#subdomain, ids),
    ]);
    const ofSeveral = new Set(several);
    const held = new Set(heldIds.map(({ organizationId }) => organizationId));
    return {
      parties: await this.#parties(),
      organizations: [...this.#organizations.values()].map((organization) => ({
        id: organization.id,
        name: organization.name,
        domains: organization.domains,
        keys: organization.keys,
        heldBy: held.has(organization.id) ? "us" : ofSeveral.has(organization.id) ? "several-clients" : "nobody",
        billingAddresses: this.billingAddressesOf([organization]),
      })),
      users: [...this.#users.values()].map(({ organizationId, addresses, agent }) => ({
        organizationId,
        addresses,
        agent,
      })),
    };
  }

  async #parties(): Promise<MatchParty[]> {
    const parties: MatchParty[] = [];
    for (const claimants of this.#rivals.values()) {
      const families = [...this.#families.values()].filter((found) => found.claimants.id === claimants.id);
      const tops = families.map(({ family }) => family.top);
      if (tops.length === 0) continue;
      const links = new Map(
        (await this.#ports.links.linksOf(claimants.id, tops)).map((link) => [partyKeyText(link.party), link]),
      );
      const answered = new Set(
        (await this.#ports.links.answersOf(claimants.id, tops)).map(({ party }) => partyKeyText(party)),
      );
      const rules = await this.#ports.links.ignoreRules(claimants.id);
      for (const { family, addresses, names } of families) {
        const text = partyKeyText(family.top);
        const link = links.get(text);
        const inScope = familyInScope({
          members: family.members,
          scope: claimants.scope,
          zone: claimants.zone,
          today: claimants.today,
        });
        parties.push({
          key: family.top,
          keyText: organizationKey(claimants.realm, family.top),
          names,
          addresses,
          eligible:
            inScope &&
            !isLeftOut(topOf(family), claimants.families) &&
            !link &&
            !answered.has(text) &&
            !ignoredBy(rules, topOf(family)),
          byDomain: claimants.matchDomains,
          family: organizationKey(claimants.realm, family.root),
          ...(link ? { linkedTo: link.organizationId } : {}),
        });
      }
    }
    return parties;
  }

  #keep(organizations: readonly ListedOrganization[]): void {
    for (const organization of organizations) this.#organizations.set(organization.id, organization);
  }
}

/** An address counts once per family. */
function addressesOf(family: Family): string[] {
  return unique(family.members.flatMap(({ party }) => party.addresses));
}

/**
 * Names are evidence for the top alone: its projects are named after places and jobs. Where families are kept separate, also with the names of
 * the parents, as its organization would be named.
 */
function namesOf({ families }: Pick<Claimants, "families">, family: Family): string[] {
  const top = topOf(family);
  const path = families === "roll-up" ? [] : [organizationName(top, { separateFamilies: true, suffix: 0 })];
  return unique([top.displayName, ...(top.companyName === undefined ? [] : [top.companyName]), ...path]);
}

export function topOf(family: Family): Family["members"][number]["party"] {
  const top = family.members.find(({ party }) => party.kind === family.top.kind && party.id === family.top.id);
  if (!top) throw new Error(`family without its top: ${partyKeyText(family.top)}`);
  return top.party;
}

function unique<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}
