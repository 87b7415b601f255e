import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seededRandom } from "../../src/cli/demo/random.ts";
import type { MappingDocument } from "../../src/domain/index.ts";
import { presets } from "../../src/rules/mapping/index.ts";
import { type Flow, startFlow } from "../flow/bench.ts";
import { eventually } from "../harness/index.ts";
import { seedOfRun } from "../harness/seed.ts";
import { account, company, edited, editOrganization, editUser } from "./human-edits-world.ts";

type Loose = Record<string, unknown>;
interface Field {
  id: number;
  key: string;
  title: string;
  position: number;
  custom_field_options?: { id: number; name: string; value: string }[];
}
interface Dump {
  organizations: (Loose & { id: number; tags: string[]; notes: string | null })[];
  users: (Loose & { id: number })[];
  organization_fields: Field[];
}

const block =
  /--- QuickBooks: kept current by ml-connector, changes in here are overwritten ---[^]*?--- End of QuickBooks ---/;

/** The simulator counts writes of one organization: a third one within a minute waits for its turn. */
const steps = 5;

describe("what people edit in Zendesk", () => {
  const random = seededRandom(seedOfRun("human edits between plans"));
  let flow: Flow;
  let firstLoad = 0;
  /** The account as people alone would have left it. */
  let expected: Dump;
  const mappingPlans: number[] = [];

  beforeAll(async () => {
    flow = await startFlow({ company, account, today: "2026-11-20" });
    expected = await flow.zendeskControl("GET", "state");
    const proposed = await flow.load();
    firstLoad = proposed.id;
    await approve(firstLoad);
  });
  afterAll(() => flow?.close());

  const dump = (): Promise<Dump> => flow.zendeskControl("GET", "state");
  const mutate = (entity: string, id: number, record: Loose) =>
    flow.zendeskControl("POST", "mutate", { entity, operation: "update", id, record });

  async function approve(plan: number): Promise<void> {
    expect(await flow.engine.stores.plans.approve(plan, "Ada"), `plan ${plan} is approved`).toBe(true);
    flow.own();
    await eventually(async () => {
      const state = (await flow.engine.stores.plans.read(plan))?.state;
      return state === "applied" || state === "restored";
    }, 100_000);
    // Undoing the first load pauses the connection: its marks wait.
    if (await flow.engine.stores.ownership.connections(flow.subdomain).then((all) => all.length > 0))
      await flow.settled(100_000);
  }

  /** Somebody sits in Zendesk and works: on organizations, on people, on how our fields look. */
  async function peopleWork(): Promise<void> {
    for (const { id, tags } of random.shuffled(expected.organizations).slice(0, 8)) {
      const edit = editOrganization(random, { id, tags, mayBeRenamed: true });
      const now = (await dump()).organizations.find((one) => one.id === id);
      // Who writes notes leaves the block that stands there, above or below.
      const ours = block.exec(now?.notes ?? "")?.[0];
      const text = edit.record["notes"];
      const notes = ours === undefined ? text : random.pick([`${String(text)}\n${ours}`, `${ours}\n${String(text)}`]);
      await mutate("organization", id, { ...edit.record, ...(text === undefined ? {} : { notes }) });
      replace(expected.organizations, id, edited(expected.organizations.find((one) => one.id === id) ?? {}, edit));
    }
    for (const user of random.shuffled(expected.users).slice(0, 4)) {
      const edit = editUser(random, user.id, false);
      await mutate("user", user.id, edit.record);
      replace(expected.users, user.id, edited(user, edit));
    }
    for (const field of random.shuffled((await dump()).organization_fields).slice(0, 3)) {
      const record = {
        title: `${field.title} *`,
        position: random.between(1, 9_000),
        ...(field.custom_field_options
          ? {
              custom_field_options: random.shuffled(
                field.custom_field_options.map((option) => ({ ...option, name: `${option.name} *` })),
              ),
            }
          : {}),
      };
      await mutate("organization_field", field.id, record);
      const after = (await dump()).organization_fields.find(({ id }) => id === field.id);
      fields.set(field.id, looksOf(after));
    }
  }
  const fields = new Map<number, Loose>();

  async function pass(): Promise<void> {
    const mutations = random
      .shuffled(company.Customer)
      .slice(0, 6)
      .map(({ Id }) => ({
        entity: "Customer",
        operation: "update",
        id: Id,
        record: { PrimaryPhone: { FreeFormNumber: `555-${random.between(100_000, 999_999)}` } },
      }));
    await flow.quickbooksControl("POST", "mutate", { mutations });
    await flow.engine.sweep(flow.connectionId, "test", () => undefined);
    await flow.settled(100_000);
  }

  async function planMapping(): Promise<void> {
    const { document } = random.pick(presets);
    const place = random.pick(["alone", "with-text"] as const);
    const note = { template: "Open: {{ customer.open }}\nLate: {{ customer.overdue }}", place };
    const wanted: MappingDocument = random.chance(0.7) ? { ...document, note } : document;
    const saved = await flow.engine.mappingDesk.save(flow.connectionId, wanted, { who: "Ada", note: undefined });
    if (!saved.plan) return;
    await approve(saved.plan.id);
    mappingPlans.push(saved.plan.id);
  }

  async function restoreMapping(): Promise<void> {
    const plan = mappingPlans.pop();
    if (plan === undefined) return;
    await approve((await flow.engine.planDesk.proposeRestore(flow.connectionId, plan)).id);
  }

  async function readAll(): Promise<void> {
    await flow.engine.loadDirectory(flow.subdomain, () => undefined);
    await flow.settled(100_000);
  }

  async function expectPeoplesDataToLast(after: string): Promise<void> {
    const now = await dump();
    for (const was of expected.organizations) {
      const is = now.organizations.find(({ id }) => id === was.id);
      expect(is && peoplesOwn(is), `organization ${was.id} after ${after}`).toEqual(peoplesOwn(was));
    }
    for (const was of expected.users) {
      const is = now.users.find(({ id }) => id === was.id);
      expect([is?.["name"], is?.["notes"]], `user ${was.id} after ${after}`).toEqual([was["name"], was["notes"]]);
    }
    for (const [id, looks] of fields)
      expect(looksOf(now.organization_fields.find((field) => field.id === id)), `field ${id} after ${after}`).toEqual(
        looks,
      );
  }

  it("survives passes, plans and restores in any order", async () => {
    const moves = { pass, planMapping, restoreMapping, readAll };
    // A plan of each kind comes in any case.
    const script = random
      .shuffled(["planMapping", "planMapping", "restoreMapping", "pass", "readAll"] as const)
      .slice(0, steps);
    for (const move of script) {
      await peopleWork();
      await moves[move]();
      await expectPeoplesDataToLast(`${script.join(", ")}: ${move}`);
    }
  }, 400_000);

  it("survives that all of it is undone", async () => {
    for (;;) {
      const left = mappingPlans.length;
      if (left === 0) break;
      await restoreMapping();
    }
    await peopleWork();
    await approve((await flow.engine.planDesk.proposeRestore(flow.connectionId, firstLoad)).id);
    await expectPeoplesDataToLast("the first load was undone");
  }, 400_000);
});

function replace(rows: readonly { id: number }[], id: number, by: Loose): void {
  Object.assign(rows.find((row) => row.id === id) ?? {}, by);
}

function looksOf(field: Field | undefined): Loose {
  return { title: field?.title, position: field?.position, options: field?.custom_field_options };
}

/** Of an organization everything that is not ours; of its notes what stands around our block. */
function peoplesOwn(organization: Loose & { tags?: string[]; notes: string | null }): Loose {
  const { name, external_id, details, notes, domain_names, tags = [], organization_fields } = organization;
  const { region } = organization_fields as Loose;
  const own = tags.filter((tag) => !tag.startsWith("qbo_"));
  const text = (notes ?? "").replace(block, "").trim();
  return { name, external_id, details, text, domain_names, tags: own.sort(), region };
}
