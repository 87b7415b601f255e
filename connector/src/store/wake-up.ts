import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import pg from "pg";
import type { Subdomain } from "../domain/index.ts";
import { clientConfig, type DatabaseConnection, type Executor } from "./database.ts";

const channel = "ml_connector_marks";

/** Tells the account's owner, in whichever process, that there are new marks: after the commit, when sent inside a transaction. */
export async function notifyMarks(executor: Executor, subdomain: Subdomain): Promise<void> {
  await sql`select pg_notify(${channel}, ${subdomain})`.execute(executor);
}

/**
 * Calls `onWake` for every account that `notifyMarks` names, on a connection of its own. While that connection is down it is made again,
 * from 0.1 s doubling to 5 s; what was missed meanwhile is not repeated, and need not be: an owner also looks once a second.
 * Rejects only when the first connection fails.
 */
export async function listenForMarks(
  connection: DatabaseConnection,
  onWake: (subdomain: Subdomain) => void,
): Promise<{ close(): Promise<void> }> {
  const closing = new AbortController();
  let session = await openSession(connection, onWake);
  const keeping = keepOpen();
  return {
    close: async () => {
      closing.abort();
      await session.client.end();
      await keeping;
    },
  };

  async function keepOpen(): Promise<void> {
    for (;;) {
      await session.ended;
      for (let waitMs = 100; !closing.signal.aborted; waitMs = Math.min(5000, waitMs * 2)) {
        await wait(waitMs, undefined, { signal: closing.signal }).catch(() => undefined);
        const next = await openSession(connection, onWake).catch(() => undefined);
        if (next) {
          session = next;
          break;
        }
      }
      if (closing.signal.aborted) return session.client.end();
    }
  }
}

interface Session {
  client: pg.Client;
  ended: Promise<void>;
}

async function openSession(connection: DatabaseConnection, onWake: (subdomain: Subdomain) => void): Promise<Session> {
  const client = new pg.Client({
    ...clientConfig({ connection, applicationName: "ml-connector wake-up" }),
    connectionTimeoutMillis: 10_000,
  });
  const ended = new Promise<void>((resolve) => client.once("end", () => resolve()));
  // "end" follows, and brings the connection back.
  client.on("error", () => undefined);
  // Only notifyMarks writes to the channel, so the payload is a subdomain.
  client.on("notification", ({ payload }) => onWake(payload as Subdomain));
  await client.connect();
  await client.query(`listen ${channel}`);
  return { client, ended };
}
