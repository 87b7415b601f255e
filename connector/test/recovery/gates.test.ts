// The service is killed at the moments that matter, each held open by the Zendesk simulator; the next process has to find out what happened.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseConnectionId } from "../../src/domain/index.ts";
import type { RecordedEntry } from "../../src/oversight/journal/index.ts";
import { createJournalStore } from "../../src/store/journal-store.ts";
import { type Product, startProduct } from "../harness/product.ts";
import type { Program } from "../harness/program.ts";
import { smallAccount, smallCompany } from "../harness/small-world.ts";

interface LoggedRequest {
  seq: number;
  operation: string;
  path: string;
  status: number;
  requestBody: unknown;
}

type Written = { id?: number; external_id?: string };

// SPEC.md I11.
describe("a service that is killed with kill -9", () => {
  let product: Product;
  let service: Program;
  beforeAll(async () => {
    product = await startProduct({ company: smallCompany(), account: smallAccount(), database: "own" });
    const { code } = await product.connect("--yes", "--json");
    expect(code).toBe(0);
    // As forgiving as documentation allows: a second create of the same organization would succeed and show.
    await product.zendeskControl("POST", "switches", { externalIdUnique: false, nameRaceMs: 3_600_000 });
    service = await product.start();
  });
  afterAll(() => product?.close());

  /** Holds the first such call from now on. */
  async function gate(operation: string, at: "before-effect" | "after-effect") {
    const { id } = (await product.zendeskControl("POST", "gates", { operation, nth: 1, at })) as { id: string };
    return {
      async holds() {
        const { state } = (await product.zendeskControl("GET", `gates/${id}?waitMs=20000`)) as { state: string };
        expect(state).toBe("holding");
      },
      release: (drop: boolean) => product.zendeskControl("POST", `gates/${id}/release`, drop ? { drop } : {}),
    };
  }

  async function restart(): Promise<void> {
    service = await product.start();
    await product.forgetDeadWorkers();
  }

  async function zendeskLog(since: number): Promise<LoggedRequest[]> {
    return ((await product.zendeskControl("GET", `log?since=${since}`)) as { requests: LoggedRequest[] }).requests;
  }
  const lastSeq = async () => (await zendeskLog(0)).at(-1)?.seq ?? 0;

  /** How often each organization was sent, by external id or id. */
  async function timesWritten(since: number): Promise<Map<string, number>> {
    const times = new Map<string, number>();
    for (const { operation, path, requestBody } of await zendeskLog(since)) {
      if (!/^(Create|Update|CreateOrUpdate|CreateMany|UpdateMany)Organizations?$/.test(operation)) continue;
      const body = requestBody as { organization?: Written; organizations?: Written[] };
      const pathId = /\/organizations\/(\d+)/.exec(path)?.[1];
      for (const one of body.organizations ?? [body.organization ?? {}]) {
        const name = one.external_id ?? String(one.id ?? pathId);
        times.set(name, (times.get(name) ?? 0) + 1);
      }
    }
    return times;
  }

  const journal = (): Promise<RecordedEntry[]> =>
    product.withDatabase((database) =>
      createJournalStore(database).search({ connectionId: parseConnectionId(1), limit: 1_000 }),
    );

  /** New customers, named after the test, as QuickBooks numbers them. */
  async function newCustomers(name: string, count: number): Promise<string[]> {
    const mutations = Array.from({ length: count }, (_, index) => ({
      entity: "Customer",
      operation: "create",
      record: { DisplayName: `${name} ${index + 1}` },
    }));
    const { entities } = (await product.change(...mutations)) as { entities: { Id: string }[] };
    return entities.map(({ Id }) => Id);
  }

  /** Each has one organization, which was created once and written at most twice, and nothing differs anywhere. */
  async function expectOneEach(customers: readonly string[], since: number): Promise<void> {
    await product.quiet();
    const standings = await product.standings();
    const { organizations } = await product.account();
    const rows = await journal();
    const times = await timesWritten(since);
    for (const customer of customers) {
      const key = `qbo:${product.quickbooks.realm}:customer:${customer}`;
      const owned = organizations.filter(({ external_id }) => external_id === key);
      expect(owned).toHaveLength(1);
      expect(standings.find((standing) => standing.key === `customer:${customer}`)).toMatchObject({
        disposition: "linked",
        organizationId: owned[0]?.id,
        origin: "created",
      });
      const created = rows.filter(
        ({ action, parties }) => action === "created" && parties.includes(`customer:${customer}`),
      );
      expect(created.map(({ organizationId }) => organizationId)).toEqual([owned[0]?.id]);
      expect((times.get(key) ?? 0) + (times.get(String(owned[0]?.id)) ?? 0)).toBeLessThanOrEqual(2);
    }
    expect(await product.verdict()).toMatchObject({ different: 0, foreignTouched: 0, duplicates: 0, differences: [] });
  }

  it("before a job was submitted creates its organizations after the restart, once", async () => {
    const since = await lastSeq();
    const held = await gate("CreateManyOrganizations", "before-effect");
    const customers = await newCustomers("Before the job", 7);
    await held.holds();
    await service.kill();
    await held.release(true);
    await restart();
    await expectOneEach(customers, since);
  });

  it("before a job was submitted finds the organizations of the request that was on its way all the same", async () => {
    const since = await lastSeq();
    const held = await gate("CreateManyOrganizations", "before-effect");
    const customers = await newCustomers("On its way", 7);
    await held.holds();
    await service.kill();
    await restart();
    await held.release(false);
    await expectOneEach(customers, since);
  });

  it("after a job was submitted and before its id was stored waits for the job, and creates nothing twice", async () => {
    // The job still works when the next process looks.
    await product.zendeskControl("POST", "switches", { jobPace: 3, jobStartDelayMs: 500 });
    const since = await lastSeq();
    const held = await gate("CreateManyOrganizations", "after-effect");
    const customers = await newCustomers("Without the job id", 7);
    await held.holds();
    await service.kill();
    await held.release(true);
    await restart();
    await expectOneEach(customers, since);
    await product.zendeskControl("POST", "switches", { jobPace: 0 });
    expect(Math.max(...(await timesWritten(since)).values())).toBe(1);
  });

  it("before the results of a job were stored takes them from the job, and creates nothing twice", async () => {
    const since = await lastSeq();
    const held = await gate("ShowManyJobStatuses", "after-effect");
    const customers = await newCustomers("Without results", 7);
    await held.holds();
    await service.kill();
    await held.release(true);
    await restart();
    await expectOneEach(customers, since);
    expect(Math.max(...(await timesWritten(since)).values())).toBe(1);
  });

  it("while single calls were answered finds both of them in effect", async () => {
    const before = await product.standing("customer:5");
    const since = await lastSeq();
    const rowsBefore = new Set((await journal()).map(({ id }) => id));
    const creation = await gate("CreateOrUpdateOrganization", "after-effect");
    const update = await gate("UpdateOrganization", "after-effect");
    await product.change({
      entity: "Invoice",
      operation: "create",
      record: { CustomerRef: { value: "5" }, TxnDate: "2026-11-01", DueDate: "2026-12-01", TotalAmt: 12.5 },
    });
    const customers = await newCustomers("One alone", 1);
    await Promise.all([creation.holds(), update.holds()]);
    await service.kill();
    await Promise.all([creation.release(true), update.release(true)]);
    await restart();
    await expectOneEach(customers, since);
    const updated = (await journal()).filter(
      ({ id, action, parties }) => !rowsBefore.has(id) && action === "updated" && parties.includes("customer:5"),
    );
    expect(updated).toHaveLength(1);
    expect(updated[0]).toMatchObject({ organizationId: before.organizationId, after: { qbo_open_amount: "42.5" } });
    expect(await product.standing("customer:5")).toEqual(before);
    expect((await timesWritten(since)).get(String(before.organizationId))).toBe(1);
  });
});
