// SPEC.md (connections/credentials) C1, C3, C4, C6, C7, C8, C9, C12.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type CredentialAlarm,
  type CredentialStore,
  createDueRefresher,
  createSeal,
  createTokenSource,
  resealAll,
  storeGrant,
} from "../../src/connections/credentials/index.ts";
import { createCredentialStore } from "../../src/store/credential-store.ts";
import { createSealedTextStore } from "../../src/store/sealed-text-store.ts";
import { eventually, type TestDatabase, testDatabase } from "../harness/index.ts";
import { startQuickbooksBench } from "../systems/quickbooks-bench.ts";

const hourMs = 3_600_000;
const ring = (current: string) =>
  createSeal({
    current,
    keys: new Map([
      ["one", new Uint8Array(32).fill(1)],
      ["two", new Uint8Array(32).fill(2)],
    ]),
  });

let test: TestDatabase;
let bench: Awaited<ReturnType<typeof startQuickbooksBench>>;
let store: CredentialStore;
let alarms: string[];

const alarm: CredentialAlarm = {
  refused: (key, says) => Promise.resolve(void alarms.push(`refused ${key.subject}: ${says}`)),
  clientRefused: (key, says) => Promise.resolve(void alarms.push(`client refused ${key.subject}: ${says}`)),
  restored: (key) => Promise.resolve(void alarms.push(`restored ${key.subject}`)),
};

beforeAll(async () => {
  test = await testDatabase();
  store = createCredentialStore(test.database);
});
afterAll(() => test.close());

/** Moves with the simulator's clock. */
let movedMs: number;
const clock = {
  wallMs: () => Date.now() + movedMs,
  wait: (ms: number) => new Promise<void>((go) => setTimeout(go, ms / 100)),
};

beforeEach(async () => {
  await test.database.deleteFrom("credential").execute();
  bench = await startQuickbooksBench();
  alarms = [];
  movedMs = 0;
  return () => bench.close();
});

const binding = () => ({
  table: "credential",
  row: `quickbooks:simulator-client:${bench.realm}`,
  field: "tokens",
});
const keyOf = () => ({ system: "quickbooks", clientId: "simulator-client", subject: bench.realm }) as const;

async function later(ms: number): Promise<void> {
  movedMs += ms;
  await bench.control.post("clock", { advanceMs: ms });
}

function source(
  options: { store?: CredentialStore; seal?: ReturnType<typeof ring>; clockWait?: (ms: number) => Promise<void> } = {},
) {
  return createTokenSource({
    system: "quickbooks",
    clientId: "simulator-client",
    store: options.store ?? store,
    seal: options.seal ?? ring("one"),
    grants: bench.grants,
    alarm,
    clock: options.clockWait ? { ...clock, wait: options.clockWait } : clock,
  });
}

async function connect() {
  const grant = await bench.grant();
  await storeGrant(keyOf(), grant, { store, seal: ring("one"), clock, way: "authorization-code" });
  return grant;
}

async function storedRow() {
  const row = await store.read(keyOf());
  if (row === undefined) throw new Error("nothing is stored");
  return row;
}

const refreshCalls = async () =>
  (await bench.control.log()).filter(({ operation }) => operation === "oauth.refresh").length;

