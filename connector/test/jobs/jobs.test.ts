import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { type Jobs, startJobs } from "../../src/jobs/index.ts";
import { eventually, testDatabase } from "../harness/index.ts";

const store = await testDatabase();
const complaints: string[] = [];
const started: Jobs[] = [];
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const jobs of started.splice(0)) await jobs.stop({ graceMs: 1000 });
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
afterAll(() => store.close());

async function startedJobs(): Promise<Jobs> {
  const say = (_: object, says: string) => void complaints.push(says);
  const jobs = await startJobs({ database: store.connection, log: { warn: say, error: say }, maxConnections: 2 });
  started.push(jobs);
  return jobs;
}

/** A promise and its settling, for work that a test holds open. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe("jobs", () => {
  it("of a killed process are taken up by another one within 15 s", { timeout: 60_000 }, async () => {
    const child = spawn(process.execPath, [fileURLToPath(new URL("worker-process.ts", import.meta.url)), store.url], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    const jobs = await startedJobs();
    await jobs.send("reconcile", "acme");
    const [key] = await once(createInterface({ input: child.stdout }), "line");
    expect(key).toBe("acme");
    const taken: string[] = [];
    await jobs.work("reconcile", async (again) => void taken.push(again), { concurrency: 2 });
    child.kill("SIGKILL");
    const killedAt = performance.now();
    await eventually(() => taken.length > 0, 15_000);
    expect(taken).toEqual(["acme"]);
    expect(performance.now() - killedAt).toBeLessThan(15_000);
  });

  it("sent any number of times while one is active lead to exactly one more run, at once", async () => {
    const jobs = await startedJobs();
    const runs: number[] = [];
    const first = gate();
    await jobs.work(
      "directory",
      async () => {
        runs.push(performance.now());
        if (runs.length === 1) await first.opened;
      },
      { concurrency: 3 },
    );
    await jobs.send("directory", "acme");
    await eventually(() => runs.length === 1);
    await Promise.all([1, 2, 3, 4, 5].map(() => jobs.send("directory", "acme")));
    // Another key is not held up by the first, and its end proves that the second run of the first had its chance.
    await jobs.send("directory", "other");
    await eventually(() => runs.length === 2);
    first.open();
    const openedAt = performance.now();
    await eventually(() => runs.length === 3);
    expect((runs[2] ?? 0) - openedAt).toBeLessThan(1500);
    await jobs.send("directory", "last");
    await eventually(() => runs.length === 4);
    await eventually(async () => (await jobs.waiting("directory")) === 0);
    expect(runs).toHaveLength(4);
  });

  it("are picked up promptly by an idle worker, without waiting for its next poll", async () => {
    const jobs = await startedJobs();
    const picked = new Map<string, number>();
    await jobs.work("poll", async (key) => void picked.set(key, performance.now()), { concurrency: 1 });
    const waits: number[] = [];
    for (const key of ["1", "2", "3", "4", "5"]) {
      const sentAt = performance.now();
      await jobs.send("poll", key);
      await eventually(() => picked.has(key));
      waits.push((picked.get(key) ?? 0) - sentAt);
    }
    // By polling alone each would wait 250 ms on average.
    expect(waits.sort((a, b) => a - b)[2]).toBeLessThan(150);
  });

  it("whose work throws are tried again, and the table keeps no text of the fault", async () => {
    const jobs = await startedJobs();
    let runs = 0;
    await jobs.work(
      "sweep",
      async () => {
        runs += 1;
        if (runs === 1) throw new TypeError("jane@example.com broke it");
      },
      { concurrency: 1 },
    );
    await jobs.send("sweep", "7");
    await eventually(() => runs === 2);
    expect(complaints).toContain("a job failed and will be tried again");
    const { rows } = await sql<{
      stored: string;
    }>`select coalesce(string_agg(output::text, ' '), '') as stored from pgboss.job`.execute(store.database);
    expect(rows[0]?.stored).not.toContain("jane");
  });

  it("count as waiting only when nobody works on their key", async () => {
    const jobs = await startedJobs();
    const held = gate();
    let active = 0;
    await jobs.work(
      "refresh",
      async () => {
        active += 1;
        await held.opened;
      },
      { concurrency: 1 },
    );
    await jobs.send("refresh", "1");
    await eventually(() => active === 1);
    expect(await jobs.waiting("refresh")).toBe(0);
    await jobs.send("refresh", "1");
    expect(await jobs.waiting("refresh")).toBe(0);
    await jobs.send("refresh", "2");
    expect(await jobs.waiting("refresh")).toBe(1);
    held.open();
    await eventually(() => active === 3);
  });

  it("hear that their process stops, and what they leave is another process's", async () => {
    const jobs = await startedJobs();
    const other = await startedJobs();
    const reasons: unknown[] = [];
    await jobs.work(
      "refresh",
      (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => {
            reasons.push(signal.reason);
            reject(new Error("not finished"));
          });
        }),
      { concurrency: 1 },
    );
    await jobs.send("refresh", "9");
    await eventually(async () => (await jobs.waiting("refresh")) === 0);
    await jobs.stop({ graceMs: 2000 });
    expect(reasons).toHaveLength(1);
    const taken: string[] = [];
    await other.work("refresh", async (key) => void taken.push(key), { concurrency: 1 });
    await eventually(() => taken.includes("9"));
  });
});
