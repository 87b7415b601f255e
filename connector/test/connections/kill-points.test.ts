// A process that refreshes a token is killed at every message that it sends or hears, and another one goes on from what it left.
// SPEC.md (connections/credentials) C1, C2, C5.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import {
  type CredentialAlarm,
  createSeal,
  createTokenSource,
  storeGrant,
} from "../../src/connections/credentials/index.ts";
import { createCredentialStore } from "../../src/store/credential-store.ts";
import { type TestDatabase, testDatabase } from "../harness/index.ts";
import { startQuickbooksBench } from "../systems/quickbooks-bench.ts";
import { startZendeskBench } from "../systems/zendesk-bench.ts";
import { createCountedLines } from "./counted-line.ts";
import type { RefreshTask } from "./refresh-process.ts";
import { zendeskGrant } from "./zendesk-grant.ts";

const program = fileURLToPath(new URL("./refresh-process.ts", import.meta.url));
const hourMs = 3_600_000;
const seal = createSeal({ current: "one", keys: new Map([["one", new Uint8Array(32).fill(1)]]) });

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.close());

interface Child {
  process: ChildProcessByStdio<Writable, Readable, null>;
  lines: AsyncIterator<string>;
}

function start(task: RefreshTask): Child {
  const child = spawn(process.execPath, [program, JSON.stringify(task)], { stdio: ["pipe", "pipe", "inherit"] });
  return { process: child, lines: linesOf(child.stdout) };
}

async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of stream.setEncoding("utf8")) {
    const parts = (rest + String(chunk)).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
}

