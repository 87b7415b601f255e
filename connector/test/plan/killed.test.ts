// While a plan is applied and while it is undone the service is killed again and again: it goes on where it was, and ends as if nothing had been.
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { createPlanStore } from "../../src/store/plan-store.ts";
import { eventually } from "../harness/eventually.ts";
import { type Product, startProduct } from "../harness/product.ts";
import type { Program } from "../harness/program.ts";
import { seedOfRun } from "../harness/seed.ts";
import { smallAccount, smallCompany } from "../harness/small-world.ts";

const killsEach = 2;
const seed = seedOfRun("kills");

interface Account {
  organizations: {
    id: number;
    name: string;
    external_id: string | null;
    organization_fields: Record<string, unknown>;
  }[];
}

describe(`a service that is killed (seed ${seed})`, () => {
  let product: Product;
  afterAll(() => product?.close());

  it("applies the whole plan, and undoes the whole of it", async () => {
    product = await startProduct({
      company: smallCompany(250),
      account: { ...smallAccount(), users: [] },
      database: "built-in",
      jobPace: 100,
    });
    const before = seen((await product.zendeskControl("GET", "state")) as Account);
    expect((await product.connect("--json")).code).toBe(0);
    let service = await product.start();
    await product.withDatabase((database) => createPlanStore(database).approve(1, "test"));
    service = await killAFewTimes(product, service, 1);
    await eventually(async () => (await stateOf(product, 1)) === "applied", 120_000);
    const loaded = ((await product.zendeskControl("GET", "state")) as Account).organizations;
    const keys = loaded.flatMap(({ external_id }) => (external_id?.startsWith("qbo:") ? [external_id] : []));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBeGreaterThan(250);

    expect((await product.run("restore", "1", "--json")).code).toBe(0);
    await product.withDatabase((database) => createPlanStore(database).approve(2, "test"));
    await killAFewTimes(product, service, 2);
    await eventually(async () => (await stateOf(product, 1)) === "restored", 120_000);
    expect(seen((await product.zendeskControl("GET", "state")) as Account)).toEqual(before);
  }, 240_000);
});

async function killAFewTimes(product: Product, running: Program, planId: number): Promise<Program> {
  let service = running;
  for (let killed = 0; killed < killsEach; killed += 1) {
    const done = await doneOf(product, planId);
    await eventually(async () => {
      const state = await stateOf(product, planId);
      return (await doneOf(product, planId)) > done || state === "applied";
    }, 60_000);
    await wait((seed * (killed + 1)) % 400);
    await service.kill();
    await product.forgetDeadWorkers();
    service = await product.start();
  }
  return service;
}

const stateOf = (product: Product, planId: number) =>
  product.withDatabase(async (database) => (await createPlanStore(database).read(planId))?.state);
const doneOf = (product: Product, planId: number) =>
  product.withDatabase(async (database) => (await createPlanStore(database).progress(planId))?.done ?? 0);

function seen({ organizations }: Account): unknown[] {
  return organizations
    .map(({ id, name, external_id, organization_fields }) => ({
      id,
      name,
      external_id,
      fields: Object.entries(organization_fields).filter(([, value]) => value !== null && value !== false),
    }))
    .sort((one, other) => one.id - other.id);
}
