// The key ring over a real database: rotation while everything works, what a dump gives away, and starts with a wrong ring.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createKeyKeeper } from "../../src/boot/key-keeper.ts";
import { openKeys } from "../../src/boot/keys.ts";
import {
  type CredentialAlarm,
  createSeal,
  createTokenSource,
  storeGrant,
} from "../../src/connections/credentials/index.ts";
import { bringClient, ensureSubscription } from "../../src/connections/index.ts";
import { createConnectionStore } from "../../src/store/connection-store.ts";
import { createCredentialStore } from "../../src/store/credential-store.ts";
import { createOauthStateStore } from "../../src/store/oauth-state-store.ts";
import { createOwnClientStore } from "../../src/store/own-client-store.ts";
import { createSealedTextStore } from "../../src/store/sealed-text-store.ts";
import { createZendeskEventStore } from "../../src/store/zendesk-event-store.ts";
import { type TestDatabase, testDatabase } from "../harness/index.ts";
import { startProgram } from "../harness/program.ts";
import { makeConnection } from "../replica/make-connection.ts";
import { startQuickbooksBench } from "../systems/quickbooks-bench.ts";
import { startZendeskBench } from "../systems/zendesk-bench.ts";
import { zendeskGrant } from "./zendesk-grant.ts";

const clock = { wallMs: () => Date.now(), wait: () => Promise.resolve() };
const quiet: CredentialAlarm = {
  refused: () => Promise.resolve(),
  clientRefused: () => Promise.resolve(),
  restored: () => Promise.resolve(),
};
const root = mkdtempSync(path.join(os.tmpdir(), "ml-connector-ring-"));
let test: TestDatabase;
let quickbooks: Awaited<ReturnType<typeof startQuickbooksBench>>;
let zendesk: Awaited<ReturnType<typeof startZendeskBench>>;

beforeAll(async () => {
  test = await testDatabase();
  quickbooks = await startQuickbooksBench();
  zendesk = await startZendeskBench();
});
afterAll(async () => {
  await quickbooks.close();
  await zendesk.close();
  await test.close();
  rmSync(root, { recursive: true });
});
beforeEach(async () => {
  for (const table of ["credential", "oauth_state", "own_client", "zendesk_webhook"] as const)
    await test.database.deleteFrom(table).execute();
});

/** Everything that is ever sealed, and what it is in the open. */
async function fill(dataFolder: string): Promise<{ secrets: string[]; seal: ReturnType<typeof createSeal> }> {
  const place = await openKeys({ keys: undefined, dataFolder });
  const seal = createSeal(place.ring, place.reload);
  const store = createCredentialStore(test.database);
  const of = { store, seal, clock, way: "authorization-code" as const };
  const one = await quickbooks.grant();
  const other = await zendeskGrant(zendesk);
  const clientId = "simulator-client";
  await storeGrant({ system: "quickbooks", clientId, subject: quickbooks.realm }, one, of);
  await storeGrant({ system: "zendesk", clientId, subject: zendesk.subdomain }, other, of);
  const { connectionId } = await makeConnection(test.database, { subdomain: zendesk.subdomain, epoch: 1 });
  const events = createZendeskEventStore(test.database);
  await ensureSubscription(zendesk.subdomain, {
    source: zendesk.client,
    store: events,
    seal,
    randomBytes,
    base: "http://127.0.0.1:1",
    tickets: false,
  });
  const [webhook] = await zendesk.client.listWebhooks(zendesk.subdomain);
  const secret = await zendesk.client.readSigningSecret(zendesk.subdomain, webhook?.id ?? "");
  const verifier = randomBytes(32).toString("base64url");
  const state = randomBytes(32);
  const binding = { table: "oauth_state", row: state.toString("hex"), field: "verifier" };
  await createOauthStateStore(test.database).add(
    state,
    {
      system: "zendesk",
      connectionId,
      permission: "write",
      sealedVerifier: await seal.seal(verifier, binding),
      browserHash: undefined,
    },
    600_000,
  );
  const brought = { clientSecret: randomBytes(24).toString("base64url"), verifiers: [randomBytes(18).toString("hex")] };
  await bringClient(
    { connectionId, system: "quickbooks" },
    { clientId: "their-app", ...brought },
    {
      connections: createConnectionStore(test.database),
      store: createOwnClientStore(test.database),
      seal,
      clientIds: { quickbooks: clientId, zendesk: clientId },
    },
  );
  const keys = [...place.ring.keys.values()].map((key) => Buffer.from(key).toString("base64url"));
  const secrets = [one, other].flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken ?? accessToken]);
  return { secrets: [...secrets, secret, verifier, brought.clientSecret, ...brought.verifiers, ...keys], seal };
}

