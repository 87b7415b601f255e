import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PartyKind, parseOrganizationId } from "../../domain/index.ts";
import { type MatchOrganization, type MatchOutcome, type MatchParty, type MatchWorld, matchAll } from "./index.ts";

const shuffled = <Item>(items: readonly Item[]) => fc.shuffledSubarray([...items], { minLength: items.length });

// Few addresses, names and organizations, so that most parties meet.
const address = fc.constantFrom("a@one.com", "b@one.com", "c@two.com", "d@three.com", "e@gmail.com", "f@four.com");
const name = fc.constantFrom("Acme", "Acme Inc", "ACME Ltd", "Zenith", "Zénith", "Omega GmbH", "Omega");

const drafts = fc.record({
  parties: fc.array(
    fc.record({
      kind: fc.constantFrom<PartyKind[]>("customer", "vendor"),
      company: fc.constantFrom(1, 1, 1, 2),
      names: fc.array(name, { minLength: 1, maxLength: 2 }),
      addresses: fc.array(address, { maxLength: 3 }),
      eligible: fc.integer({ min: 0, max: 5 }).map((die) => die > 0),
      byDomain: fc.boolean(),
      top: fc.option(fc.nat(4), { nil: undefined, freq: 4 }),
    }),
    { minLength: 1, maxLength: 7 },
  ),
  organizations: fc.array(
    fc.record({
      name,
      domains: fc.constantFrom([], ["one.com"], ["five.com"], ["gmail.com"]),
      keyOf: fc.option(fc.nat(9), { nil: undefined, freq: 3 }),
      heldBy: fc.constantFrom(...(["nobody", "nobody", "nobody", "nobody", "us", "several-clients"] as const)),
      billing: fc.option(address, { nil: undefined, freq: 2 }),
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

/** `offset` and `rename` make a second world that has nothing in common with the first. */
const worldOf = (offset: number, rename: (text: string) => string) =>
  drafts.map((draft): MatchWorld => {
    const keyText = (index: number) =>
      `qbo:${offset + (draft.parties[index]?.company ?? 1)}:${draft.parties[index]?.kind ?? "customer"}:${index + 1}`;
    const organizationId = (index: number) => parseOrganizationId(offset + index + 1);
    return {
      parties: draft.parties.map((said, index) => ({
        key: { kind: said.kind, id: String(index + 1) },
        keyText: keyText(index),
        names: said.names.map(rename),
        addresses: [...new Set(said.addresses)].map(rename),
        eligible: said.eligible,
        byDomain: said.byDomain,
        ...(said.top !== undefined && said.top < index && draft.parties[said.top]?.top === undefined
          ? { family: keyText(said.top) }
          : {}),
      })),
      organizations: draft.organizations.map((said, index) => ({
        id: organizationId(index),
        name: rename(said.name),
        domains: said.domains.map((domain) => rename(`@${domain}`).replace(/^.*@/, "")),
        billingAddresses: said.billing === undefined ? [] : [rename(said.billing)],
        keys: said.keyOf === undefined ? [] : [keyText(said.keyOf)],
        heldBy: said.heldBy,
      })),
      users: draft.users.map((said) => ({
        addresses: [rename(said.address)],
        organizationId: said.organization === undefined ? undefined : organizationId(said.organization),
        agent: said.agent,
      })),
    };
  });

const world = worldOf(0, (text) => text);
const strangers = worldOf(1000, (text) =>
  text.includes("@") ? `s-${text.replace("@", "@strange-")}` : `Strange ${text}`,
);

function matchEverybody({ parties, organizations, users }: MatchWorld): Map<string, MatchOutcome> {
  const eligible = parties.filter((party) => party.eligible).map(({ keyText }) => keyText);
  return matchAll({ parties, organizations, users }, eligible);
}

/** What is done, without what it waits for. */
function essence(outcome: MatchOutcome | undefined): string {
  if (outcome?.kind === "link") return `link ${outcome.organizationId} ${outcome.step}`;
  if (outcome?.kind === "review")
    return `review ${outcome.reason} ${outcome.candidates.map(({ organizationId }) => organizationId).join()}`;
  return String(outcome?.kind);
}

function linked(world: MatchWorld, keyText: string, organizationId: MatchOrganization["id"]): MatchWorld {
  return {
    parties: world.parties.map(
      (party): MatchParty =>
        party.keyText === keyText ? { ...party, eligible: false, linkedTo: organizationId } : party,
    ),
    organizations: world.organizations.map((organization) =>
      organization.id === organizationId
        ? { ...organization, heldBy: "us", keys: [...organization.keys, keyText] }
        : organization,
    ),
    users: world.users,
  };
}

describe("matching", () => {
  it("never depends on the order of parties, organizations or users", () => {
    const orders = world.chain((known) =>
      fc.tuple(fc.constant(known), shuffled(known.parties), shuffled(known.organizations), shuffled(known.users)),
    );
    fc.assert(
      fc.property(orders, ([known, parties, organizations, users]) => {
        const sorted = (found: Map<string, MatchOutcome>) => [...found].sort(([a], [b]) => (a < b ? -1 : 1));
        expect(sorted(matchEverybody({ parties, organizations, users }))).toEqual(sorted(matchEverybody(known)));
      }),
      { numRuns: 300 },
    );
  });
  it("gives a party the same outcome beside strangers, and alone", () => {
    fc.assert(
      fc.property(world, strangers, (known, others) => {
        const together = matchEverybody({
          parties: [...others.parties, ...known.parties],
          organizations: [...known.organizations, ...others.organizations],
          users: [...others.users, ...known.users],
        });
        for (const [keyText, outcome] of matchEverybody(known)) {
          expect(together.get(keyText)).toEqual(outcome);
          expect(matchAll(known, [keyText]).get(keyText)).toEqual(outcome);
        }
      }),
      { numRuns: 300 },
    );
  });
  it("never links an organization to two parties, but by keys that it carries already", () => {
    fc.assert(
      fc.property(world, (known) => {
        const taken = new Set<number>();
        for (const outcome of matchEverybody(known).values()) {
          if (outcome.kind !== "link" || outcome.step === "key") continue;
          const organization = known.organizations.find(({ id }) => id === outcome.organizationId);
          expect(organization).toMatchObject({ heldBy: "nobody", keys: [] });
          expect(taken.has(outcome.organizationId)).toBe(false);
          taken.add(outcome.organizationId);
        }
      }),
      { numRuns: 500 },
    );
  });
  it("comes to the same, whoever is linked first: what is decided later finds the earlier links made", () => {
    fc.assert(
      fc.property(world, fc.infiniteStream(fc.nat()), (known, dice) => {
        const atOnce = matchEverybody(known);
        let state = known;
        let left = [...atOnce.keys()];
        while (left.length > 0) {
          const next = left[(dice.next().value ?? 0) % left.length] as string;
          const outcome = matchAll(state, [next]).get(next);
          expect([next, essence(outcome)]).toEqual([next, essence(atOnce.get(next))]);
          if (outcome?.kind === "link") state = linked(state, next, outcome.organizationId);
          left = left.filter((keyText) => keyText !== next);
        }
      }),
      { numRuns: 500 },
    );
  });
  it("says of every parked party what it waits for, with candidates that are free or keyed to it", () => {
    fc.assert(
      fc.property(world, (known) => {
        for (const outcome of matchEverybody(known).values()) {
          if (outcome.kind !== "review") continue;
          expect(outcome.says).not.toBe("");
          expect(outcome.candidates.length).toBeGreaterThan(0);
          for (const { organizationId } of outcome.candidates)
            expect(outcome.waitsFor).toContain(`organization:${organizationId}`);
        }
      }),
    );
  });
  it("is quick for five hundred parties of one world", () => {
    const parties = Array.from(
      { length: 5000 },
      (_, index): MatchParty => ({
        key: { kind: "customer", id: String(index) },
        keyText: `qbo:1:customer:${index}`,
        names: [`Client ${index} Inc`, `Client Company ${index}`],
        addresses: [`bill@client${index}.com`],
        eligible: true,
      }),
    );
    const organizations = parties.map(
      (_, index): MatchOrganization => ({
        id: parseOrganizationId(index + 1),
        name: `client ${index}`,
        domains: [`client${index}.com`],
        keys: [],
        heldBy: "nobody",
      }),
    );
    const users = parties.map((_, index) => ({
      organizationId: undefined,
      addresses: [`x@client${index}.com`],
      agent: false,
    }));
    const start = performance.now();
    const found = matchAll(
      { parties, organizations, users },
      parties.slice(0, 500).map(({ keyText }) => keyText),
    );
    expect(performance.now() - start).toBeLessThan(2000);
    expect([...found.values()].every((outcome) => outcome.kind === "link")).toBe(true);
  });
});
