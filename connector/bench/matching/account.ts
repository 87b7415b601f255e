import { Decimal } from "decimal.js";
import {
  type Party,
  type PartyKey,
  parseConnectionId,
  parseLocalDate,
  parseOrganizationId,
  parseRealm,
  parseSubdomain,
  parseUserId,
  partyKeyText,
} from "../../src/domain/index.ts";
import { emailAddresses, normaliseName } from "../../src/rules/matching/index.ts";
import type { ListedOrganization, ListedUser } from "../../src/sync/directory/index.ts";
import type { Claimants, EvidencePorts } from "../../src/sync/links/index.ts";
import type { Family, FoundParty } from "../../src/sync/replica/index.ts";
import type { LabelledParty, LabelledSet } from "./labelled/index.ts";

export const connectionId = parseConnectionId(1);
export const subdomain = parseSubdomain("labelled");

/** Whose parties compete: those of the one company. */
export const claimants: Claimants = {
  id: connectionId,
  realm: parseRealm("9130357766900456"),
  scope: "default",
  families: "roll-up",
  matchDomains: false,
  billingEmailField: undefined,
  zone: "America/New_York",
  today: parseLocalDate("2026-11-22"),
};

/** A labelled set as replica and directory hold it once both systems were read: in memory, and asked by the same keys as the store. */
export function evidenceOf(set: LabelledSet): EvidencePorts {
  const parties = set.parties.map((party) => ({ said: party, party: partyFrom(party) }));
  const families = new Map<string, Family>();
  for (const { said, party } of parties) {
    const top: PartyKey = { kind: party.kind, id: party.topId };
    const family = families.get(partyKeyText(top)) ?? { top, members: [], root: top };
    family.members.push({
      party,
      lastDocumentOn: said.living ? parseLocalDate("2026-11-02") : undefined,
      record: {},
    });
    families.set(partyKeyText(top), family);
  }
  const familyOf = new Map(
    [...families.values()].flatMap((family) => family.members.map(({ party }) => [partyKeyText(party), family])),
  );
  const byAddress = grouped(parties.flatMap(({ party }) => party.addresses.map((address) => [address, found(party)])));
  const byStem = grouped(
    parties
      .filter(({ party }) => party.parentId === undefined)
      .flatMap(({ party }) =>
        [party.displayName, party.companyName ?? party.displayName].map((name) => [
          normaliseName(name).stem,
          found(party),
        ]),
      ),
  );
  return {
    replica: {
      familiesOf: async (_, keys) => [...new Set(keys.flatMap((key) => familyOf.get(partyKeyText(key)) ?? []))],
      partiesByAddresses: async (_, addresses) => addresses.flatMap((address) => byAddress.get(address) ?? []),
      partiesByDomains: async () => [],
      partiesByNameStems: async (_, stems) => stems.flatMap((stem) => byStem.get(stem) ?? []),
    },
    directory: directoryOf(set),
    links: {
      linksOf: async () => [],
      linksTo: async () => [],
      answersOf: async () => [],
      severalClientsOf: async () => [],
      ignoreRules: async () => [],
    },
  };
}

function directoryOf(set: LabelledSet): EvidencePorts["directory"] {
  const organizations = set.organizations.map(
    ({ id, name, domains }): ListedOrganization => ({
      id: parseOrganizationId(id),
      name,
      domains,
      externalId: undefined,
      fields: {},
      keys: [],
      updatedAt: undefined,
    }),
  );
  const users = set.users.map(
    (user): ListedUser => ({
      id: parseUserId(user.id),
      organizationId: user.organizationId === undefined ? undefined : parseOrganizationId(user.organizationId),
      addresses: user.addresses,
      agent: user.agent,
    }),
  );
  const byId = new Map(organizations.map((organization) => [organization.id, organization]));
  const byStem = grouped(organizations.map((organization) => [normaliseName(organization.name).stem, organization]));
  const byAddress = grouped(users.flatMap((user) => user.addresses.map((address) => [address, user])));
  const byOrganization = grouped(
    users.flatMap((user) => (user.organizationId === undefined ? [] : [[user.organizationId, user]])),
  );
  return {
    organizationsByIds: async (_, ids) => ids.flatMap((id) => byId.get(id) ?? []),
    organizationsByKeys: async () => [],
    organizationsByMailAddresses: async () => [],
    organizationsByDomains: async () => [],
    organizationsByStems: async (_, stems) => stems.flatMap((stem) => byStem.get(stem) ?? []),
    usersByAddresses: async (_, addresses) => addresses.flatMap((address) => byAddress.get(address) ?? []),
    usersOfOrganizations: async (_, ids) => ids.flatMap((id) => byOrganization.get(id) ?? []),
  };
}

function partyFrom(said: LabelledParty): Party {
  return {
    kind: said.kind,
    id: said.id,
    displayName: said.displayName,
    companyName: said.companyName,
    givenName: undefined,
    familyName: undefined,
    fullyQualifiedName: said.displayName,
    active: said.living,
    parentId: said.parentId,
    topId: said.topId,
    isProject: false,
    currency: said.currency,
    balance: new Decimal(0),
    addresses: emailAddresses(said.mail),
    phone: undefined,
    billingAddress: undefined,
    termsId: undefined,
    createdAt: "2020-01-02T08:00:00-08:00",
    updatedAt: "2026-11-02T08:00:00-08:00",
  };
}

function found({ kind, id }: PartyKey): FoundParty & { address: string } {
  return { connectionId, party: { kind, id }, address: "" };
}

function grouped<Key, Value>(pairs: readonly (readonly [Key, Value])[]): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const [key, value] of pairs) {
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
