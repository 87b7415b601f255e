import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseOrganizationId, parsePartyKey, priorities } from "../../src/domain/index.ts";
import { LostOwnership } from "../../src/sync/reconcile/ports.ts";
import { emptySettlement } from "../../src/sync/reconcile/settle/settlement.ts";
import { type Flow, startFlow } from "../flow/bench.ts";
import { eventually } from "../harness/index.ts";
import { smallAccount, smallCompany, today } from "../harness/small-world.ts";

const cause = { kind: "person", who: "test", what: "change", at: "2026-11-20T10:00:00Z" } as const;

// SPEC.md I8, I9, I10.
describe("a zombie: an owner whose account another one has taken", () => {
  let flow: Flow;
  const stop = new AbortController();
  const owning: Promise<void>[] = [];

  beforeAll(async () => {
    flow = await startFlow({ company: smallCompany(8), account: smallAccount(), today });
    const plan = await flow.load();
    await flow.engine.stores.plans.approve(plan.id, "test");
    own();
    await drained();
  });
  afterAll(async () => {
    stop.abort();
    await Promise.all(owning);
    await flow.close();
  });

  /** One more owner; the one before it is a zombie from now on. */
  function own(): void {
    owning.push(flow.engine.owners.own(flow.subdomain, stop.signal));
  }
  const drained = () =>
    eventually(async () => {
      const backlog = await flow.engine.stores.marks.countDue([flow.connectionId]);
      const { rows } = await sql<{ open: number }>`select count(*) as open from write where closed_at is null`.execute(
        flow.store.database,
      );
      return rows[0]?.open === 0 && backlog.every(({ due, waiting }) => due + waiting === 0);
    }, 60_000);
  const organizationOf = async (party: string) => {
    const all = await flow.engine.stores.overview.standings(flow.connectionId);
    const id = all.find(({ key }) => key === party)?.organizationId;
    return (await flow.accountNow()).organizations.find((organization) => organization.id === id);
  };
  const gate = async (operation: string, at: "before-effect" | "after-effect") => {
    const { id }: { id: string } = await flow.zendeskControl("POST", "gates", { operation, nth: 1, at });
    return {
      async holds() {
        const { state }: { state: string } = await flow.zendeskControl("GET", `gates/${id}?waitMs=20000`);
        expect(state).toBe("holding");
      },
      release: () => flow.zendeskControl("POST", `gates/${id}/release`, {}),
    };
  };
  /** One more invoice for each, marked together: so that more than a few go in one job. */
  const change = async (customers: readonly string[], amount: number) => {
    const { entities }: { entities: { Id: string }[] } = await flow.quickbooksControl("POST", "mutate", {
      mutations: customers.map((customer) => ({
        entity: "Invoice",
        operation: "create",
        record: { CustomerRef: { value: customer }, TotalAmt: amount, TxnDate: today },
      })),
    });
    await flow.engine.stores.marks.mark(
      entities.map(({ Id }) => ({
        connectionId: flow.connectionId,
        kind: "record",
        key: `Invoice:${Id}`,
        priority: priorities.live,
        causes: [cause],
      })),
    );
    flow.engine.owners.wake(flow.subdomain);
  };
  const rowsOf = async (organizationId: number | undefined) =>
    (await flow.engine.stores.journal.search({ connectionId: flow.connectionId, limit: 500 })).filter(
      (row) => row.organizationId === organizationId && row.action === "updated",
    );

  it("commits nothing: no claim, no intent, no settlement, no deferral, no record", async () => {
    const { stores } = flow.engine;
    await stores.marks.mark([
      {
        connectionId: flow.connectionId,
        kind: "party",
        key: "customer:8",
        priority: priorities.bulk,
        causes: [cause],
        delayMs: 600_000,
      },
    ]);
    const { rows } = await sql<{ epoch: number }>`select epoch from account`.execute(flow.store.database);
    const fence = { subdomain: flow.subdomain, epoch: (rows[0]?.epoch ?? 0) - 1 };
    const held = { connectionId: flow.connectionId, kind: "party" as const, key: "customer:8", gen: 1 };
    const everything = () =>
      Promise.all(
        ["mark", "write", "link", "disposition", "journal", "organization", "card"].map(async (table) => {
          const found = await sql<{
            state: string;
          }>`select coalesce(string_agg(t::text, ';' order by t::text), '') as state from ${sql.table(table)} t`.execute(
            flow.store.database,
          );
          return found.rows[0]?.state;
        }),
      );
    const before = await everything();
    const party = parsePartyKey("customer:8");
    const attempts = [
      () =>
        stores.marks.claim(
          {
            connectionIds: [flow.connectionId],
            kind: "party",
            priorities: { from: 0, to: 30 },
            limit: 9,
            excluding: [],
          },
          fence,
        ),
      () => stores.marks.settle([held], fence),
      () => stores.marks.defer([{ ...held, waitMs: 0, failure: "late" }], fence),
      () =>
        stores.writes.intend(
          fence,
          [
            {
              connectionId: flow.connectionId,
              kind: "update",
              parties: ["customer:8"],
              organizationId: parseOrganizationId(1),
              externalId: undefined,
              nameKey: undefined,
              name: undefined,
              fields: {},
              before: {},
              causes: [],
              mappingVersion: 1,
              lane: "live",
              userId: undefined,
            },
          ],
          5_000,
        ),
      () =>
        stores.settle.commit(fence, {
          ...emptySettlement(),
          unlinked: [{ connectionId: flow.connectionId, party }],
          standings: [{ connectionId: flow.connectionId, party, disposition: { kind: "ignored", by: "a zombie" } }],
          settled: [held],
        }),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow(LostOwnership);
    expect(await everything()).toEqual(before);
    await stores.marks.settle([held], undefined);
  });

  it("whose write took effect leaves it to its successor, which finds it and tells of it once", async () => {
    const held = await gate("UpdateOrganization", "after-effect");
    await change(["5"], 12.5);
    await held.holds();
    own();
    await drained();
    await held.release();
    await owning.at(-2);
    const organization = await organizationOf("customer:5");
    expect(organization?.organization_fields["qbo_open_amount"]).toBe(42.5);
    const rows = await rowsOf(organization?.id);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ outcome: "found in effect after a restart", after: { qbo_open_amount: "42.5" } });
  });

  it("whose job is at work leaves it to its successor, which believes the job, whatever somebody changed since", async () => {
    const customers = ["1001", "1002", "1003", "1004", "1005", "1006", "1007"];
    const held = await gate("ShowManyJobStatuses", "after-effect");
    await change(customers, 1);
    await held.holds();
    const edited = await organizationOf("customer:1004");
    await flow.zendeskControl("POST", "mutate", {
      entity: "organization",
      operation: "update",
      id: edited?.id,
      record: { organization_fields: { qbo_open_amount: 99 } },
    });
    own();
    await drained();
    await held.release();
    await owning.at(-2);
    for (const customer of customers) {
      const organization = await organizationOf(`customer:${customer}`);
      expect(organization?.organization_fields["qbo_open_amount"]).toBe(6);
      const rows = (await rowsOf(organization?.id)).filter(({ after }) => after["qbo_open_amount"] === "6");
      // What somebody changed is restored, and told of too.
      expect(rows).toHaveLength(customer === "1004" ? 2 : 1);
    }
  });

  it("whose write arrives late, over a newer one, is found by the look half a minute later", async () => {
    const held = await gate("UpdateOrganization", "before-effect");
    await change(["8"], 1);
    await held.holds();
    own();
    await change(["8"], 2);
    await drained();
    const organization = await organizationOf("customer:8");
    expect(organization?.organization_fields["qbo_open_amount"]).toBe(53);
    await held.release();
    await owning.at(-2);
    expect((await organizationOf("customer:8"))?.organization_fields["qbo_open_amount"]).toBe(51);
    await sql`update write set recheck_at = now() where recheck_at is not null`.execute(flow.store.database);
    await eventually(
      async () => (await organizationOf("customer:8"))?.organization_fields["qbo_open_amount"] === 53,
      20_000,
    );
    await drained();
  });
});
