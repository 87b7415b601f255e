// The short form of `npm run chaos`: the same checks, with the moments held instead of drawn.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Product, startProduct } from "../harness/product.ts";
import type { Program } from "../harness/program.ts";
import { smallAccount, smallCompany } from "../harness/small-world.ts";
import { type CommitLine, startCommitLine, type Transaction } from "./commits.ts";
import { journalMismatches } from "./journal-check.ts";
import { lostRecords, writtenRows } from "./receipt-check.ts";

// SPEC.md I23.
describe("a short chaos: a service that is killed with kill -9", () => {
  let product: Product;
  let line: CommitLine;
  let service: Program;
  let amount = 0;

  beforeAll(async () => {
    product = await startProduct({ company: smallCompany(), account: smallAccount(), database: "own" });
    line = await startCommitLine(product.env["DATABASE_URL"] ?? "");
    expect(await product.connect("--yes", "--json")).toMatchObject({ code: 0 });
    service = await product.start({ DATABASE_URL: line.url });
  });
  afterAll(async () => {
    await product?.close();
    await line?.close();
  });

  const moments: { transaction: Transaction; at: "before" | "answer" }[] = [
    { transaction: "receipt", at: "before" },
    { transaction: "receipt", at: "answer" },
    { transaction: "record", at: "before" },
    { transaction: "intent", at: "answer" },
    { transaction: "settlement", at: "before" },
    { transaction: "settlement", at: "answer" },
  ];

  it.each(moments)(
    "with the commit of its $transaction held ($at) leaves nothing undone and nothing done twice",
    async (moment) => {
      const held = line.hold(moment.transaction, moment.at);
      amount += 1;
      await product.change(invoice("5", amount), {
        entity: "Customer",
        operation: "create",
        record: { DisplayName: `Newcomer ${amount}` },
      });
      await held.holds;
      await service.kill();
      held.release();
      service = await product.start({ DATABASE_URL: line.url });
      await product.forgetDeadWorkers();
      await product.quiet();
      expect(await product.verdict()).toMatchObject({
        different: 0,
        duplicates: 0,
        foreignTouched: 0,
        differences: [],
      });
    },
  );

  it("has a row in the journal for each write that Zendesk took, and read whatever it acknowledged", async () => {
    const { requests: calls }: { requests: Parameters<typeof journalMismatches>[0]["calls"] } =
      (await product.zendeskControl("GET", "log")) as never; // the simulator's own form
    const { jobs } = (await product.zendeskControl("GET", "state")) as Pick<
      Parameters<typeof journalMismatches>[0],
      "jobs"
    >;
    const { companies } = (await product.quickbooksControl("GET", "state")) as {
      companies: Record<string, Record<string, unknown>>;
    };
    const { deliveries } = (await product.quickbooksControl("GET", "webhooks")) as {
      deliveries: Parameters<typeof lostRecords>[2];
    };
    const { realm } = product.quickbooks;
    await product.withDatabase(async (database) => {
      expect(journalMismatches({ calls, jobs, rows: await writtenRows(database), realm })).toEqual([]);
      expect(await lostRecords(database, companies[realm] ?? {}, deliveries)).toEqual([]);
    });
    expect(deliveries.length).toBeGreaterThanOrEqual(moments.length);
  });
});

const invoice = (customer: string, TotalAmt: number) => ({
  entity: "Invoice",
  operation: "create",
  record: { CustomerRef: { value: customer }, TxnDate: "2026-11-02", DueDate: "2026-12-12", TotalAmt },
});
