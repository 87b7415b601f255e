// A connection's settings over a real database.
import { afterAll, beforeAll, expect, it } from "vitest";
import { changeSettings, createConnection } from "../../src/connections/index.ts";
import { createConnectionStore } from "../../src/store/connection-store.ts";
import { type TestDatabase, testDatabase } from "../harness/index.ts";

let test: TestDatabase;
let options: { connections: ReturnType<typeof createConnectionStore> };
beforeAll(async () => {
  test = await testDatabase();
  options = { connections: createConnectionStore(test.database) };
});
afterAll(() => test.close());

it("refuses settings that cannot be, before anything exists", async () => {
  await expect(createConnection({ subdomain: "a.b" }, options)).rejects.toThrow("subdomain");
  await expect(createConnection({ subdomain: "acme", settings: { scope: "some" } }, options)).rejects.toThrow("scope");
  expect(await options.connections.all()).toEqual([]);
});

it("keeps the settings that a person changes, and the others as they were", async () => {
  const connectionId = await createConnection({ subdomain: "acme", settings: { scope: "all" } }, options);
  expect((await changeSettings(connectionId, { graceDays: 3, tolerance: "0.50" }, options)).settings).toMatchObject({
    scope: "all",
    graceDays: 3,
  });
  await expect(changeSettings(connectionId, { graceDays: 9999 }, options)).rejects.toThrow("graceDays");
  const { settings } = (await options.connections.read(connectionId)) ?? {};
  expect(settings).toEqual({ scope: "all", graceDays: 3, tolerance: "0.50" });
});