describe("a token source", () => {
  it("hands the stored token out until shortly before its end, without a call", async () => {
    const { accessToken } = await connect();
    const tokens = source();
    expect(await tokens.accessToken(bench.realm)).toBe(accessToken);
    await later(hourMs - 120_000);
    expect(await tokens.accessToken(bench.realm)).toBe(accessToken);
    expect(await refreshCalls()).toBe(0);
    await later(90_000);
    expect(await tokens.accessToken(bench.realm)).not.toBe(accessToken);
    expect(await refreshCalls()).toBe(1);
  });

  it("refreshes once for any number of callers in two processes", async () => {
    const { accessToken } = await connect();
    await later(2 * hourMs);
    const processes = [source(), source()];
    const due = await storedRow();
    const calls = processes.flatMap((tokens) => [
      tokens.accessToken(bench.realm),
      tokens.refreshAfterRefusal(bench.realm, accessToken),
      tokens.refreshAhead(due).then(() => tokens.accessToken(bench.realm)),
    ]);
    const answers = new Set(await Promise.all(calls));
    expect(answers.size).toBe(1);
    expect(answers.has(accessToken)).toBe(false);
    expect(await refreshCalls()).toBe(1);
  });

  it("keeps the rotated refresh token, so that the next day works, too", async () => {
    await connect();
    const tokens = source();
    for (let day = 0; day < 3; day += 1) {
      await later(25 * hourMs);
      await tokens.accessToken(bench.realm);
    }
    expect((await store.read(keyOf()))?.state).toBe("valid");
    expect(await refreshCalls()).toBe(3);
  });

  it("asks once more with the stored token when an answer is lost", async () => {
    await connect();
    await later(2 * hourMs);
    await bench.control.faults({ operation: "oauth.refresh", nth: 1, times: 1, status: 502, afterEffect: true });
    await source().accessToken(bench.realm);
    expect(await refreshCalls()).toBe(2);
    expect(alarms).toEqual([`restored ${bench.realm}`]);
  });

  it("names the lost answer when the lost token was a new one, and stops asking", async () => {
    await connect();
    await later(25 * hourMs);
    await bench.control.faults({ operation: "oauth.refresh", nth: 1, times: 1, status: 502, afterEffect: true });
    const tokens = source();
    await expect(tokens.accessToken(bench.realm)).rejects.toMatchObject({
      action: "reauthorize",
      code: "invalid_grant",
    });
    expect(alarms).toHaveLength(1);
    expect(alarms[0]).toContain("was lost");
    await expect(tokens.accessToken(bench.realm)).rejects.toMatchObject({
      action: "reauthorize",
      code: "grant-refused",
    });
    expect(await refreshCalls()).toBe(2);
    expect(alarms).toHaveLength(1);
  });

  it("keeps the tokens while the token endpoint is away, and no process asks it again before the put-off is over", async () => {
    await connect();
    await later(2 * hourMs);
    await bench.control.faults({ operation: "oauth.refresh", nth: 1, times: 2, status: 503, afterEffect: false });
    const before = await storedRow();
    await expect(source().accessToken(bench.realm)).rejects.toMatchObject({ action: "retry" });
    expect(await storedRow()).toMatchObject({ sealed: before.sealed, state: "valid", putOff: { times: 1 } });
    await expect(source().accessToken(bench.realm)).rejects.toMatchObject({ action: "retry" });
    expect(await refreshCalls()).toBe(2);
    expect(alarms).toEqual([]);
    await later(2_100);
    await source().accessToken(bench.realm);
    expect(await storedRow()).toMatchObject({ putOff: undefined, attemptStartedAt: undefined });
  });

  it("waits as long as the token endpoint asks for, in every process", async () => {
    await connect();
    await later(2 * hourMs);
    await bench.control.faults({ operation: "oauth.refresh", nth: 1, times: 1, status: 429 });
    await expect(source().accessToken(bench.realm)).rejects.toMatchObject({ action: "wait" });
    await later(59_000);
    const again = source().accessToken(bench.realm);
    await expect(again).rejects.toMatchObject({ action: "wait", code: "429" });
    await later(1_100);
    await source().accessToken(bench.realm);
    expect(await refreshCalls()).toBe(2);
  });

  it("finds the pair that another process has issued and not stored yet, instead of giving the grant up", async () => {
    await connect();
    await later(25 * hourMs);
    const was = (await storedRow()).sealed;
    // A process has refreshed; its line to the database is gone, and it tries again every second.
    await store.noteAttempt(keyOf());
    const { refreshToken } = JSON.parse(await ring("one").open(was, binding())) as { refreshToken: string };
    const grant = await bench.grants.refresh({ subject: bench.realm, refreshToken });
    const fresh = { ...(await storedRow()), sealed: await ring("one").seal(JSON.stringify(grant), binding()) };
    const mine = source({
      clockWait: async () => {
        await store.rescue(keyOf(), was, { ...fresh, accessExpiresAt: new Date(clock.wallMs() + hourMs) });
      },
    }).accessToken(bench.realm);
    expect(await mine).toBe(grant.accessToken);
    expect(alarms).toEqual([]);
    expect((await storedRow()).state).toBe("valid");
  });

  it("is healed by a process that stores its pair after another one was refused", async () => {
    await connect();
    await later(25 * hourMs);
    const before = await storedRow();
    const pair = JSON.parse(await ring("one").open(before.sealed, binding())) as { refreshToken: string };
    const grant = await bench.grants.refresh({ subject: bench.realm, refreshToken: pair.refreshToken });
    await expect(source().accessToken(bench.realm)).rejects.toMatchObject({ action: "reauthorize" });
    expect((await storedRow()).state).toBe("refused");
    const sealed = await ring("one").seal(JSON.stringify(grant), binding());
    await store.rescue(keyOf(), before.sealed, {
      ...before,
      sealed,
      accessExpiresAt: new Date(clock.wallMs() + hourMs),
    });
    expect(await source().accessToken(bench.realm)).toBe(grant.accessToken);
  });

  it("raises the alarm once when the grant is revoked, and a new consent ends it", async () => {
    const grant = await connect();
    await fetch(`${bench.url}/v2/oauth2/tokens/revoke`, {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from("simulator-client:simulator-secret").toString("base64")}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ token: grant.refreshToken }),
    });
    const tokens = source();
    const failures = await Promise.allSettled([
      tokens.refreshAfterRefusal(bench.realm, grant.accessToken),
      tokens.refreshAfterRefusal(bench.realm, grant.accessToken),
    ]);
    expect(failures.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(alarms).toHaveLength(1);
    expect(alarms[0]).toContain("connect the company again");
    expect(await store.read(keyOf())).toMatchObject({ state: "refused" });
    const { accessToken } = await connect();
    expect(await tokens.accessToken(bench.realm)).toBe(accessToken);
  });

  it("blames our own keys, not the grant, when the client is refused", async () => {
    await connect();
    await later(2 * hourMs);
    await bench.control.faults({
      operation: "oauth.refresh",
      nth: 1,
      times: 1,
      status: 401,
      body: { error: "invalid_client" },
    });
    await expect(source().accessToken(bench.realm)).rejects.toMatchObject({
      code: "invalid_client",
      action: "reauthorize",
    });
    expect(alarms[0]).toContain("client refused");
    expect(await store.read(keyOf())).toMatchObject({ state: "valid" });
    await later(2_100);
    await source().accessToken(bench.realm);
    expect(alarms[1]).toBe(`restored ${bench.realm}`);
  });

  it("notes the attempt before it asks", async () => {
    await connect();
    await later(2 * hourMs);
    const { id } = await bench.control.post("gates", { operation: "oauth.refresh", nth: 1, at: "before-effect" });
    const asked = source().accessToken(bench.realm);
    await eventually(async () => (await bench.control.get(`gates/${String(id)}`))["state"] === "holding");
    const row = await test.database.selectFrom("credential").select("attempt_started_at").executeTakeFirstOrThrow();
    expect(row.attempt_started_at).not.toBeNull();
    await bench.control.post(`gates/${String(id)}/release`, {});
    await asked;
    const after = await test.database.selectFrom("credential").select("attempt_started_at").executeTakeFirstOrThrow();
    expect(after.attempt_started_at).toBeNull();
  });

  it("does not lose an issued pair when the database goes away under it", async () => {
    const { accessToken } = await connect();
    await later(25 * hourMs);
    let away = true;
    const shaky: CredentialStore = {
      ...store,
      withLock: (key, work) =>
        store.withLock(key, async (held) =>
          work({
            ...held,
            store: () => {
              throw new Error("the database went away");
            },
          }),
        ),
      rescue: (...call) => {
        if (away) {
          away = false;
          throw new Error("still away");
        }
        return store.rescue(...call);
      },
    };
    const fresh = await source({ store: shaky }).accessToken(bench.realm);
    expect(fresh).not.toBe(accessToken);
    expect(await source().accessToken(bench.realm)).toBe(fresh);
    await later(2 * hourMs);
    await source().accessToken(bench.realm);
    expect(alarms.filter((alarm) => alarm.startsWith("refused"))).toEqual([]);
  });

  it("says plainly that nobody has connected", async () => {
    await expect(source().accessToken(bench.realm)).rejects.toMatchObject({
      action: "reauthorize",
      code: "not-connected",
    });
  });
});

