import { sql } from "kysely";
import { type ConnectionId, parseRealm, parseSubdomain, type Realm, type Subdomain } from "../../src/domain/index.ts";
import type { ConnectionState, Database } from "../../src/store/index.ts";

export interface MadeConnection {
  connectionId: ConnectionId;
  realm: Realm;
  subdomain: Subdomain;
}

/** One company paired with one account, as the connect flow leaves them; company and account are made where they are missing. */
export async function makeConnection(
  database: Database,
  of: { subdomain?: string; realm?: string; state?: ConnectionState; epoch?: number; clientId?: string } = {},
): Promise<MadeConnection> {
  const subdomain = parseSubdomain(of.subdomain ?? "acme");
  const realm = parseRealm(of.realm ?? "9341453000000001");
  const clientId = of.clientId ?? "simulator-client";
  await database
    .insertInto("account")
    .values({ subdomain, epoch: of.epoch ?? 0 })
    .onConflict((row) => row.column("subdomain").doUpdateSet({ epoch: of.epoch ?? 0 }))
    .execute();
  await database
    .insertInto("company")
    .values({ realm })
    .onConflict((row) => row.doNothing())
    .execute();
  await database
    .insertInto("credential")
    .values({
      system: "quickbooks",
      client_id: clientId,
      subject: realm,
      way: "authorization-code",
      state: "valid",
      sealed: "-",
    })
    .onConflict((row) => row.doNothing())
    .execute();
  const { id } = await database
    .insertInto("connection")
    .values({ realm, subdomain, state: of.state ?? "active" })
    .onConflict((row) => row.columns(["realm", "subdomain"]).doUpdateSet({ state: sql`excluded.state` }))
    .returning("id")
    .executeTakeFirstOrThrow();
  return { connectionId: id, realm, subdomain };
}
