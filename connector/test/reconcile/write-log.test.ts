import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { parseOrganizationId } from "../../src/domain/index.ts";
import { createTickStore } from "../../src/store/tick-store.ts";
import { closeWrites, createWriteLog } from "../../src/store/write-store.ts";
import {
  type IntendedWrite,
  LostOwnership,
  type WriteEvent,
  type WriteState,
  writeTransitions,
} from "../../src/sync/reconcile/ports.ts";
import { testDatabase } from "../harness/index.ts";
import { makeConnection } from "../replica/make-connection.ts";

const store = await testDatabase();
afterAll(() => store.close());
const writes = createWriteLog(store.database);
const { connectionId, subdomain } = await makeConnection(store.database, { epoch: 1 });
const fence = { subdomain, epoch: 1 };

const write = (more: Partial<IntendedWrite>): IntendedWrite => ({
  connectionId,
  kind: "update",
  parties: ["customer:1"],
  organizationId: undefined,
  externalId: undefined,
  nameKey: undefined,
  name: undefined,
  fields: {},
  before: {},
  causes: [],
  mappingVersion: 1,
  lane: "live",
  userId: undefined,
  ...more,
});
const takeAccount = async (epoch: number) =>
  void (await store.database.updateTable("account").set({ epoch }).where("subdomain", "=", subdomain).execute());

beforeEach(async () => {
  await store.database.deleteFrom("write").execute();
  await takeAccount(1);
});

// SPEC.md I6.
describe("a logged write", () => {
  const events: Record<WriteEvent, (id: number) => Promise<void>> = {
    "job-known": (id) => writes.submitted([id], "job-1", undefined),
    "in-effect": (id) => closeWrites(store.database, [{ id, state: "done", outcome: "written" }]),
    "not-in-effect": (id) => closeWrites(store.database, [{ id, state: "lost", outcome: "lost" }]),
  };
  /** The events that bring a fresh write into a state. */
  const ways: Record<WriteState, WriteEvent[]> = {
    intended: [],
    submitted: ["job-known"],
    done: ["job-known", "in-effect"],
    lost: ["not-in-effect"],
  };
  const row = async (id: number) =>
    store.database.selectFrom("write").selectAll().where("id", "=", id).executeTakeFirstOrThrow();

  it.each(Object.keys(ways) as WriteState[])(
    "that is %s moves on as the table says, and stays where it says nothing",
    async (state) => {
      for (const event of Object.keys(events) as WriteEvent[]) {
        await store.database.deleteFrom("write").execute();
        const [id = 0] = await writes.intend(fence, [write({ organizationId: parseOrganizationId(7) })], 5_000);
        for (const before of ways[state]) await events[before](id);
        const before = await row(id);
        expect(before.state).toBe(state);
        await events[event](id);
        const after = await row(id);
        const next = writeTransitions[state][event];
        if (next === undefined) expect(after).toEqual(before);
        else expect(after.state).toBe(next);
      }
    },
  );

  it("cannot be stored as open and closed at once, whoever tries", async () => {
    const [id = 0] = await writes.intend(fence, [write({ organizationId: parseOrganizationId(7) })], 5_000);
    for (const statement of [sql`closed_at = now()`, sql`state = 'done'`, sql`state = 'submitted'`])
      await expect(sql`update write set ${statement} where id = ${id}`.execute(store.database)).rejects.toThrow(
        /check/,
      );
  });
});

// SPEC.md I7.
describe("two owners never write one organization at once", () => {
  const step = fc.oneof(
    fc.record({
      do: fc.constant("intend" as const),
      target: fc.integer({ min: 0, max: 5 }),
      owner: fc.nat({ max: 2 }),
    }),
    fc.record({ do: fc.constant("close" as const), nth: fc.nat({ max: 5 }), found: fc.boolean() }),
    fc.record({ do: fc.constant("take" as const) }),
  );
  /** An update of one of three organizations; two creations with one key; one that takes the name of the other. */
  const targets: IntendedWrite[] = [
    write({ organizationId: parseOrganizationId(1) }),
    write({ organizationId: parseOrganizationId(2), name: "Acme", nameKey: "acme" }),
    write({ organizationId: parseOrganizationId(3) }),
    write({ kind: "create", externalId: "qbo:1:customer:9", name: "Nine", nameKey: "nine" }),
    write({ kind: "create", externalId: "qbo:1:customer:9", name: "Nine (customer)", nameKey: "nine (customer)" }),
    write({ kind: "create", externalId: "qbo:1:customer:8", name: "Acme", nameKey: "acme" }),
  ];
  const names = ({ organizationId, externalId, nameKey }: IntendedWrite) =>
    [organizationId, externalId, nameKey].filter((name) => name !== undefined).map(String);

  it("in any order of intending, closing and taking the account over", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        await store.database.deleteFrom("write").execute();
        let epoch = 1;
        await takeAccount(epoch);
        const open: { id: number; target: IntendedWrite }[] = [];
        for (const each of steps) {
          if (each.do === "take") await takeAccount((epoch += 1));
          else if (each.do === "close") {
            const [closed] = open.splice(each.nth, 1);
            if (closed)
              await closeWrites(store.database, [
                { id: closed.id, state: each.found ? "done" : "lost", outcome: "closed" },
              ]);
          } else {
            const target = targets[each.target] ?? write({});
            const mine = { subdomain, epoch: Math.max(1, epoch - each.owner) };
            const intending = writes.intend(mine, [target], 5_000);
            if (mine.epoch !== epoch) {
              await expect(intending).rejects.toThrow(LostOwnership);
              continue;
            }
            const [id] = await intending;
            const taken = open.some((one) => names(one.target).some((name) => names(target).includes(name)));
            expect(id === undefined).toBe(taken);
            if (id !== undefined) open.push({ id, target });
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("also where several lanes intend the same organizations at the same moment", async () => {
    const all = [1, 2, 3].map((id) => write({ organizationId: parseOrganizationId(id) }));
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, lane) => writes.intend(fence, lane % 2 === 0 ? all : all.toReversed(), 5_000)),
    );
    expect(answers.flat().filter((id) => id !== undefined)).toHaveLength(3);
  });
});

// SPEC.md I10.
describe("a write that was closed to be rechecked", () => {
  it("is due after half a minute, and stays due until somebody has done it", async () => {
    const [id = 0] = await writes.intend(fence, [write({ organizationId: parseOrganizationId(7) })], 5_000);
    await closeWrites(store.database, [{ id, state: "lost", outcome: "unknown", recheck: true }]);
    await store.database.updateTable("company").set({ zone: "America/New_York" }).execute();
    expect(await writes.dueRechecks(subdomain)).toEqual([]);
    await sql`update write set recheck_at = recheck_at - interval '30 seconds'`.execute(store.database);
    expect(await writes.dueRechecks(subdomain)).toMatchObject([{ id, parties: ["customer:1"], organizationId: 7 }]);
    expect(await writes.dueRechecks(subdomain)).toHaveLength(1);
    // Without an owner the tick brings one.
    expect(await createTickStore(store.database).accountsWithWork()).toEqual([subdomain]);
    await writes.recheckDone([id]);
    expect(await writes.dueRechecks(subdomain)).toEqual([]);
    expect(await createTickStore(store.database).accountsWithWork()).toEqual([]);
  });
});
