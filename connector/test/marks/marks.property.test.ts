import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { type Cause, type Priority, priorities } from "../../src/domain/index.ts";
import { createMarkStore } from "../../src/store/mark-store.ts";
import type { Mark } from "../../src/sync/marks/index.ts";
import { testDatabase } from "../harness/index.ts";
import { makeConnection } from "../replica/make-connection.ts";

const store = await testDatabase();
afterAll(() => store.close());
const marks = createMarkStore(store.database);
const { connectionId, subdomain } = await makeConnection(store.database, { epoch: 1 });
const fence = { subdomain, epoch: 1 };

const keys = ["Bill:1", "Bill:2", "Invoice:1", "Invoice:2"];
const keySet = fc.uniqueArray(fc.constantFrom(...keys), { minLength: 1 });
const priority = fc.constantFrom<Priority>(priorities.bulk, priorities.live, priorities.urgent);
const cause = (n: number): Cause => ({
  kind: "webhook",
  eventId: String(n),
  type: "updated",
  at: "2026-11-22T10:00:00Z",
});

const claim = (limit: number, held: Iterable<string>) =>
  marks.claim(
    {
      connectionIds: [connectionId],
      kind: "record",
      priorities: { from: priorities.bulk, to: priorities.urgent },
      limit,
      excluding: [...held].map((key) => ({ connectionId, key })),
    },
    fence,
  );

interface Modelled {
  gen: number;
  priority: Priority;
  causes: number[];
  attempts: number;
  waiting: boolean;
}

/** What one mark does to another, in plain words: see sync/marks/ports.ts. */
function markInModel(model: Map<string, Modelled>, key: string, rank: Priority, n: number): void {
  const former = model.get(key);
  model.set(key, {
    gen: (former?.gen ?? 0) + 1,
    priority: former && former.priority > rank ? former.priority : rank,
    causes: [...(former?.causes ?? []), n],
    attempts: 0,
    waiting: false,
  });
}

function order(model: Map<string, Modelled>): Priority[] {
  return [...model.values()]
    .filter(({ waiting }) => !waiting)
    .map((mark) => mark.priority)
    .toSorted((a, b) => b - a);
}

// SPEC.md I2, I3.
describe("marks, against a model", () => {
  const operation = fc.oneof(
    fc.record({ do: fc.constant("mark" as const), keys: keySet, priority }),
    fc.record({ do: fc.constant("claim" as const), limit: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ do: fc.constant("settle" as const) }),
    fc.record({ do: fc.constant("defer" as const) }),
  );

  it("any order of marking, claiming, settling and deferring leaves what the model says", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 25 }), async (operations) => {
        await store.database.deleteFrom("mark").execute();
        const model = new Map<string, Modelled>();
        let held: Mark[] = [];
        let n = 0;
        for (const step of operations) {
          switch (step.do) {
            case "mark":
              n += 1;
              for (const key of step.keys) markInModel(model, key, step.priority, n);
              await marks.mark(
                step.keys.map((key) => ({
                  connectionId,
                  kind: "record",
                  key,
                  priority: step.priority,
                  causes: [cause(n)],
                })),
              );
              break;
            case "claim":
              held = await claim(step.limit, []);
              expect(held.map((mark) => mark.priority)).toEqual(order(model).slice(0, step.limit));
              for (const mark of held) expect(mark.gen).toBe(model.get(mark.key)?.gen);
              break;
            case "settle": {
              const remained = await marks.settle(held, fence);
              const expected = held.filter((mark) => model.get(mark.key)?.gen !== mark.gen);
              expect(remained.map(({ key }) => key).toSorted()).toEqual(expected.map(({ key }) => key).toSorted());
              for (const mark of held) if (model.get(mark.key)?.gen === mark.gen) model.delete(mark.key);
              held = [];
              break;
            }
            case "defer":
              await marks.defer(
                held.map((mark) => ({ ...mark, waitMs: 3_600_000, failure: "no answer" })),
                fence,
              );
              for (const mark of held) {
                const modelled = model.get(mark.key);
                if (modelled?.gen === mark.gen)
                  Object.assign(modelled, { waiting: true, attempts: modelled.attempts + 1 });
              }
              held = [];
              break;
          }
        }
        const rows = await store.database.selectFrom("mark").selectAll().execute();
        expect(rows.map(({ key }) => key).toSorted()).toEqual([...model.keys()].toSorted());
        for (const row of rows) {
          const modelled = model.get(row.key);
          expect([row.gen, row.priority, row.attempts]).toEqual([
            modelled?.gen,
            modelled?.priority,
            modelled?.attempts,
          ]);
          expect(row.causes.length).toBeLessThanOrEqual(5);
          expect(row.causes[0]).toEqual(cause(modelled?.causes[0] ?? 0));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("no wake-up is lost: whatever was marked while others claim and settle is read after its last marking", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(keySet, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 3 }),
        async (bursts, lanes) => {
          await store.database.deleteFrom("mark").execute();
          const newest = new Map<string, number>();
          const read = new Map<string, number>();
          const held = new Set<string>();
          /** As a lane works: claim, read the newest state, settle; never a key that another lane holds. */
          const pass = async (): Promise<number> => {
            const claimed = (await claim(2, held)).filter(({ key }) => !held.has(key));
            for (const { key } of claimed) held.add(key);
            for (const { key } of claimed) read.set(key, newest.get(key) ?? 0);
            await marks.settle(claimed, fence);
            for (const { key } of claimed) held.delete(key);
            return claimed.length;
          };
          await Promise.all([
            ...bursts.map(async (burst, n) => {
              for (const key of burst) newest.set(key, n + 1);
              await marks.mark(
                burst.map((key) => ({
                  connectionId,
                  kind: "record",
                  key,
                  priority: priorities.live,
                  causes: [cause(n)],
                })),
              );
            }),
            ...Array.from({ length: lanes }, async () => {
              for (let passes = 0; passes < 4; passes += 1) await pass();
            }),
          ]);
          while ((await pass()) > 0);
          expect(Object.fromEntries(read)).toEqual(Object.fromEntries(newest));
        },
      ),
      { numRuns: 40 },
    );
  });
});
