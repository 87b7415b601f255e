// Whatever people answered, alone or in batches: taken back in the order in which it was given or not, it leaves no party elsewhere.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, parseOrganizationId, parsePartyKey, partyKeyText } from "../../src/domain/index.ts";
import { type Flow, startFlow } from "../flow/bench.ts";
import { seedOfRun } from "../harness/seed.ts";
import { organizations, smallAccount, smallCompany, today } from "../harness/small-world.ts";

const parties = [
  "customer:1",
  "customer:2",
  "customer:3",
  "customer:4",
  "customer:6",
  "customer:8",
  "vendor:1",
] as const;
const answer: fc.Arbitrary<Answer> = fc.oneof(
  fc.constant<Answer>({ kind: "ignore" }),
  fc.constant<Answer>({ kind: "join", with: { kind: "customer", id: "5" } }),
  // To an organization that nobody else waits for: who waited for it and got one of his own meanwhile keeps that.
  fc.constant<Answer>({ kind: "link", organizationId: parseOrganizationId(organizations.unrelated) }),
);
const steps = fc.array(fc.record({ party: fc.constantFrom(...parties), answer, batch: fc.boolean() }), {
  minLength: 1,
  maxLength: 3,
});

describe("answers that are undone", () => {
  let flow: Flow;
  const seed = seedOfRun("answers undone");
  beforeAll(async () => {
    flow = await startFlow({ company: smallCompany(), account: smallAccount(), today });
    const plan = await flow.load();
    await flow.engine.stores.plans.approve(plan.id, "test");
    await flow.settled();
  });
  afterAll(() => flow?.close());

  /** Where everybody is, without how he came there: an organization that we once let go is found again by its name. */
  async function places(): Promise<Record<string, unknown>> {
    const all = await flow.engine.stores.overview.standings(flow.connectionId);
    return Object.fromEntries(
      all.map(({ key, disposition, reason, organizationId }) => [key, { disposition, reason, organizationId }]),
    );
  }

  it("leave every party where it was", { timeout: 300_000 }, async () => {
    const { links, review } = flow.engine.stores;
    const before = await places();
    await fc.assert(
      fc.asyncProperty(steps, fc.boolean(), async (given, inTheMiddle) => {
        const batches: number[] = [];
        for (const { party, answer: said, batch } of given) {
          const key = parsePartyKey(party);
          const rule = { filter: {}, answer: "ignore" } as const;
          const id = batch
            ? await review.storeBatch(flow.connectionId, { rule, answers: [{ party: key, answer: said }], who: "ada" })
            : undefined;
          if (id !== undefined) batches.push(id);
          else await links.storeAnswer(flow.connectionId, key, said, "ada");
          if (inTheMiddle) await flow.settled();
        }
        await flow.settled();
        for (const id of batches.reverse()) await review.undoBatch(flow.connectionId, id, "bob");
        for (const party of parties)
          while ((await links.undoAnswer(flow.connectionId, parsePartyKey(party), "bob")) !== undefined);
        expect(await links.answersOf(flow.connectionId, parties.map(parsePartyKey))).toEqual([]);
        await flow.settled();
        expect(await places(), given.map((one) => `${one.party} ${JSON.stringify(one.answer)}`).join("; ")).toEqual(
          before,
        );
      }),
      // Zendesk takes five updates of one organization a minute: each run waits for that.
      { numRuns: Number(process.env["RUNS"] ?? 1), seed, endOnFailure: true },
    );
    expect(Object.keys(before)).toEqual(
      expect.arrayContaining(parties.map((text) => partyKeyText(parsePartyKey(text)))),
    );
  });
});
