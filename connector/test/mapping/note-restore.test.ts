import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Flow, startFlow } from "../flow/bench.ts";
import { eventually } from "../harness/index.ts";
import { smallAccount, smallCompany, today } from "../harness/small-world.ts";
import { mappingWith } from "./change-mapping.ts";

const start = "--- QuickBooks: kept current by ml-connector, changes in here are overwritten ---";
const end = "--- End of QuickBooks ---";
const block = (line: string) => [start, line, end].join("\n");

describe("people's notes, when plans are undone", () => {
  let flow: Flow;
  let firstLoad = 0;
  let first = 0;
  let second = 0;
  const ids = new Map<string, number>();
  beforeAll(async () => {
    flow = await startFlow({ company: smallCompany(), account: smallAccount(), today });
    firstLoad = (await flow.load()).id;
    await approve(firstLoad);
    for (const { key, organizationId } of await flow.engine.stores.overview.standings(flow.connectionId))
      if (organizationId !== undefined) ids.set(key, organizationId);
    first = await planOf("Open: {{ customer.open }}");
    await approve(first);
    // Adopted and created ones, as their people leave them.
    await personWrites("customer:2", `Ask for Mr Birch.\n\n${block("Open: 75.50")}\nOr his dog.`);
    await personWrites("customer:8", `${block("Open: 50.00")}\nGus likes tea.`);
    second = await planOf("Owes {{ customer.open }}");
    await approve(second);
  });
  afterAll(() => flow?.close());

  async function planOf(template: string): Promise<number> {
    const document = mappingWith({ note: { template, place: "with-text" } });
    const { plan } = await flow.engine.mappingDesk.save(flow.connectionId, document, { who: "Ada", note: undefined });
    if (!plan) throw new Error("nothing to plan");
    return plan.id;
  }
  async function approve(plan: number): Promise<void> {
    expect(await flow.engine.stores.plans.approve(plan, "Ada")).toBe(true);
    flow.own();
    await eventually(async () => {
      const state = (await flow.engine.stores.plans.read(plan))?.state;
      return state === "applied" || state === "restored";
    }, 100_000);
  }
  const undo = async (plan: number) => approve((await flow.engine.planDesk.proposeRestore(flow.connectionId, plan)).id);
  const organizationOf = async (party: string) =>
    (await flow.accountNow()).organizations.find(({ id }) => id === ids.get(party));
  const personWrites = (party: string, notes: string) =>
    flow.zendeskControl("POST", "mutate", {
      entity: "organization",
      operation: "update",
      id: ids.get(party),
      record: { notes },
    });

  it("stand beside the block of the mapping before, to the letter", async () => {
    expect((await organizationOf("customer:2"))?.notes).toBe(
      `Ask for Mr Birch.\n\n${block("Owes 75.50")}\nOr his dog.`,
    );
    await undo(second);
    expect((await organizationOf("customer:2"))?.notes).toBe(
      `Ask for Mr Birch.\n\n${block("Open: 75.50")}\nOr his dog.`,
    );
    expect((await organizationOf("customer:8"))?.notes).toBe(`${block("Open: 50.00")}\nGus likes tea.`);
    expect((await organizationOf("customer:1"))?.notes).toBe(block("Open: 120.00"));
  });

  it("keep an organization that we made, and lose nothing but our block", async () => {
    await undo(first);
    await undo(firstLoad);
    expect((await organizationOf("customer:2"))?.notes).toBe("Ask for Mr Birch.\n\n\nOr his dog.");
    // Somebody wrote there: it is theirs by now.
    expect((await organizationOf("customer:8"))?.notes?.trim()).toBe("Gus likes tea.");
    // Nobody did.
    expect(await organizationOf("customer:5")).toBeUndefined();
  });
});
