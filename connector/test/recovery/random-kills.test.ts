// Twenty times in all, at moments of chance, the service or its PostgreSQL is killed while a company is loaded and lives.
// The seed fixes what is changed and when somebody dies, not how the processes interleave: `SEED=n npm test`
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { createPlanStore } from "../../src/store/plan-store.ts";
import { eventually } from "../harness/eventually.ts";
import { type Product, postmasterPid, startProduct } from "../harness/product.ts";
import { type Program, untilListening } from "../harness/program.ts";
import { seedOfRun } from "../harness/seed.ts";
import { smallAccount, smallCompany } from "../harness/small-world.ts";

const kills = 20;
const seed = seedOfRun("kills");

// SPEC.md I11.
describe(`a company that is loaded and lives (seed ${seed})`, () => {
  let product: Product;
  afterAll(() => product?.close());

  it("loses no acknowledged webhook and doubles no organization, whoever is killed and when", async () => {
    const random = randomFrom(seed);
    product = await startProduct({
      company: smallCompany(60),
      account: smallAccount(),
      database: "built-in",
      jobPace: 40,
    });
    await product.zendeskControl("POST", "switches", { externalIdUnique: false });
    const connected = await product.connect("--json");
    expect(connected.code).toBe(0);
    let service = await product.start();
    await eventually(async () => (await pollsMade(product)) === 1);
    await product.withDatabase((database) => createPlanStore(database).approve(1, "test"));

    for (let killed = 0; killed < kills; killed += 1) {
      await product.change(...Array.from({ length: 1 + pick(random, 4) }, () => change(random, killed)));
      await wait(pick(random, 700));
      if (killed % 2 === 0) {
        await service.kill();
        if (pick(random, 4) === 0) {
          // Not even started again: whatever it was about to do at its start is cut off as well.
          service = product.spawn(["start", "--json"]);
          await wait(pick(random, 1_500));
          await service.kill();
          killed += 2;
        }
        service = await product.start();
      } else await killPostgres(product, service);
      await product.forgetDeadWorkers();
    }

    await product.quiet();
    const verdict = await product.verdict();
    expect(verdict).toMatchObject({ different: 0, foreignTouched: 0, duplicates: 0, differences: [] });
    expect(verdict.cards).toBeGreaterThan(60);
    // Nothing but webhooks can have told of the changes.
    expect(await pollsMade(product)).toBe(1);
  });
});

/** Change polls; the first follows the first sweep at once, to close the gap behind it. */
async function pollsMade(product: Product): Promise<number> {
  const { cdc } = (await product.quickbooksControl("GET", "counters")) as { cdc?: number };
  return cdc ?? 0;
}

/** The supervisor of the living service brings it back. */
async function killPostgres(product: Product, service: Program): Promise<void> {
  const before = postmasterPid(product.folder);
  process.kill(before, "SIGKILL");
  await eventually(() => postmasterPid(product.folder) !== before, 30_000);
  await untilListening(service);
  await eventually(async () => (await fetch(`${product.url}/readyz`)).ok, 30_000);
  await product.deliverWebhooks();
}

/** What people do in QuickBooks: a new client, an invoice, a payment, another address or name. */
function change(random: () => number, round: number): object {
  const client = String(1_001 + pick(random, 60));
  const stamp = `${round}-${pick(random, 1_000_000)}`;
  switch (pick(random, 5)) {
    case 0:
      return { entity: "Customer", operation: "create", record: { DisplayName: `Newcomer ${stamp}` } };
    case 1:
      return {
        entity: "Payment",
        operation: "create",
        record: { CustomerRef: { value: client }, TxnDate: "2026-11-19", TotalAmt: 1 + pick(random, 5) },
      };
    case 2:
      return {
        entity: "Customer",
        operation: "update",
        id: client,
        record: { Notes: stamp, DisplayName: `Renamed ${stamp}` },
      };
    case 3:
      return {
        entity: "Bill",
        operation: "create",
        record: {
          VendorRef: { value: "1" },
          TxnDate: "2026-11-01",
          DueDate: "2026-11-10",
          TotalAmt: 1 + pick(random, 90),
        },
      };
    default:
      return {
        entity: "Invoice",
        operation: "create",
        record: {
          CustomerRef: { value: client },
          TxnDate: "2026-11-02",
          DueDate: pick(random, 2) === 0 ? "2026-11-12" : "2026-12-12",
          TotalAmt: 1 + pick(random, 900),
        },
      };
  }
}

function pick(random: () => number, below: number): number {
  return Math.floor(random() * below);
}

/** mulberry32: small, and the same everywhere. */
function randomFrom(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
