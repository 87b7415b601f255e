import { type Selectable, sql } from "kysely";
import type { ApiKey, ApiKeyStore } from "../access/ports.ts";
import { parseConnectionId } from "../domain/index.ts";
import { type AccessChange, grantWords, journalAccess } from "./access-journal.ts";
import type { Database } from "./database.ts";
import type { ApiKeyTable } from "./schema/access-tables.ts";

/** How exact `used_at` is: a key in steady use costs one write a minute. */
const usedEvery = "1 minute";

type Row = Selectable<ApiKeyTable>;

export function createApiKeyStore(database: Database): ApiKeyStore {
  return {
    async list() {
      const rows = await database.selectFrom("api_key").selectAll().orderBy("id").execute();
      return rows.map(toApiKey);
    },

    async add(hash, key) {
      return database.transaction().execute(async (transaction) => {
        const replaced =
          key.place === undefined
            ? []
            : await transaction
                .updateTable("api_key")
                .set({ revoked_at: sql`now()` })
                .where("place", "=", key.place)
                .where("revoked_at", "is", null)
                .returning(["id", "name"])
                .execute();
        for (const { id, name } of replaced) await journalAccess(transaction, revokedKey(id, name, key.madeBy));
        const row = await transaction
          .insertInto("api_key")
          .values({
            hash: Buffer.from(hash),
            name: key.name,
            role: key.role,
            connections: key.connections === undefined ? null : [...key.connections],
            place: key.place ?? null,
            made_by: key.madeBy,
            expires_at: key.expiresAt ?? null,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        const made = toApiKey(row);
        await journalAccess(transaction, {
          action: "api-key-made",
          who: key.madeBy,
          of: `API key ${made.id}`,
          after: {
            name: key.name,
            may: grantWords(
              (made.connections ?? [undefined]).map((connectionId) => ({ role: key.role, connectionId })),
            ),
            ...(key.expiresAt === undefined ? {} : { until: key.expiresAt.toISOString() }),
          },
        });
        return made;
      });
    },

    async find(hash) {
      const row = await database
        .selectFrom("api_key")
        .selectAll()
        .where("hash", "=", Buffer.from(hash))
        .where("revoked_at", "is", null)
        .where((either) => either.or([either("expires_at", "is", null), either("expires_at", ">", sql<Date>`now()`)]))
        .executeTakeFirst();
      if (!row) return undefined;
      await sql`
        update api_key set used_at = now()
        where id = ${row.id} and (used_at is null or used_at < now() - ${usedEvery}::interval)`.execute(database);
      return toApiKey(row);
    },

    revoke: (id, by) =>
      database.transaction().execute(async (transaction) => {
        const row = await transaction
          .updateTable("api_key")
          .set({ revoked_at: sql`now()` })
          .where("id", "=", id)
          .where("revoked_at", "is", null)
          .returning("name")
          .executeTakeFirst();
        if (row === undefined) return false;
        await journalAccess(transaction, revokedKey(id, row.name, by));
        return true;
      }),
  };
}

function revokedKey(id: number, name: string, who: string): AccessChange {
  return { action: "api-key-revoked", who, of: `API key ${id}`, before: { name } };
}

function toApiKey(row: Row): ApiKey {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    // The driver gives the elements of an int8 array as texts.
    connections: row.connections?.map((id) => parseConnectionId(id)),
    place: row.place ?? undefined,
    madeBy: row.made_by,
    madeAt: row.made_at,
    expiresAt: row.expires_at ?? undefined,
    usedAt: row.used_at ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
  };
}
