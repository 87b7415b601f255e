import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../../src/cli/demo/random.ts";
import { priorities } from "../../src/domain/index.ts";
import { type Flow, startFlow } from "../flow/bench.ts";
import { compareWithOracle } from "../flow/compare.ts";
import { seedOfRun } from "../harness/seed.ts";
import { account, company, type Edit, edited, editOrganization, editUser } from "./human-edits-world.ts";

type Loose = Record<string, unknown>;
interface Dump {
  organizations: (Loose & { id: number; tags: string[] })[];
  users: (Loose & { id: number })[];
  organization_memberships: Loose[];
}

/** Calls of a first load, at each of which an edit may fall: after what we read, before what we write, while a job runs. */
const momentsOfLoad = [
  { operation: "ListUsers", at: "after-effect" },
  { operation: "ListOrganizationFields", at: "before-effect" },
  { operation: "CreateOrganizationField", at: "after-effect" },
  { operation: "UpdateManyOrganizations", at: "before-effect" },
  { operation: "CreateManyOrganizations", at: "after-effect" },
  { operation: "ShowManyJobStatuses", at: "before-effect" },
] as const;

describe("what people edit in Zendesk between our read and our write", () => {
  const random = seededRandom(seedOfRun("random human edits"));
  let flow: Flow;
  /** The account as people alone would have left it. */
  let expected: Dump;
  beforeAll(async () => {
    flow = await startFlow({ company, account, today: "2026-11-20" });
    expected = await flow.zendeskControl("GET", "state");
  });
  afterAll(() => flow?.close());

  /** Has a person do it beside the next such call, and notes that it has to last. */
  async function plan(edit: Edit, when: { operation: string; at: string; nth?: number }): Promise<void> {
    const { entity, id, record } = edit;
    await flow.zendeskControl("POST", "edits", { when, mutate: { entity, operation: "update", id, record } });
    const list = entity === "organization" ? expected.organizations : expected.users;
    const index = list.findIndex((one) => one.id === id);
    list[index] = edited(list[index] ?? {}, edit) as Dump["organizations"][number];
    const home = entity === "user" ? record["organization_id"] : undefined;
    if (home !== undefined)
      expected.organization_memberships.push({ id: 9_000 + id, user_id: id, organization_id: home, default: true });
  }

  async function expectPeoplesDataToLast(): Promise<void> {
    const now: Dump = await flow.zendeskControl("GET", "state");
    for (const was of expected.organizations) {
      const is = now.organizations.find(({ id }) => id === was.id) ?? ({} as Loose & { tags: string[] });
      expect(peoplesOwn(is), `organization ${was.id}`).toEqual(peoplesOwn(was));
    }
    for (const was of expected.users) {
      const is = now.users.find(({ id }) => id === was.id);
      const home = was["organization_id"];
      expect([is?.["name"], is?.["notes"]], `user ${was.id}`).toEqual([was["name"], was["notes"]]);
      if (home !== null) expect(is?.["organization_id"], `the organization of user ${was.id}`).toBe(home);
    }
    const verdict = await compareWithOracle(flow, expected);
    expect(verdict.differences).toEqual([]);
  }

  it("survives a first load", async () => {
    for (const { id, tags } of expected.organizations) {
      if (random.chance(0.3)) continue;
      await plan(editOrganization(random, { id, tags, mayBeRenamed: true }), random.pick(momentsOfLoad));
    }
    for (const user of expected.users)
      if (random.chance(0.6))
        await plan(editUser(random, user.id, user["organization_id"] === null), random.pick(momentsOfLoad));
    const proposed = await flow.load();
    await flow.engine.stores.plans.approve(proposed.id, "test");
    await flow.settled();
    await expectPeoplesDataToLast();
  });

  it("survives live changes, one card at a time and many at once", async () => {
    // No card twice: a third write of one organization within a minute would wait for its turn.
    const deck = random.shuffled(await flow.engine.stores.overview.standings(flow.connectionId));
    for (const size of random.shuffled([1, 1, 3, 3, 12, 12])) {
      const now: Dump = await flow.zendeskControl("GET", "state");
      const cards = deck.splice(0, size);
      for (const { organizationId = 0, origin } of cards) {
        const tags = now.organizations.find(({ id }) => id === organizationId)?.tags ?? [];
        rememberCreated(now, organizationId);
        const edit = editOrganization(random, { id: organizationId, tags, mayBeRenamed: origin === "adopted" });
        // The next call of any kind is the one that writes.
        await plan(edit, { operation: "*", at: "before-effect" });
      }
      const calls = await flow.zendeskWrites();
      await change(
        random,
        cards.map(({ key }) => key),
      );
      await flow.settled();
      expect(await flow.zendeskWrites()).toBeGreaterThan(calls);
    }
    await expectPeoplesDataToLast();
  });

  it("costs no write when everything is read and decided again", async () => {
    const writes = await flow.zendeskWrites();
    await flow.engine.loadDirectory(flow.subdomain, () => undefined);
    await flow.settled();
    const again = await flow.engine.dryRun(flow.connectionId);
    expect(again?.counts).toMatchObject({ create: 0, update: 0, members: 0 });
    expect(await flow.zendeskWrites()).toBe(writes);
    await expectPeoplesDataToLast();
  });

  /** What people do to an organization that we made is theirs too. */
  function rememberCreated(now: Dump, id: number): void {
    if (expected.organizations.some((one) => one.id === id)) return;
    const created = now.organizations.find((one) => one.id === id);
    if (created) expected.organizations.push(structuredClone(created));
  }

  async function change(random: Random, parties: readonly string[]): Promise<void> {
    const mutations = parties.map((party) => ({
      entity: "Customer",
      operation: "update",
      id: party.split(":")[1],
      record: { PrimaryPhone: { FreeFormNumber: `555-${random.between(100_000, 999_999)}` } },
    }));
    await flow.quickbooksControl("POST", "mutate", { mutations });
    const causes = [{ kind: "person" as const, who: "test", what: "changed", at: new Date().toISOString() }];
    await flow.engine.stores.marks.mark(
      mutations.map(({ id }) => ({
        connectionId: flow.connectionId,
        kind: "record",
        key: `Customer:${id}`,
        priority: priorities.live,
        causes,
      })),
    );
    flow.engine.owners.wake(flow.subdomain);
  }
});

/** Of an organization everything that is not ours; of tags those that no drop-down of ours stands for. */
function peoplesOwn(organization: Loose & { tags?: string[] }): Loose {
  const { name, external_id, details, notes, domain_names, tags = [], organization_fields } = organization;
  const { region } = organization_fields as Loose;
  const own = tags.filter((tag) => !tag.startsWith("qbo_"));
  return { name, external_id, details, notes: notes || null, domain_names, tags: own.sort(), region };
}
