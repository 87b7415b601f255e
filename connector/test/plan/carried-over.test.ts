// Plans that were made before they had a change, states and effects of their own, in a database of that time.
import { randomBytes } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { parseConnectionId } from "../../src/domain/index.ts";
import { closeDatabase, type Database, openDatabase } from "../../src/store/index.ts";
import * as ground from "../../src/store/migrations/0001-ground.ts";
import * as zendeskEvents from "../../src/store/migrations/0002-zendesk-events.ts";
import * as webhookSilence from "../../src/store/migrations/0003-webhook-silence.ts";
import * as mappingAndPlans from "../../src/store/migrations/0004-mapping-and-plans.ts";
import { createPlanStore } from "../../src/store/plan-store.ts";
import { withDatabase, withServer } from "../harness/server.ts";

describe("plans of an older version", () => {
  const { connection: server } = inject("testServer");
  const name = `ml_test_${randomBytes(6).toString("hex")}`;
  let database: Database;
  /** Migrations know no row types: those are of the newest shape. */
  const older = () => database as unknown as Kysely<unknown>;
  beforeAll(async () => {
    await withServer(server, (client) => client.query(`create database ${name}`));
    database = openDatabase({ connection: withDatabase(server, name), maxConnections: 1, applicationName: "test" });
    for (const { up } of [ground, zendeskEvents, webhookSilence]) await up(older());
    await sql`insert into account (subdomain) values ('acme')`.execute(database);
    await sql`insert into connection (subdomain, state) values ('acme', 'active')`.execute(database);
    const effects = JSON.stringify([
      { party: "customer:1", effect: "create", organization: "Acme", because: "created" },
      { party: "customer:2", effect: "parked", organization: "Birch", because: "several-parties" },
    ]);
    await sql`insert into plan (connection_id, kind, state, counts, effects, approved_by) values
      (1, 'first-load', 'discarded', '{"create": 1}', ${effects}::jsonb, null),
      (1, 'first-load', 'approved', '{"create": 1}', ${effects}::jsonb, 'marco'),
      (1, 'first-load', 'proposed', '{"create": 1}', ${effects}::jsonb, null)`.execute(database);
    await mappingAndPlans.up(older());
  });
  afterAll(async () => {
    await closeDatabase(database);
    await withServer(server, (client) => client.query(`drop database ${name} with (force)`));
  });

  it("keep their counts, who approved them, and each effect; what was approved is applied", async () => {
    const plans = await createPlanStore(database).list(parseConnectionId(1));
    expect(
      plans.map(({ state, approvedBy, change, counts }) => [state, approvedBy, change.kind, counts.create]),
    ).toEqual([
      ["proposed", undefined, "first-load", 1],
      ["applied", "marco", "first-load", 1],
      ["discarded", undefined, "first-load", 1],
    ]);
    for (const { id, state } of plans) {
      const effects = await createPlanStore(database).effects(id, { limit: 10 });
      expect(effects).toMatchObject([
        { party: "customer:1", effect: "create", organization: "Acme", because: "created" },
        { party: "customer:2", effect: "parked", organization: "Birch", because: "several-parties" },
      ]);
      expect(new Set(effects.map((effect) => effect.state))).toEqual(
        new Set([state === "applied" ? "done" : "planned"]),
      );
    }
  });

  it("can be set aside", async () => {
    const [proposed] = await createPlanStore(database).list(parseConnectionId(1));
    expect(await createPlanStore(database).discard(proposed?.id ?? 0, "marco")).toBe(true);
  });
});