async function kill({ process: child }: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

async function throughLines(lines: ReturnType<typeof createCountedLines>, systemUrl: string) {
  const database = new URL(test.url);
  const folder = database.searchParams.get("host");
  const port = Number(database.port || 5432);
  const target = folder === null ? { host: database.hostname, port } : { path: `${folder}/.s.PGSQL.${port}` };
  database.searchParams.delete("host");
  database.host = `127.0.0.1:${await lines.to(target)}`;
  const { hostname, port: systemPort } = new URL(systemUrl);
  return {
    databaseUrl: database.href,
    systemUrl: `http://127.0.0.1:${await lines.to({ host: hostname, port: Number(systemPort) })}`,
  };
}

type Bench = Awaited<ReturnType<typeof startQuickbooksBench>> | Awaited<ReturnType<typeof startZendeskBench>>;

const kinds = [
  { name: "of QuickBooks on the first day, when the refresh token stays", system: "quickbooks", ageMs: 2 * hourMs },
  { name: "of QuickBooks on the second day, when the refresh token changes", system: "quickbooks", ageMs: 25 * hourMs },
  { name: "of Zendesk, where every refresh changes both tokens", system: "zendesk", ageMs: 1 * hourMs },
] as const;

describe.each(kinds)("a refresh $name", ({ system, ageMs }) => {
  it("that is killed at any message keeps the grant wherever the system's rules allow it", async () => {
    const survived: string[] = [];
    const lost: string[] = [];
    const bench = system === "quickbooks" ? await startQuickbooksBench() : await startZendeskBench();
    onTestFinished(() => bench.close());
    let movedMs = 0;
    for (let nth = 1; ; nth += 1) {
      const end = await killAt(nth, bench, movedMs);
      movedMs += ageMs;
      if (end === "never reached") break;
      (end.refused ? lost : survived).push(end.where);
      // Lost is lost only where the system has issued a pair, has voided the former one, and we could not have stored it.
      expect(end.refused, `${nth}: ${end.where}`).toBe(end.issued && end.rotated && !end.committed);
      if (end.refused) expect(end.alarm).toContain("was lost");
      expect(nth).toBeLessThan(60);
    }
    // Both directions of: noting, locking, asking, storing, committing.
    expect(survived.length + lost.length).toBeGreaterThanOrEqual(12);
    if (ageMs === 2 * hourMs) expect(lost).toEqual([]);
    else expect(lost.length).toBeGreaterThan(0);
  });

  async function killAt(nth: number, bench: Bench, movedBefore: number) {
    await test.database.deleteFrom("credential").execute();
    const store = createCredentialStore(test.database);
    const lines = createCountedLines();
    const subject = "realm" in bench ? bench.realm : bench.subdomain;
    const key = { system, clientId: "simulator-client", subject };
    let movedMs = movedBefore;
    const clock = {
      wallMs: () => Date.now() + movedMs,
      wait: (ms: number) => new Promise<void>((go) => setTimeout(go, ms / 50)),
    };
    const grant = "grant" in bench ? await bench.grant() : await zendeskGrant(bench);
    await storeGrant(key, grant, { store, seal, clock, way: "authorization-code" });
    movedMs += ageMs;
    await bench.control.post("clock", { advanceMs: ageMs });
    await fetch(`${bench.url}/_control/log`, { method: "DELETE" });
    const sealedBefore = (await store.read(key))?.sealed;
    const refused = grant.accessToken;
    const child = start({ ...(await throughLines(lines, bench.url)), system, subject, refused, movedMs, times: 1 });
    try {
      expect((await child.lines.next()).value).toBe("ready");
      const where = lines.stopAt(nth);
      child.process.stdin.write("go\n");
      const said = child.lines.next().then(() => undefined);
      const reached = await Promise.race([where, said]);
      await kill(child);
      if (reached === undefined) return "never reached";
      lines.cut();
      const issued = (await bench.control.log()).some(
        ({ operation, status }) => operation === "oauth.refresh" && status < 300,
      );
      // The server takes a moment to hear that the line is cut; the lock says when.
      const committed = await store.withLock(key, async ({ credential }) => credential.sealed !== sealedBefore);
      const alarms: string[] = [];
      const next = createTokenSource({ ...key, store, seal, grants: bench.grants, alarm: alarmInto(alarms), clock });
      const answer = await next.refreshAfterRefusal(subject, refused).then(
        () => undefined,
        (failure: unknown) => failure,
      );
      if (answer !== undefined) expect(answer).toMatchObject({ action: "reauthorize" });
      return {
        where: `${nth} ${reached}`,
        issued,
        committed: committed === true,
        rotated: ageMs !== 2 * hourMs,
        refused: answer !== undefined,
        alarm: alarms.join(),
      };
    } finally {
      await kill(child);
      await lines.close();
    }
  }
});

function alarmInto(alarms: string[]): CredentialAlarm {
  return {
    refused: (_, says) => Promise.resolve(void alarms.push(says)),
    clientRefused: () => Promise.resolve(),
    restored: () => Promise.resolve(),
  };
}

describe("10,000 attempts at once in four processes", () => {
  it.each(["answered", "lost"] as const)("make one refresh, its first answer being %s", async (first) => {
    await test.database.deleteFrom("credential").execute();
    const store = createCredentialStore(test.database);
    const bench = await startQuickbooksBench();
    const key = { system: "quickbooks", clientId: "simulator-client", subject: bench.realm } as const;
    const clock = { wallMs: () => Date.now(), wait: () => Promise.resolve() };
    const { accessToken: refused } = await bench.grant().then(async (grant) => {
      await storeGrant(key, grant, { store, seal, clock, way: "authorization-code" });
      return grant;
    });
    // Not forgiving: two refreshes within a second are taken for a theft.
    await bench.control.post("switches", { concurrentRefreshRevokes: true });
    if (first === "lost")
      await bench.control.faults({ operation: "oauth.refresh", nth: 1, times: 1, status: 502, afterEffect: true });
    const task = { databaseUrl: test.url, systemUrl: bench.url, system: key.system, subject: bench.realm, movedMs: 0 };
    const children = Array.from({ length: 4 }, () => start({ ...task, refused, times: 2_500 }));
    try {
      for (const child of children) expect((await child.lines.next()).value).toBe("ready");
      for (const child of children) child.process.stdin.write("go\n");
      const said = await Promise.all(
        children.map(async (child) => JSON.parse(String((await child.lines.next()).value)) as object),
      );
      const calls = (await bench.control.log()).filter(({ operation }) => operation === "oauth.refresh").length;
      expect(calls).toBe(first === "lost" ? 2 : 1);
      expect(new Set(said.map((each) => JSON.stringify(each))).size).toBe(1);
      expect(said[0]).toMatchObject({ failed: 0, tokens: [expect.any(String)] });
    } finally {
      for (const child of children) await kill(child);
      await bench.close();
    }
  });
});
