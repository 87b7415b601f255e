import { type ExpressionBuilder, sql } from "kysely";
import { type JsonObject, OperatorError, type Subdomain } from "../domain/index.ts";
import type { PlanChange, PlanState } from "../sync/reconcile/plan/ports.ts";
import type { OwnedConnection, OwnershipStore } from "../sync/reconcile/ports.ts";
import type { Database } from "./database.ts";
import type { Schema } from "./schema.ts";

/** `parseSettings` turns the stored document into settings, with the defaults of the day; `mappingOf` gives the compiled mapping of a version. */
export function createOwnershipStore(
  database: Database,
  parseSettings: (stored: unknown) => OwnedConnection["settings"],
  mappingOf: (connectionId: OwnedConnection["id"], version: number) => Promise<OwnedConnection["mapping"]>,
): OwnershipStore {
  return {
    async take(subdomain, owner) {
      const row = await database
        .updateTable("account")
        .set({ epoch: sql`epoch + 1`, owner, owned_at: sql`now()` })
        .where("subdomain", "=", subdomain)
        .returning("epoch")
        .executeTakeFirst();
      if (!row) throw new OperatorError(`The Zendesk account ${subdomain} is not connected.`);
      return { subdomain, epoch: row.epoch };
    },

    async connections(subdomain) {
      const rows = await database
        .selectFrom("connection")
        .innerJoin("company", "company.realm", "connection.realm")
        .select([
          "connection.id",
          "connection.realm",
          "connection.state",
          "connection.settings",
          "connection.mapping_version",
          "connection.fields_ready_at",
          "connection.broken_fields",
          "company.home_currency",
          "company.zone",
        ])
        .select(
          sql<Date | null>`case when company.blocked_until > now() then company.blocked_until end`.as("blocked_until"),
        )
        .leftJoinLateral(planUnderWay, (join) => join.onTrue())
        .select(["under_way.plan_id", "under_way.change", "under_way.plan_state"])
        .where("connection.subdomain", "=", subdomain)
        .where("connection.state", "in", ["loading", "planned", "active"])
        .orderBy("connection.id")
        .execute();
      const whole = rows.flatMap(({ realm, zone, ...row }) =>
        realm === null || zone === null ? [] : [{ ...row, realm, zone, subdomain }],
      );
      return Promise.all(
        whole.map(async (row) =>
          connectionFrom(
            row,
            await mappingOf(row.id, row.mapping_version),
            await planOf(row, parseSettings, mappingOf),
          ),
        ),
      );
    },

    async accountBlockedUntil(subdomain) {
      const row = await database
        .selectFrom("account")
        .select("blocked_until")
        .where("subdomain", "=", subdomain)
        .where("blocked_until", ">", sql<Date>`now()`)
        .executeTakeFirst();
      return row?.blocked_until ?? undefined;
    },

    async fieldsReady(connectionId) {
      await database
        .updateTable("connection")
        .set({ fields_ready_at: sql`now()` })
        .where("id", "=", connectionId)
        .execute();
    },

    async leaveFields(connectionId, broken) {
      const { rows } = await sql`
        update connection set broken_fields = ${JSON.stringify(broken)}::jsonb
        where id = ${connectionId} and broken_fields <> ${JSON.stringify(broken)}::jsonb
        returning id`.execute(database);
      return rows.length > 0;
    },
  };

  function connectionFrom(
    row: {
      id: OwnedConnection["id"];
      realm: OwnedConnection["realm"];
      state: string;
      settings: unknown;
      mapping_version: number;
      fields_ready_at: Date | null;
      broken_fields: OwnedConnection["brokenFields"];
      home_currency: string;
      zone: string;
      blocked_until: Date | null;
      subdomain: Subdomain;
    },
    mapping: OwnedConnection["mapping"],
    plan: OwnedConnection["plan"],
  ): OwnedConnection {
    return {
      id: row.id,
      realm: row.realm,
      subdomain: row.subdomain,
      state: row.state as OwnedConnection["state"], // the query asks for these states alone
      settings: parseSettings(row.settings),
      mappingVersion: row.mapping_version,
      mapping,
      fieldsReady: row.fields_ready_at !== null,
      brokenFields: row.broken_fields,
      plan,
      homeCurrency: row.home_currency,
      zone: row.zone,
      companyBlockedUntil: row.blocked_until ?? undefined,
    };
  }
}

/** The plan that decides which cards are written: there is at most one under way; an applied one as long as changed effects wait. */
function planUnderWay(builder: ExpressionBuilder<Schema, "connection" | "company">) {
  return builder
    .selectFrom("plan")
    .select(["plan.id as plan_id", "plan.change", "plan.state as plan_state"])
    .whereRef("plan.connection_id", "=", "connection.id")
    .where("plan.kind", "<>", "restore")
    .where(
      sql<boolean>`(plan.state in ('trying', 'approved', 'applying', 'stopped') or plan.state = 'applied'
        and exists (select from plan_effect e where e.plan_id = plan.id and e.state in ('planned', 'changed')))`,
    )
    .orderBy("plan.id", "desc")
    .limit(1)
    .as("under_way");
}

async function planOf(
  row: {
    id: OwnedConnection["id"];
    settings: unknown;
    mapping_version: number;
    plan_id: number | null;
    change: unknown;
    plan_state: string | null;
  },
  parseSettings: (stored: unknown) => OwnedConnection["settings"],
  mappingOf: (connectionId: OwnedConnection["id"], version: number) => Promise<OwnedConnection["mapping"]>,
): Promise<OwnedConnection["plan"]> {
  if (row.plan_id === null) return undefined;
  const change = row.change as PlanChange; // the plan store alone writes the column
  const state = row.plan_state as PlanState; // the states of `planTransitions` are the only ones written
  const mappingVersion = change.kind === "mapping" ? change.version : row.mapping_version;
  return {
    id: row.plan_id,
    kind: change.kind,
    mode: state === "trying" || state === "stopped" || state === "applied" ? state : "applying",
    candidate: {
      mappingVersion,
      mapping: await mappingOf(row.id, mappingVersion),
      settings: parseSettings(
        // settings are stored as an object
        change.kind === "settings" ? { ...(row.settings as JsonObject), ...change.patch } : row.settings,
      ),
    },
  };
}
