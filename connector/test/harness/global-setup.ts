// Once per `vitest run`: one PostgreSQL for all flow tests (DATABASE_URL if set, else one of our own, gone afterwards), and in it a
// migrated template that every test file copies.
import { randomBytes } from "node:crypto";
import type { TestProject } from "vitest/node";
import { startTemporary } from "../../src/store/embedded/index.ts";
import { closeDatabase, type DatabaseConnection, migrate, openDatabase } from "../../src/store/index.ts";
import { withDatabase, withServer } from "./server.ts";

declare module "vitest" {
  interface ProvidedContext {
    testServer: { connection: DatabaseConnection; template: string };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer();
  const template = `ml_template_${randomBytes(6).toString("hex")}`;
  await withServer(server.connection, (client) => client.query(`create database ${template}`));
  const database = openDatabase({
    connection: withDatabase(server.connection, template),
    maxConnections: 1,
    applicationName: "ml-connector test setup",
  });
  await migrate(database);
  await closeDatabase(database);
  project.provide("testServer", { connection: server.connection, template });
  return async () => {
    await withServer(server.connection, (client) => client.query(`drop database ${template}`));
    await server.stop();
  };
}

async function startServer(): Promise<{ connection: DatabaseConnection; stop: () => Promise<void> }> {
  const url = process.env["DATABASE_URL"];
  if (url) return { connection: { url }, stop: () => Promise.resolve() };
  const say = (_: object, says: string): void => {
    process.stderr.write(`${says}\n`);
  };
  return startTemporary({ log: { info: () => undefined, warn: say, error: say }, mayCreateDatabases: true });
}
