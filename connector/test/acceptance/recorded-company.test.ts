import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startFlow } from "../flow/bench.ts";
import { compareWithOracle } from "../flow/compare.ts";
import { expected, expectedMembers, type Outcome, unmovedUsers } from "./recorded-company/expected.ts";

const fixtures =
  process.env["ML_CONNECTOR_FIXTURES"] ?? fileURLToPath(new URL("../../../../shared/fixtures", import.meta.url));
const companyFile = `${fixtures}/recorded-company/company.json`;
const account = JSON.parse(readFileSync(new URL("./recorded-company/account.json", import.meta.url), "utf8")) as {
  organizations: { id: number; name: string }[];
  users: { id: number; organization_id: number | null }[];
};
const isThere = existsSync(companyFile);
if (!isThere) process.stderr.write(`skipped: the recorded company is not there (${companyFile})\n`);

describe.skipIf(!isThere)("the first load of a recorded company", () => {
  let flow: Awaited<ReturnType<typeof startFlow>>;
  let before: unknown;
  beforeAll(async () => {
    const company = JSON.parse(readFileSync(companyFile, "utf8")) as object;
    flow = await startFlow({ company, account, settings: { scope: "all" } });
    before = await flow.zendeskControl("GET", "state");
    const plan = await flow.load();
    await flow.engine.stores.plans.approve(plan.id, "test");
    await flow.settled();
  });
  afterAll(() => flow?.close());

  it("makes of every party what the rules say, and nothing else", async () => {
    const standings = await flow.engine.stores.overview.standings(flow.connectionId);
    const links = await flow.engine.stores.links.linksOf(
      flow.connectionId,
      standings.map(({ key }) => ({
        kind: key.startsWith("customer") ? "customer" : "vendor",
        id: key.split(":")[1] ?? "",
      })),
    );
    const stepOf = new Map(links.map((link) => [`${link.party.kind}:${link.party.id}`, link.step]));
    const { organizations } = await flow.accountNow();
    const nameOf = new Map(organizations.map(({ id, name }) => [id, name]));
    const found = Object.fromEntries(
      standings.map((standing): [string, Outcome | { kind: string }] => {
        if (standing.disposition === "rolled-up")
          return [standing.key, { kind: "rolled-up", into: standing.into ?? "" }];
        if (standing.disposition === "parked")
          return [
            standing.key,
            {
              kind: "parked",
              reason: standing.reason ?? "",
              candidates: [...standing.candidates].sort((one, other) => one - other),
            },
          ];
        if (standing.disposition !== "linked" || standing.organizationId === undefined)
          return [standing.key, { kind: standing.disposition }];
        if (stepOf.get(standing.key) === "created")
          return [standing.key, { kind: "created", name: nameOf.get(standing.organizationId) ?? "" }];
        const step = stepOf.get(standing.key) as "key" | "email" | "name";
        return [standing.key, { kind: "linked", organizationId: standing.organizationId, step }];
      }),
    );
    const wanted = Object.fromEntries(
      Object.entries(expected).map(([key, outcome]) => [
        key,
        outcome.kind === "parked"
          ? { ...outcome, candidates: [...outcome.candidates].sort((one, other) => one - other) }
          : outcome,
      ]),
    );
    expect(found).toEqual(wanted);
  });

  it("makes members of whom it may, and moves nobody", async () => {
    const standings = await flow.engine.stores.overview.standings(flow.connectionId);
    const organizationOf = new Map(standings.map(({ key, organizationId }) => [key, organizationId]));
    const { users } = await flow.accountNow();
    const placeOf = new Map(users.map(({ id, organization_id }) => [id, organization_id]));
    for (const [user, party] of Object.entries(expectedMembers))
      expect(placeOf.get(Number(user)), `user ${user}`).toBe(organizationOf.get(party));
    const placeBefore = new Map(account.users.map(({ id, organization_id }) => [id, organization_id ?? null]));
    for (const user of unmovedUsers) expect(placeOf.get(user), `user ${user}`).toBe(placeBefore.get(user));
  });

  it("leaves Zendesk as an independent computation has it", async () => {
    const verdict = await compareWithOracle(flow, before);
    expect(verdict.differences).toEqual([]);
    expect(verdict).toMatchObject({ different: 0, foreignTouched: 0, duplicates: 0 });
  });

  it("changes nothing when it is loaded again", async () => {
    const writes = await flow.zendeskWrites();
    await flow.engine.sweep(flow.connectionId, "test", () => undefined);
    await flow.settled();
    expect(await flow.zendeskWrites()).toBe(writes);
  });
});
