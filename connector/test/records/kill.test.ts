// The service is killed while a job of records is under way; the next process finds out what became of it.
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../harness/index.ts";
import { type Product, startProduct } from "../harness/product.ts";
import type { Program } from "../harness/program.ts";
import { smallAccount, smallCompany } from "../harness/small-world.ts";

const operation = "CustomObjectRecordBulkJobs";

describe("a service that is killed with kill -9 while records are written", () => {
  let product: Product;
  let service: Program;
  beforeAll(async () => {
    product = await startProduct({ company: smallCompany(5), account: smallAccount(), database: "own" });
    expect((await product.connect("--yes", "--json")).code).toBe(0);
    await product.withDatabase((database) =>
      sql`update connection set settings = settings || '{"records": "objects"}'`.execute(database),
    );
    service = await product.start();
    await eventually(async () => (await held()).length >= 5, 60_000);
  });
  afterAll(() => product?.close());

  const held = async (): Promise<{ external_id: string; name: string }[]> =>
    (
      (await product.zendeskControl("GET", "state")) as {
        custom_object_records: { external_id: string; name: string }[];
      }
    ).custom_object_records;

  const jobsOf = async (externalIds: readonly string[]): Promise<number> => {
    const { requests } = (await product.zendeskControl("GET", "log")) as {
      requests: { operation: string; requestBody: { job?: { items: { external_id?: string }[] } } }[];
    };
    const sent = requests
      .filter((one) => one.operation === operation)
      .flatMap((one) => one.requestBody.job?.items ?? []);
    return sent.filter((item) => externalIds.includes(item.external_id ?? "")).length;
  };

  it.each(["before-effect", "after-effect"] as const)(
    "%s: each document ends as one record, sent no more often than needed",
    async (at) => {
      const { id } = (await product.zendeskControl("POST", "gates", { operation, nth: 1, at })) as { id: string };
      const before = new Set((await held()).map((record) => record.external_id));
      const mutations = Array.from({ length: 8 }, (_, index) => ({
        entity: "Invoice",
        operation: "create",
        record: { CustomerRef: { value: "1001" }, TxnDate: "2026-11-01", DueDate: "2026-12-01", TotalAmt: 10 + index },
      }));
      await product.quickbooksControl("POST", "mutate", { mutations });
      const { state } = (await product.zendeskControl("GET", `gates/${id}?waitMs=60000`)) as { state: string };
      expect(state).toBe("holding");
      await service.kill();
      await product.zendeskControl("POST", `gates/${id}/release`, { drop: true });
      service = await product.start();
      await product.forgetDeadWorkers();

      const fresh = async () => (await held()).map((one) => one.external_id).filter((one) => !before.has(one));
      await eventually(async () => (await fresh()).length === 8, 60_000);
      const due = () =>
        product.withDatabase(async (database) => {
          const { rows } = await sql<{ open: number }>`select (select count(*) from record_due)
          + (select count(*) from record_job where closed_at is null) as open`.execute(database);
          return Number(rows[0]?.open);
        });
      await eventually(async () => (await due()) === 0, 60_000);
      const keys = await fresh();
      expect(new Set(keys).size).toBe(8);
      // What took effect is found and not sent again; what did not, is.
      expect(await jobsOf(keys)).toBe(at === "after-effect" ? 8 : 16);
    },
  );
});
