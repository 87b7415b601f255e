// A service that works as one role on tables that another role owns: the whole program, on an empty database.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, inject, it } from "vitest";
import { freePort, startProgram, untilListening } from "../harness/program.ts";
import { databaseUrl, withDatabase, withServer } from "../harness/server.ts";

const { connection: server } = inject("testServer");
const name = `ml_test_${randomBytes(6).toString("hex")}`;
const role = `service_${randomBytes(4).toString("hex")}`;
const password = randomBytes(12).toString("hex");
const folder = mkdtempSync(path.join(os.tmpdir(), "ml-connector-role-"));
await withServer(server, async (client) => {
  await client.query(`create role ${role} login password '${password}'`);
  await client.query(`create database ${name}`);
});
afterAll(async () => {
  await withServer(server, async (client) => {
    await client.query(`drop database ${name} with (force)`);
    await client.query(`drop role ${role}`);
  });
  rmSync(folder, { recursive: true, force: true });
});

describe("a service that does not own its tables", () => {
  it("starts on an empty database, works, and cannot change the journal", async () => {
    const owner = databaseUrl(withDatabase(server, name));
    const url = new URL(owner);
    url.username = role;
    url.password = password;
    const service = startProgram(
      {
        PATH: process.env["PATH"] ?? "",
        ML_CONNECTOR_DATA: folder,
        ML_CONNECTOR_PORT: String(await freePort()),
        DATABASE_URL: url.href,
        DATABASE_OWNER_URL: owner,
      },
      ["start", "--json"],
    );
    const base = await untilListening(service);
    const ready = await fetch(`${base}/readyz`);
    expect(await ready.json()).toMatchObject({ ready: true });
    const own = withDatabase({ url: url.href }, name);
    await expect(withServer(own, (client) => client.query("delete from journal"))).rejects.toThrow("permission denied");
    await withServer(own, (client) => client.query("select journal_make_months(3)"));
    expect(service.err()).not.toContain(password);
    expect((await service.kill("SIGTERM")).code).toBe(0);
  });
});