describe("a dump of the database", () => {
  it("alone opens nothing: no secret is in any column of any table, in any usual encoding", async () => {
    const { secrets } = await fill(path.join(root, "dump"));
    const { rows: tables } = await sql<{ name: string }>`
      select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'`.execute(
      test.database,
    );
    expect(tables.length).toBeGreaterThan(20);
    let dump = "";
    for (const { name } of tables) {
      const { rows } = await sql<{ row: string }>`select (to_jsonb(t))::text as row from ${sql.raw(name)} t`.execute(
        test.database,
      );
      dump += rows.map(({ row }) => row).join("\n");
    }
    expect(dump).toContain(quickbooks.realm);
    expect(new Set(secrets).size).toBe(secrets.length);
    for (const secret of secrets) {
      const bytes = Buffer.from(secret);
      for (const written of [secret, bytes.toString("base64").slice(0, 40), bytes.toString("hex").slice(0, 60)])
        expect(dump.includes(written)).toBe(false);
    }
  });
});

describe("rotating the keys", () => {
  it("goes on while two services work, and leaves the former key unneeded", async () => {
    const dataFolder = path.join(root, "rotate");
    await fill(dataFolder);
    const store = createCredentialStore(test.database);
    const service = async () => {
      const place = await openKeys({ keys: undefined, dataFolder });
      const seal = createSeal(place.ring, place.reload);
      const of = { store, seal, grants: quickbooks.grants, alarm: quiet, clock };
      return createTokenSource({ ...of, system: "quickbooks", clientId: "simulator-client" });
    };
    const services = [await service(), await service()];
    const working = { on: true, rounds: 0 };
    const work = services.map(async (tokens) => {
      let token = await tokens.accessToken(quickbooks.realm);
      while (working.on) {
        token = await tokens.refreshAfterRefusal(quickbooks.realm, token);
        working.rounds += 1;
      }
      return token;
    });
    const texts = createSealedTextStore(test.database);
    const place = await openKeys({ keys: undefined, dataFolder });
    const keeper = createKeyKeeper({ place, store: texts, seal: createSeal(place.ring, place.reload) });
    for (let turn = 2; turn <= 4; turn += 1) {
      const { keys } = await keeper.rotate();
      expect(keys[0]).toMatchObject({ kid: `k${turn}`, current: true });
    }
    working.on = false;
    const [one, other] = await Promise.all(work);
    expect(working.rounds).toBeGreaterThan(2);
    // Nobody was told in between that a key is missing; what was busy is sealed again now.
    await store.withLock({ system: "quickbooks", clientId: "simulator-client", subject: quickbooks.realm }, (held) =>
      held.concludeAttempt(),
    );
    await keeper.rotate();
    const { keys } = await keeper.status();
    expect(keys.map(({ kid, texts: count }) => [kid, count])).toEqual([
      ["k5", 6],
      ["k4", 0],
      ["k3", 0],
      ["k2", 0],
      ["k1", 0],
    ]);
    await expect(keeper.remove("k5")).rejects.toThrow("still opens 6");
    for (const kid of ["k1", "k2", "k3", "k4"]) await keeper.remove(kid);
    await expect(keeper.remove("k9")).rejects.toThrow("no key");
    expect(await keeper.fault()).toBeUndefined();
    const after = await (await service()).accessToken(quickbooks.realm);
    expect([one, other]).toContain(after);
  });

  it("does not touch a text that somebody may just be replacing", async () => {
    const dataFolder = path.join(root, "busy");
    await fill(dataFolder);
    const store = createCredentialStore(test.database);
    await store.noteAttempt({ system: "zendesk", clientId: "simulator-client", subject: zendesk.subdomain });
    const place = await openKeys({ keys: undefined, dataFolder });
    const seal = createSeal(place.ring, place.reload);
    const keeper = createKeyKeeper({ place, store: createSealedTextStore(test.database), seal });
    expect(await keeper.rotate()).toMatchObject({ resealed: 5, busy: 1 });
    await expect(keeper.remove("k1")).rejects.toThrow("keys rotate");
  });
});

describe("a start with a ring that does not fit", () => {
  it.each([
    {
      what: "names the key that is missing",
      kid: "other",
      says: /of key \\?"k1\\?", which is missing: the key ring has \\?"other/,
    },
    { what: "says that a key is not the one that sealed", kid: "k1", says: /another key has its id/ },
  ])("$what, and seals nothing", async ({ kid, says }) => {
    const dataFolder = path.join(root, `start-${kid}`);
    await fill(dataFolder);
    const file = path.join(dataFolder, "given");
    writeFileSync(file, `${kid}:${randomBytes(32).toString("base64url")}`);
    const env = {
      PATH: process.env["PATH"] ?? "",
      DATABASE_URL: test.url,
      ML_CONNECTOR_DATA: dataFolder,
      ML_CONNECTOR_PORT: "0",
      ML_CONNECTOR_KEYS_FILE: file,
    };
    const ended = await startProgram(env, ["start", "--json"]).ended;
    expect(ended.code).toBe(1);
    expect(ended.err + ended.out).toMatch(says);
    const status = await startProgram(env, ["keys", "status", "--json"]).ended;
    expect(status.code).toBe(1);
    expect(JSON.parse(status.out)).toMatchObject({ ours: false, where: file });
  });
});
