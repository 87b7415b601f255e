import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ConnectionId,
  organizationKey,
  type Party,
  type PartyKey,
  parseConnectionId,
  parseOrganizationId,
  parseRealm,
  parseSubdomain,
  parseUserId,
  partyKeyText,
} from "../../domain/index.ts";
import { emailDomain, type MatchOutcome, matchAll, normaliseName } from "../../rules/matching/index.ts";
import { sampleParty, sampleToday } from "../../rules/samples.ts";
import type { ListedOrganization, ListedUser } from "../directory/index.ts";
import type { Family } from "../replica/index.ts";
import { type Claimants, type EvidencePorts, loadMatchWorld } from "./index.ts";

// Few addresses, names and organizations, so that most parties meet, also over two corners.
const address = fc.constantFrom("a@one.com", "b@one.com", "c@two.com", "d@two.com", "e@gmail.com", "f@four.com");
const name = fc.constantFrom("Acme", "Acme Inc", "ACME Ltd", "Zenith", "Omega GmbH", "Omega");
const subdomain = parseSubdomain("acme");

const drafts = fc.record({
  matchDomains: fc.tuple(fc.boolean(), fc.boolean()),
  billing: fc.boolean(),
  parties: fc.array(
    fc.record({
      company: fc.constantFrom(0, 0, 0, 1),
      name,
      addresses: fc.array(address, { maxLength: 2 }),
      under: fc.option(fc.nat(4), { nil: undefined, freq: 4 }),
      dead: fc.integer({ min: 0, max: 6 }).map((die) => die === 0),
      answered: fc.integer({ min: 0, max: 8 }).map((die) => die === 0),
    }),
    { minLength: 1, maxLength: 7 },
  ),
  organizations: fc.array(
    fc.record({
      name,
      domains: fc.subarray(["one.com", "two.com", "four.com"], { maxLength: 1 }),
      mail: fc.option(address, { nil: undefined, freq: 2 }),
      keyOf: fc.option(fc.nat(9), { nil: undefined, freq: 4 }),
      several: fc.integer({ min: 0, max: 8 }).map((die) => die === 0),
    }),
    { maxLength: 5 },
  ),
  users: fc.array(
    fc.record({
      address,
      organization: fc.option(fc.nat(4), { nil: undefined }),
      agent: fc.integer({ min: 0, max: 8 }).map((die) => die === 0),
    }),
    { maxLength: 7 },
  ),
});
type Draft = typeof drafts extends fc.Arbitrary<infer Value> ? Value : never;

interface Account {
  ports: EvidencePorts;
  rivals: Claimants[];
  tops: { claimants: Claimants; top: PartyKey }[];
}

