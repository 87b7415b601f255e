import { sql } from "kysely";
import type { SealedText, SealedTextStore } from "../connections/credentials/ports.ts";
import type { Database } from "./database.ts";

/** The tables with sealed columns. A new one is added here, or its texts are left behind when a key is replaced. */
export function createSealedTextStore(database: Database): SealedTextStore {
  const byTable: Record<
    string,
    { list: () => Promise<SealedText[]>; replace: (text: SealedText, sealed: string) => Promise<bigint> }
  > = {
    credential: {
      async list() {
        const rows = await database
          .selectFrom("credential")
          .select(["system", "client_id", "subject", "sealed"])
          .orderBy("id")
          .execute();
        return rows.map(({ system, client_id, subject, sealed }) => ({
          binding: { table: "credential", row: `${system}:${client_id}:${subject}`, field: "tokens" },
          sealed,
        }));
      },
      async replace({ sealed: was }, sealed) {
        const [result] = await database
          .updateTable("credential")
          .set({ sealed })
          .where("sealed", "=", was)
          // Somebody may hold a newer pair that is to replace just this text.
          .where("attempt_started_at", "is", null)
          .execute();
        return result?.numUpdatedRows ?? 0n;
      },
    },
    zendesk_webhook: {
      async list() {
        const rows = await database
          .selectFrom("zendesk_webhook")
          .select(["subdomain", "sealed_secret"])
          .orderBy("subdomain")
          .execute();
        return rows.flatMap(({ subdomain, sealed_secret: sealed }) =>
          sealed === null ? [] : [{ binding: { table: "zendesk_webhook", row: subdomain, field: "secret" }, sealed }],
        );
      },
      async replace({ sealed: was }, sealed) {
        const [result] = await database
          .updateTable("zendesk_webhook")
          .set({ sealed_secret: sealed })
          .where("sealed_secret", "=", was)
          .execute();
        return result?.numUpdatedRows ?? 0n;
      },
    },
    own_client: {
      async list() {
        const rows = await database
          .selectFrom("own_client")
          .select(["connection_id", "system", "sealed_secret", "sealed_verifiers"])
          .orderBy("connection_id")
          .orderBy("system")
          .execute();
        return rows.flatMap(({ connection_id, system, sealed_secret, sealed_verifiers }) => {
          const of = { table: "own_client", row: `${connection_id}:${system}` };
          const secret = { binding: { ...of, field: "secret" }, sealed: sealed_secret };
          return sealed_verifiers === null
            ? [secret]
            : [secret, { binding: { ...of, field: "verifiers" }, sealed: sealed_verifiers }];
        });
      },
      async replace({ binding, sealed: was }, sealed) {
        const column = binding.field === "secret" ? "sealed_secret" : "sealed_verifiers";
        const [result] = await database
          .updateTable("own_client")
          .set({ [column]: sealed })
          .where(column, "=", was)
          .execute();
        return result?.numUpdatedRows ?? 0n;
      },
    },
    alert_target: {
      async list() {
        const rows = await database.selectFrom("alert_target").select(["id", "sealed"]).orderBy("id").execute();
        return rows.map(({ id, sealed }) => ({
          binding: { table: "alert_target", row: String(id), field: "destination" },
          sealed,
        }));
      },
      async replace({ sealed: was }, sealed) {
        const [result] = await database.updateTable("alert_target").set({ sealed }).where("sealed", "=", was).execute();
        return result?.numUpdatedRows ?? 0n;
      },
    },
    oauth_state: {
      async list() {
        const rows = await database
          .selectFrom("oauth_state")
          .select(["state_hash", "sealed_verifier"])
          .where("used_at", "is", null)
          .where("expires_at", ">", sql<Date>`now()`)
          .execute();
        return rows.flatMap(({ state_hash, sealed_verifier: sealed }) =>
          sealed === null
            ? []
            : [{ binding: { table: "oauth_state", row: state_hash.toString("hex"), field: "verifier" }, sealed }],
        );
      },
      async replace({ sealed: was }, sealed) {
        const [result] = await database
          .updateTable("oauth_state")
          .set({ sealed_verifier: sealed })
          .where("sealed_verifier", "=", was)
          .execute();
        return result?.numUpdatedRows ?? 0n;
      },
    },
  };
  return {
    exclusively: (work) =>
      database.transaction().execute(async (transaction) => {
        await sql`select pg_advisory_xact_lock(hashtext('ml-connector key ring'))`.execute(transaction);
        return work();
      }),
    all: async () => (await Promise.all(Object.values(byTable).map(({ list }) => list()))).flat(),
    replace: async (text, sealed) => (await byTable[text.binding.table]?.replace(text, sealed)) === 1n,
  };
}
