import { sql } from "kysely";
import type { OauthStateStore } from "../connections/ports.ts";
import type { Database } from "./database.ts";

/** How long used and expired states are kept, for `outcome`. */
const keptFor = "7 days";

export function createOauthStateStore(database: Database): OauthStateStore {
  return {
    async add(stateHash, consent, lifeMs) {
      await sql`delete from oauth_state where expires_at < now() - ${keptFor}::interval`.execute(database);
      await sql`
        insert into oauth_state (state_hash, system, connection_id, permission, sealed_verifier, browser_hash, expires_at)
        values (${Buffer.from(stateHash)}, ${consent.system}, ${consent.connectionId}, ${consent.permission}, ${consent.sealedVerifier ?? null},
          ${consent.browserHash === undefined ? null : Buffer.from(consent.browserHash)},
          now() + ${lifeMs} * interval '1 millisecond')
      `.execute(database);
    },

    async take(stateHash) {
      const row = await database
        .updateTable("oauth_state")
        .set({ used_at: sql`now()` })
        .where("state_hash", "=", Buffer.from(stateHash))
        .where("used_at", "is", null)
        .where("expires_at", ">", sql<Date>`now()`)
        .returning(["system", "connection_id", "permission", "sealed_verifier", "browser_hash"])
        .executeTakeFirst();
      if (row === undefined) return undefined;
      return {
        system: row.system,
        connectionId: row.connection_id,
        permission: row.permission,
        sealedVerifier: row.sealed_verifier ?? undefined,
        browserHash: row.browser_hash ?? undefined,
      };
    },

    async refusal(connectionId, since) {
      const row = await database
        .selectFrom("oauth_state")
        .select("outcome")
        .where("connection_id", "=", connectionId)
        .where("used_at", ">=", since)
        .where("outcome", "is not", null)
        .orderBy("used_at", "desc")
        .limit(1)
        .executeTakeFirst();
      return row?.outcome === "connected" ? undefined : (row?.outcome ?? undefined);
    },

    async conclude(stateHash, outcome) {
      await database
        .updateTable("oauth_state")
        .set({ outcome })
        .where("state_hash", "=", Buffer.from(stateHash))
        .execute();
    },
  };
}
