import { sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { OperatorError } from "../domain/index.ts";
import type { Database } from "./database.ts";
import * as ground from "./migrations/0001-ground.ts";
import * as zendeskEvents from "./migrations/0002-zendesk-events.ts";
import * as webhookSilence from "./migrations/0003-webhook-silence.ts";
import * as mappingAndPlans from "./migrations/0004-mapping-and-plans.ts";
import * as matching from "./migrations/0005-matching.ts";
import * as credentials from "./migrations/0006-credentials.ts";
import * as records from "./migrations/0007-records.ts";
import * as access from "./migrations/0008-access.ts";
import * as engine from "./migrations/0009-engine.ts";
import * as notes from "./migrations/0010-notes.ts";
import * as journalGuard from "./migrations/0011-journal-guard.ts";
import * as provisioning from "./migrations/0012-provisioning.ts";
import * as ticketEvents from "./migrations/0013-ticket-events.ts";
import * as families from "./migrations/0014-families.ts";
import * as permissions from "./migrations/0015-permissions.ts";
import * as ownClients from "./migrations/0016-own-clients.ts";
import * as mergedParties from "./migrations/0017-merged-parties.ts";
import * as recordsKept from "./migrations/0018-records-kept.ts";
import * as accessJournal from "./migrations/0019-access-journal.ts";
import { explainUnusable, refuseOldServer } from "./usable.ts";

/** In their order for ever: a migration that was released is never edited, renamed or removed. */
const migrations: Record<string, Migration> = {
  "0001-ground": ground,
  "0002-zendesk-events": zendeskEvents,
  "0003-webhook-silence": webhookSilence,
  "0004-mapping-and-plans": mappingAndPlans,
  "0005-matching": matching,
  "0006-credentials": credentials,
  "0007-records": records,
  "0008-access": access,
  "0009-engine": engine,
  "0010-notes": notes,
  "0011-journal-guard": journalGuard,
  "0012-provisioning": provisioning,
  "0013-ticket-events": ticketEvents,
  "0014-families": families,
  "0015-permissions": permissions,
  "0016-own-clients": ownClients,
  "0017-merged-parties": mergedParties,
  "0018-records-kept": recordsKept,
  "0019-access-journal": accessJournal,
};

/**
 * Brings the database to this program's shape, under an advisory lock (Kysely's), in one transaction: a migration that fails leaves
 * nothing behind and stops the start. A database that a newer program has already changed is refused. Returns the names applied now.
 */
export async function migrate(database: Database): Promise<string[]> {
  await refuseOldServer(database);
  const unknown = (await appliedMigrations(database)).filter((name) => !(name in migrations));
  if (unknown.length > 0) {
    throw new OperatorError(
      `This database was changed by a newer version of ml-connector (${unknown.join(", ")}). Start that version, or restore a backup made before the update.`,
    );
  }
  const migrator = new Migrator({ db: database, provider: { getMigrations: () => Promise.resolve(migrations) } });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const failed = results?.find(({ status }) => status === "Error")?.migrationName;
    const unusable = explainUnusable(error);
    if (unusable) throw unusable;
    const reason = error instanceof Error ? error.message : "unknown";
    throw new OperatorError(
      `The database could not be brought up to date${failed === undefined ? "" : ` (step ${failed})`}: ${reason}. Nothing was changed.`,
      { cause: error },
    );
  }
  return (results ?? []).map(({ migrationName }) => migrationName);
}

/** Names this program knows that the database does not have yet; empty = ready. */
export async function pendingMigrations(database: Database): Promise<string[]> {
  const applied = new Set(await appliedMigrations(database));
  return Object.keys(migrations).filter((name) => !applied.has(name));
}

async function appliedMigrations(database: Database): Promise<string[]> {
  const table = await sql<{ there: string | null }>`select to_regclass('kysely_migration') as there`.execute(database);
  if (table.rows[0]?.there == null) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(database);
  return rows.map(({ name }) => name);
}
