import { sql } from "kysely";
import { afterAll, describe, expect, it } from "vitest";
import { parseSubdomain } from "../../src/domain/index.ts";
import { listenForMarks, notifyMarks } from "../../src/store/wake-up.ts";
import { eventually, testDatabase } from "../harness/index.ts";

const store = await testDatabase();
afterAll(() => store.close());
const acme = parseSubdomain("acme");

describe("the wake-up of an owner", () => {
  it("comes with the commit, once, and not when the transaction rolls back", async () => {
    const woken: string[] = [];
    const listening = await listenForMarks(store.connection, (subdomain) => woken.push(subdomain));
    await store.database
      .transaction()
      .execute(async (transaction) => {
        await notifyMarks(transaction, parseSubdomain("undone"));
        throw new Error("rolled back");
      })
      .catch(() => undefined);
    await store.database.transaction().execute((transaction) => notifyMarks(transaction, acme));
    await eventually(() => woken.length > 0);
    expect(woken).toEqual(["acme"]);
    await listening.close();
  });

  it("comes again after the connection was ended by the server", async () => {
    const woken: string[] = [];
    const listening = await listenForMarks(store.connection, (subdomain) => woken.push(subdomain));
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'ml-connector wake-up'`.execute(store.database);
    await eventually(async () => {
      await notifyMarks(store.database, acme);
      return woken.length > 0;
    });
    await listening.close();
  });

  it("leaves nothing open when it is closed while the server is away", async () => {
    const listening = await listenForMarks(store.connection, () => undefined);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'ml-connector wake-up'`.execute(store.database);
    await listening.close();
  });
});
