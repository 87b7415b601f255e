import { realpath } from "node:fs/promises";
import pg from "pg";
import type { DatabaseConnection } from "../database.ts";
import { type Address, type ClusterRecord, codeOf, type DataFolder } from "./data-folder.ts";
import { databaseName, role } from "./initialize.ts";

/**
 * What stands at an address.
 * ours: a server on this folder and of this cluster. starting: a server that does not answer questions yet (or no longer).
 * absent: nobody, or somebody else.
 */
export type Found = "ours" | "starting" | "absent";

/** SQLSTATE cannot_connect_now and too_many_connections: somebody is there. */
const busyCodes = new Set(["57P03", "53300"]);

export function connectionTo(address: Address, cluster: ClusterRecord): Exclude<DatabaseConnection, { url: string }> {
  return { ...address, user: role, password: cluster.password, database: databaseName };
}

/** Asks the server itself which folder it has open and which cluster it is; a process number proves neither. */
export async function look(at: DataFolder, address: Address, cluster: ClusterRecord): Promise<Found> {
  const client = new pg.Client({
    ...connectionTo(address, cluster),
    connectionTimeoutMillis: 5000,
    application_name: "ml-connector look",
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ folder: string; id: string }>(
      "select current_setting('data_directory') as folder, current_setting('cluster_name') as id",
    );
    const answer = rows[0];
    const same = answer?.id === cluster.id && (await realpath(answer.folder)) === (await realpath(at.data));
    return same ? "ours" : "absent";
  } catch (error) {
    return busyCodes.has(codeOf(error)) ? "starting" : "absent";
  } finally {
    await client.end().catch(() => undefined);
  }
}