describe("credentials at rest", () => {
  it("are refreshed by the tick before they end, each by itself", async () => {
    await connect();
    const tick = createDueRefresher({ ...keyOf(), store, tokens: source(), clock });
    expect(await tick()).toEqual({ refreshed: [], failed: [] });
    await later(hourMs - 300_000);
    await bench.control.faults({ operation: "oauth.refresh", nth: 1, times: 2, status: 503 });
    expect(await Promise.all([tick(), tick()])).toMatchObject([
      { failed: [{ subject: bench.realm }] },
      { failed: [{}] },
    ]);
    expect(await tick()).toEqual({ refreshed: [], failed: [] });
    await later(2_100);
    expect(await tick()).toEqual({ refreshed: [bench.realm], failed: [] });
    expect(await tick()).toEqual({ refreshed: [], failed: [] });
  });

  it("hold no token in the open, and move to a new key without being replaced", async () => {
    const { accessToken, refreshToken } = await connect();
    const row = await test.database.selectFrom("credential").selectAll().executeTakeFirstOrThrow();
    const text = JSON.stringify(row);
    expect(text).not.toContain(accessToken);
    expect(text).not.toContain(refreshToken);
    const texts = createSealedTextStore(test.database);
    expect(await resealAll({ store: texts, seal: ring("two") })).toEqual({ resealed: 1, busy: 0, broken: [] });
    expect(await resealAll({ store: texts, seal: ring("two") })).toEqual({ resealed: 0, busy: 0, broken: [] });
    expect(await source({ seal: ring("two") }).accessToken(bench.realm)).toBe(accessToken);
  });
});
