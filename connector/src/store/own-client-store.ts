import { type Selectable, sql } from "kysely";
import type { OwnClientStore, StoredOwnClient } from "../connections/ports.ts";
import type { System } from "../domain/index.ts";
import type { Database } from "./database.ts";
import type { OwnClientTable } from "./schema/connection-tables.ts";

/** Of a connection `c`: what it shares with others of the same company or account. */
const subjectOf = (system: System) => (system === "quickbooks" ? sql.ref("c.realm") : sql.ref("c.subdomain"));

export function createOwnClientStore(database: Database): OwnClientStore {
  return {
    async read(connectionId, system) {
      const row = await database
        .selectFrom("own_client")
        .selectAll()
        .where("connection_id", "=", connectionId)
        .where("system", "=", system)
        .executeTakeFirst();
      return row && toOwnClient(row);
    },

    async save({ connectionId, system, ...client }) {
      const values = {
        client_id: client.clientId,
        sealed_secret: client.sealedSecret,
        sealed_verifiers: client.sealedVerifiers ?? null,
        environment: client.environment ?? null,
        monthly_reads: client.monthlyReads ?? null,
      };
      await database
        .insertInto("own_client")
        .values({ connection_id: connectionId, system, ...values })
        .onConflict((conflict) =>
          conflict.columns(["connection_id", "system"]).doUpdateSet({ ...values, set_at: sql<Date>`now()` }),
        )
        .execute();
    },

    async remove(connectionId, system) {
      const [result] = await database
        .deleteFrom("own_client")
        .where("connection_id", "=", connectionId)
        .where("system", "=", system)
        .execute();
      return result?.numDeletedRows === 1n;
    },

    async ofSubject(system, subject) {
      const { rows } = await sql<Selectable<OwnClientTable>>`
        select o.* from own_client o join connection c on c.id = o.connection_id
        where o.system = ${system} and ${subjectOf(system)} = ${subject} and c.state <> 'disconnected'
        order by o.connection_id`.execute(database);
      return rows.map(toOwnClient);
    },

    async verifying() {
      const { rows } = await sql<Selectable<OwnClientTable> & { realm: string | null }>`
        select o.*, c.realm from own_client o join connection c on c.id = o.connection_id
        where o.sealed_verifiers is not null and c.state <> 'disconnected' order by o.connection_id`.execute(database);
      return rows.map((row) => ({ ...toOwnClient(row), realm: row.realm ?? undefined }));
    },
  };
}

function toOwnClient(row: Selectable<OwnClientTable>): StoredOwnClient {
  return {
    connectionId: row.connection_id,
    system: row.system,
    clientId: row.client_id,
    sealedSecret: row.sealed_secret,
    sealedVerifiers: row.sealed_verifiers ?? undefined,
    environment: row.environment ?? undefined,
    monthlyReads: row.monthly_reads ?? undefined,
  };
}
