// The store: the only place with SQL. One file per table, the migrations, and the PostgreSQL that we bring along.
// Not rules and not flow: statements take keys and rows, and say what the database said.
// Called by boot, which hands the functions to sync, connections and oversight as their ports.
export type { Database, DatabaseConnection, Executor } from "./database.ts";
export { closeDatabase, openDatabase } from "./database.ts";
export { migrate, pendingMigrations } from "./migrate.ts";
export type { ConnectionState, Schema } from "./schema.ts";
export { listenForMarks, notifyMarks } from "./wake-up.ts";
