import { sql } from "kysely";
import type { ConnectionId, Subdomain } from "../domain/index.ts";
import type { ProvisionStore } from "../http/operator/ports.ts";
import type { Database } from "./database.ts";

export function createProvisionStore(database: Database): ProvisionStore {
  return {
    async find(references) {
      const { rows } = await sql<{ reference: string; connection_id: ConnectionId; subdomain: Subdomain }>`
        select p.reference, p.connection_id, c.subdomain from provisioned p join connection c on c.id = p.connection_id
        where p.reference = any(${[...references]})`.execute(database);
      return new Map(rows.map((row) => [row.reference, { connectionId: row.connection_id, subdomain: row.subdomain }]));
    },

    async keep(reference, connectionId) {
      return database.transaction().execute(async (transaction) => {
        const { numInsertedOrUpdatedRows } = await transaction
          .insertInto("provisioned")
          .values({ reference, connection_id: connectionId })
          .onConflict((conflict) => conflict.column("reference").doNothing())
          .executeTakeFirst();
        if (numInsertedOrUpdatedRows === 1n) return true;
        // Another process was first: its connection is the one, and ours, which nobody has seen, goes.
        await sql`delete from connection where id = ${connectionId} and state = 'connecting' and realm is null`.execute(
          transaction,
        );
        return false;
      });
    },
  };
}
