import { sql } from "kysely";
import type { Subdomain } from "../domain/index.ts";
import type { Blocks } from "../systems/ports.ts";
import type { Database } from "./database.ts";

/** When an account may be asked again. Its ownership is in ownership-store.ts. */
export function createAccountStore(database: Database): Blocks {
  return {
    async blockedUntil(subdomain) {
      const row = await database
        .selectFrom("account")
        .select("blocked_until")
        .where("subdomain", "=", subdomain as Subdomain) // a subject of this system's limits is a subdomain
        .executeTakeFirst();
      return row?.blocked_until ?? undefined;
    },

    async block(subdomain, until) {
      await sql`update account set blocked_until = greatest(blocked_until, ${until}) where subdomain = ${subdomain}`.execute(
        database,
      );
    },
  };
}
