import { type Selectable, sql } from "kysely";
import type { MappingStore, MappingVersion } from "../connections/ports.ts";
import type { ConnectionId, MappingDocument } from "../domain/index.ts";
import type { Database, Executor } from "./database.ts";
import type { MappingTable } from "./schema/plan-tables.ts";

/** `defaults`: what a connection has until a person says otherwise. */
export function createMappingStore(database: Database, defaults: MappingDocument): MappingStore {
  return {
    async current(connectionId) {
      const row = (await inForce(database, connectionId)) ?? (await makeFirst(connectionId));
      return versionFrom(row);
    },

    async version(connectionId, version) {
      const row = (await find(connectionId, version)) ?? (version === 1 ? await makeFirst(connectionId) : undefined);
      return row && versionFrom(row);
    },

    async list(connectionId) {
      const rows = await database
        .selectFrom("mapping")
        .selectAll()
        .where("connection_id", "=", connectionId)
        .orderBy("version", "desc")
        .execute();
      return rows.map(versionFrom);
    },

    save: (connectionId, document, who, note) =>
      database.transaction().execute(async (transaction) => {
        // Two people who save at once get two versions: the connection's row is what they queue for.
        await sql`select from connection where id = ${connectionId} for no key update`.execute(transaction);
        await insertFirst(transaction, connectionId);
        const { rows } = await sql<{ version: number }>`
          with newest as (select version, document from mapping where connection_id = ${connectionId} order by version desc limit 1),
          added as (
            insert into mapping (connection_id, version, document, made_by, note)
            select ${connectionId}, version + 1, ${JSON.stringify(document)}::jsonb, ${who}, ${note ?? null}
            from newest where document <> ${JSON.stringify(document)}::jsonb
            returning version)
          select coalesce((select version from added), (select version from newest)) as version`.execute(transaction);
        return rows[0]?.version ?? 1;
      }),
  };

  function find(connectionId: ConnectionId, version: number) {
    return database
      .selectFrom("mapping")
      .selectAll()
      .where("connection_id", "=", connectionId)
      .where("version", "=", version)
      .executeTakeFirst();
  }

  async function makeFirst(connectionId: ConnectionId): Promise<Selectable<MappingTable>> {
    await insertFirst(database, connectionId);
    const made = await find(connectionId, 1);
    if (!made) throw new Error(`connection ${connectionId} has no first mapping`);
    return made;
  }

  async function insertFirst(executor: Executor, connectionId: ConnectionId): Promise<void> {
    await executor
      .insertInto("mapping")
      .values({ connection_id: connectionId, version: 1, document: JSON.stringify(defaults), made_by: "ml-connector" })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

async function inForce(database: Database, connectionId: ConnectionId): Promise<Selectable<MappingTable> | undefined> {
  return database
    .selectFrom("mapping")
    .innerJoin("connection", (join) =>
      join
        .onRef("connection.id", "=", "mapping.connection_id")
        .onRef("connection.mapping_version", "=", "mapping.version"),
    )
    .selectAll("mapping")
    .where("mapping.connection_id", "=", connectionId)
    .executeTakeFirst();
}

function versionFrom(row: Selectable<MappingTable>): MappingVersion {
  return {
    version: row.version,
    document: row.document,
    who: row.made_by,
    at: row.made_at,
    note: row.note ?? undefined,
  };
}