/** An account in memory, asked by the same keys as the store. */
function accountOf(draft: Draft): Account {
  const rivals = [0, 1].map(
    (company): Claimants => ({
      id: parseConnectionId(company + 1),
      realm: parseRealm(String(company + 1)),
      scope: "default",
      families: "roll-up",
      matchDomains: draft.matchDomains[company] ?? false,
      billingEmailField: draft.billing && company === 0 ? "billing" : undefined,
      zone: "America/New_York",
      today: sampleToday,
    }),
  );
  const families = new Map<string, Family & { connectionId: ConnectionId }>();
  const familyOf = new Map<string, Family & { connectionId: ConnectionId }>();
  for (const [place, said] of draft.parties.entries()) {
    const connectionId = parseConnectionId(said.company + 1);
    const parent = said.under !== undefined && said.under < place ? draft.parties[said.under] : undefined;
    const isTop = parent === undefined || parent.company !== said.company || parent.under !== undefined;
    const topId = String(isTop ? place + 1 : (said.under ?? 0) + 1);
    const party: Party = sampleParty("customer", String(place + 1), {
      displayName: said.name,
      addresses: said.addresses,
      topId,
      active: !said.dead,
    });
    const key = `${connectionId} customer:${topId}`;
    const top: PartyKey = { kind: "customer", id: topId };
    const family = families.get(key) ?? { connectionId, top, members: [], root: top };
    family.members.push({ party, lastDocumentOn: said.dead ? undefined : sampleToday, record: {} });
    families.set(key, family);
    familyOf.set(`${connectionId} ${partyKeyText(party)}`, family);
  }
  const members = [...families.values()].flatMap((family) =>
    family.members.map(({ party }) => ({
      connectionId: family.connectionId,
      party,
      isTop: party.id === family.top.id,
    })),
  );
  const organizations = draft.organizations.map((said, place): ListedOrganization => {
    const owner = said.keyOf === undefined ? undefined : draft.parties[said.keyOf];
    const realm = parseRealm(String((owner?.company ?? 0) + 1));
    return {
      id: parseOrganizationId(place + 1),
      name: said.name,
      domains: said.domains,
      externalId: undefined,
      fields: {},
      keys: owner ? [organizationKey(realm, { kind: "customer", id: String((said.keyOf ?? 0) + 1) })] : [],
      updatedAt: undefined,
      ...(said.mail === undefined ? {} : { mailAddresses: [`billing ${said.mail}`] }),
    };
  });
  const users = draft.users.map(
    (said, place): ListedUser => ({
      id: parseUserId(place + 1),
      organizationId: said.organization === undefined ? undefined : parseOrganizationId(said.organization + 1),
      addresses: [said.address],
      agent: said.agent,
    }),
  );
  const found = (of: readonly ConnectionId[], test: (party: Party) => boolean, topsOnly = false) =>
    members
      .filter(({ connectionId, party, isTop }) => of.includes(connectionId) && test(party) && (isTop || !topsOnly))
      .map(({ connectionId, party }) => ({ connectionId, party: { kind: party.kind, id: party.id } }));
  return {
    rivals,
    tops: [...families.values()].flatMap(({ connectionId, top }) => {
      const claimants = rivals.find(({ id }) => id === connectionId);
      return claimants ? [{ claimants, top }] : [];
    }),
    ports: {
      replica: {
        familiesOf: async ({ id }, keys) => [
          ...new Set(keys.flatMap((key) => familyOf.get(`${id} ${partyKeyText(key)}`) ?? [])),
        ],
        partiesByAddresses: async (ids, asked) =>
          found(ids, ({ addresses }) => addresses.some((one) => asked.includes(one))),
        partiesByNameStems: async (of, stems) =>
          found(
            of.map(({ id }) => id),
            ({ displayName }) => stems.includes(normaliseName(displayName).stem),
            true,
          ),
        partiesByDomains: async (ids, domains) =>
          found(ids, ({ addresses }) => addresses.some((one) => domains.includes(emailDomain(one)))),
      },
      directory: {
        organizationsByIds: async (_, ids) => organizations.filter(({ id }) => ids.includes(id)),
        organizationsByKeys: async (_, keys) =>
          organizations.filter((one) => one.keys.some((key) => keys.includes(key))),
        organizationsByStems: async (_, stems) =>
          organizations.filter((one) => stems.includes(normaliseName(one.name).stem)),
        organizationsByMailAddresses: async (_, texts) =>
          organizations.filter(({ mailAddresses = [] }) => mailAddresses.some((text) => texts.includes(text))),
        organizationsByDomains: async (_, domains) =>
          organizations.filter((one) => one.domains.some((domain) => domains.includes(domain))),
        usersByAddresses: async (_, asked) =>
          users.filter(({ addresses }) => addresses.some((one) => asked.includes(one))),
        usersOfOrganizations: async (_, ids) =>
          users.filter(({ organizationId }) => organizationId !== undefined && ids.includes(organizationId)),
      },
      links: {
        linksOf: async () => [],
        linksTo: async () => [],
        answersOf: async (id, keys) =>
          keys
            .filter((key) => draft.parties[Number(key.id) - 1]?.answered && familyOf.has(`${id} ${partyKeyText(key)}`))
            .map((party) => ({ party, answer: { kind: "create" as const }, who: "ada" })),
        severalClientsOf: async (_, ids) => ids.filter((id) => draft.organizations[id - 1]?.several),
        ignoreRules: async () => [],
      },
    },
  };
}

/** What each of these families comes to when exactly they are asked about together. */
async function outcomesOf(
  { ports, rivals }: Account,
  claimants: Claimants,
  parties: readonly PartyKey[],
): Promise<Map<string, MatchOutcome>> {
  const world = await loadMatchWorld(ports, subdomain, rivals, { connectionId: claimants.id, parties });
  return matchAll(
    world,
    parties.map((party) => organizationKey(claimants.realm, party)),
  );
}

/**
 * Found by six thousand runs: "Acme" of the second company claims a domain that is another party's by a user's address, two corners away from
 * the name that it falls back to.
 */
const thirdCorner: Draft = {
  matchDomains: [false, true],
  billing: false,
  parties: [
    { company: 0, name: "Omega GmbH", addresses: ["c@two.com"], under: undefined, dead: false, answered: false },
    { company: 1, name: "Acme", addresses: ["a@one.com"], under: undefined, dead: false, answered: false },
    { company: 0, name: "Acme", addresses: [], under: undefined, dead: true, answered: true },
  ],
  organizations: [
    { name: "Acme", domains: [], mail: undefined, keyOf: undefined, several: false },
    { name: "Omega", domains: ["one.com"], mail: undefined, keyOf: undefined, several: false },
  ],
  users: [{ address: "c@two.com", organization: 1, agent: false }],
};

describe("the slice of an account that matching is given", () => {
  it("is complete: a family comes to the same alone, and together with everybody", async () => {
    await fc.assert(
      fc.asyncProperty(drafts, async (draft) => {
        const account = accountOf(draft);
        for (const claimants of account.rivals) {
          const parties = account.tops.filter((one) => one.claimants === claimants).map(({ top }) => top);
          const together = await outcomesOf(account, claimants, parties);
          for (const party of parties) {
            const key = organizationKey(claimants.realm, party);
            expect((await outcomesOf(account, claimants, [party])).get(key)).toEqual(together.get(key));
          }
        }
      }),
      { numRuns: 600, examples: [[thirdCorner]] },
    );
  });
});
