import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { sql } from "kysely";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { attachToRunning } from "../../src/store/embedded/index.ts";
import { closeDatabase, openDatabase } from "../../src/store/index.ts";
import { eventually } from "../harness/index.ts";
import { asRoot, killed, nobody, postmasterPid, query, workshop } from "./embedded-fixture.ts";

const shop = await workshop();
// One cluster for all tests that do not need a new one: to make and to remove one takes seconds.
const folder = shop.folder("a folder, with blanks");
afterEach(() => shop.endProcesses());
afterAll(() => shop.close());

describe("the built-in PostgreSQL", () => {
  it("is back within seconds after kill -9, with every committed row, and the same pool goes on", async () => {
    const { connection } = await shop.start(folder);
    if (!connection) throw new Error("not started");
    const database = openDatabase({ connection, maxConnections: 2, applicationName: "test" });
    await sql`create table kept (n int)`.execute(database);
    await sql`insert into kept values (1), (2)`.execute(database);
    const before = postmasterPid(folder);
    process.kill(before, "SIGKILL");
    await eventually(() => postmasterPid(folder) !== before, 15_000);
    await eventually(async () => (await sql`select n from kept`.execute(database)).rows.length === 2, 15_000);
    await closeDatabase(database);
  });

  it("outlives a kill -9 of the service and is adopted by the next one, not started again", async () => {
    const first = await shop.start(folder);
    await query(first.connection, "create table if not exists lasting as select 1 as n");
    const server = postmasterPid(folder);
    await killed(first.child);
    const second = await shop.start(folder);
    expect(second.connection).toEqual(first.connection);
    expect(postmasterPid(folder)).toBe(server);
    expect(await query(second.connection, "select n from lasting")).toEqual([{ n: 1 }]);
  });

  it("ends with the service on SIGTERM, and starts again with its data, also after a reboot emptied the temporary folder", async () => {
    const first = await shop.start(folder);
    await query(first.connection, "create table if not exists lasting as select 1 as n");
    await killed(first.child, "SIGTERM");
    expect(existsSync(path.join(folder, "database/data/postmaster.pid"))).toBe(false);
    rmSync(first.connection?.host ?? "", { recursive: true });
    const second = await shop.start(folder);
    expect(second.connection).toEqual(first.connection);
    expect(statSync(second.connection?.host ?? "").mode & 0o777).toBe(0o700);
    expect(await query(second.connection, "select n from lasting")).toEqual([{ n: 1 }]);
  });

  it("serves one service at a time: a second is refused and told about DATABASE_URL", async () => {
    const first = await shop.start(folder);
    const second = await shop.start(folder);
    expect(second).toMatchObject({
      name: "OperatorError",
      refused: expect.stringMatching(/already works on.*DATABASE_URL/s),
    });
    expect(await query(first.connection, "select 1 as n")).toEqual([{ n: 1 }]);
  });

  it("is made once when two services start on a new folder at the same time; one of them is refused", async () => {
    const folder = shop.folder("race");
    const both = await Promise.all([shop.start(folder), shop.start(folder)]);
    expect(both.filter(({ refused }) => refused !== undefined)).toHaveLength(1);
    expect(both.find(({ refused }) => refused)?.refused).toMatch(/already works on/);
  });

  it("tells a command beside the service where it is, and starts nothing for it; leaves no half-made cluster behind", async () => {
    const folder = shop.folder("attach");
    mkdirSync(path.join(folder, "database-draft-4194305-abcdef/data"), { recursive: true });
    expect(await attachToRunning(folder)).toBeUndefined();
    const { child, connection } = await shop.start(folder);
    expect(await attachToRunning(folder)).toEqual(connection);
    expect(readdirSync(folder)).toEqual(["database"]);
    await killed(child, "SIGTERM");
    expect(await attachToRunning(folder)).toBeUndefined();
  });

  it("works under a path longer than any socket name may be, with blanks, quotes and commas in it", async () => {
    const folder = shop.folder(`${"a long folder name, with 'quotes' ".repeat(3)}/${"x".repeat(120)}`);
    const { connection } = await shop.start(folder);
    expect(await query(connection, "select 1 as n")).toEqual([{ n: 1 }]);
    expect(Buffer.byteLength(`${connection?.host}/.s.PGSQL.5432`)).toBeLessThan(104);
  });

  it("starts although its pid file names a process that is another program by now", async () => {
    const first = await shop.start(folder);
    const server = postmasterPid(folder);
    await killed(first.child);
    process.kill(server, "SIGKILL");
    await eventually(() => !existsSync(`/proc/${server}`) || process.platform !== "linux");
    // This test process is alive and no PostgreSQL.
    writeFileSync(
      path.join(folder, "database/data/postmaster.pid"),
      `${process.pid}\n${folder}/database/data\n1\n5432\n\n\n0 0\nready\n`,
    );
    const second = await shop.start(folder);
    expect(await query(second.connection, "select 1 as n")).toEqual([{ n: 1 }]);
  });

  it("lets nobody in without the password, and the service's own role is no superuser", async () => {
    const { connection } = await shop.start(folder);
    if (!connection) throw new Error("not started");
    await expect(query({ ...connection, password: "guess" }, "select 1")).rejects.toMatchObject({ code: "28P01" });
    await expect(query({ ...connection, user: "postgres" }, "select 1")).rejects.toMatchObject({ code: "28P01" });
    expect(await query(connection, "select rolsuper from pg_roles where rolname = current_user")).toEqual([
      { rolsuper: false },
    ]);
    expect(await query(connection, "show listen_addresses")).toEqual([{ listen_addresses: "" }]);
    expect(await query(connection, "show fsync")).toEqual([{ fsync: "on" }]);
    expect(statSync(path.join(folder, "database/cluster.json")).mode & 0o777).toBe(0o600);
  });

  it.runIf(asRoot)("runs for an ordinary user under a private home", async () => {
    const home = shop.folder("home", { mode: 0o700, ...nobody });
    const folder = path.join(home, ".local/share/ml-connector");
    const { connection, refused } = await shop.start(folder, { ...nobody, ownPrograms: true });
    expect(refused).toBeUndefined();
    expect(await query(connection, "select 1 as n")).toEqual([{ n: 1 }]);
    expect(statSync(path.join(folder, "database/data")).uid).toBe(nobody.uid);
  });

  it.runIf(asRoot)("runs as an unprivileged user for root", async () => {
    await shop.start(folder);
    expect(statSync(path.join(folder, "database/data")).uid).not.toBe(0);
    expect(statSync(`/proc/${postmasterPid(folder)}`).uid).not.toBe(0);
  });
});
