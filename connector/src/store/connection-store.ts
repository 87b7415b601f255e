import { type Selectable, sql } from "kysely";
import type { ConnectionStore, StoredConnection } from "../connections/ports.ts";
import type { PlanState } from "../sync/reconcile/plan/ports.ts";
import type { Database } from "./database.ts";
import type { ConnectionTable } from "./schema/connection-tables.ts";
import type { ConnectionState } from "./schema.ts";

export function createConnectionStore(database: Database): ConnectionStore {
  return {
    create: (subdomain, settings) =>
      database.transaction().execute(async (transaction) => {
        await transaction
          .insertInto("account")
          .values({ subdomain })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        const row = await transaction
          .insertInto("connection")
          .values({ subdomain, state: "connecting", settings: JSON.stringify(settings) })
          .returning("id")
          .executeTakeFirstOrThrow();
        return row.id;
      }),

    async read(id) {
      const row = await database.selectFrom("connection").selectAll().where("id", "=", id).executeTakeFirst();
      return row && toStored(row);
    },

    async all() {
      const rows = await database.selectFrom("connection").selectAll().orderBy("id").execute();
      return rows.map(toStored).filter((connection) => connection !== undefined);
    },

    async using(system, subject) {
      const rows = await database
        .selectFrom("connection")
        .selectAll()
        .where(system === "quickbooks" ? sql`realm` : sql`subdomain`, "=", subject)
        .where("state", "<>", "disconnected")
        .orderBy("id")
        .execute();
      return rows.map(toStored).filter((connection) => connection !== undefined);
    },

    async bindCompany(id, realm) {
      // "not exists" may still race with another consent; the unique key then refuses, and the person starts again.
      const [result] = await database
        .updateTable("connection as mine")
        .set({ realm })
        .where("mine.id", "=", id)
        .where((either) => either.or([either("mine.realm", "is", null), either("mine.realm", "=", realm)]))
        .where((row) =>
          row.not(
            row.exists(
              row
                .selectFrom("connection as other")
                .select("other.id")
                .where("other.id", "<>", id)
                .where("other.realm", "=", realm)
                .whereRef("other.subdomain", "=", "mine.subdomain"),
            ),
          ),
        )
        .execute();
      return result?.numUpdatedRows === 1n;
    },

    async saveSettings(id, settings) {
      await database
        .updateTable("connection")
        .set({ settings: JSON.stringify(settings) })
        .where("id", "=", id)
        .execute();
    },

    async startLoading(id) {
      const [result] = await database
        .updateTable("connection")
        .set({ state: "loading" })
        .where("id", "=", id)
        .where("state", "=", "connecting")
        .where("realm", "is not", null)
        .execute();
      return result?.numUpdatedRows === 1n;
    },

    async pause(id, by) {
      const overrides = by.startsWith("person:");
      const [result] = await database
        .updateTable("connection")
        .set({ state: "paused", paused_by: by })
        .where("id", "=", id)
        .where((either) =>
          either.or([
            either("state", "in", ["loading", "planned", "active"]),
            either.and([
              either("state", "=", "paused"),
              either("paused_by", "not like", "person:%"),
              either.val(overrides),
            ]),
          ]),
        )
        .execute();
      return result?.numUpdatedRows === 1n;
    },

    async resume(id, by) {
      // Plans tell where it was: an approved one means that it delivered, a proposed one that it waited for approval.
      const hasPlan = (...states: PlanState[]) =>
        sql<boolean>`exists (select from plan where connection_id = connection.id and kind <> 'restore' and state = any(${states}::text[]))`;
      const row = await database
        .updateTable("connection")
        .set({
          state: sql<ConnectionState>`case when ${hasPlan("trying", "approved", "applying", "stopped", "applied")} then 'active' when ${hasPlan("proposed")} then 'planned' else 'loading' end`,
          paused_by: null,
        })
        .where("id", "=", id)
        .where("state", "=", "paused")
        .where(
          by.endsWith("*") ? sql<boolean>`starts_with(paused_by, ${by.slice(0, -1)})` : sql<boolean>`paused_by = ${by}`,
        )
        .returning("state")
        .executeTakeFirst();
      return row?.state;
    },
  };
}

/** A row without an account belongs to no connection of ours. */
function toStored(row: Selectable<ConnectionTable>): StoredConnection | undefined {
  if (row.subdomain === null) return undefined;
  return {
    id: row.id,
    realm: row.realm ?? undefined,
    subdomain: row.subdomain,
    state: row.state,
    pausedBy: row.paused_by ?? undefined,
    settings: row.settings,
  };
}
