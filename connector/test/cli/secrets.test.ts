// A whole demo run, whose log must hold nothing of people and nothing secret, and which must only ever read from QuickBooks.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { demoResult } from "@ml-connector/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../harness/eventually.ts";
import { callsThatMayWrite, type QuickbooksCall } from "../harness/only-reads.ts";
import { onlyLine } from "../harness/product.ts";
import { type Ended, startProgram } from "../harness/program.ts";

describe("a demo run", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "ml-connector-secrets-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const calls: QuickbooksCall[] = [];
  /** Both systems' records, as they were last. */
  let everything = "";
  let ended: Ended;
  let log: string;

  beforeAll(async () => {
    const logFile = path.join(folder, "service.log");
    const demo = startProgram({ PATH: process.env["PATH"] ?? "", NODE_COMPILE_CACHE: path.join(folder, "compiled") }, [
      "demo",
      "--once",
      "--changes",
      "20",
      "--json",
      "--log",
      logFile,
    ]);
    const over = () => demo.child.exitCode !== null || demo.child.signalCode !== null;
    const page = (name: string) => new RegExp(`${name}: (http://127\\.0\\.0\\.1:\\d+)`).exec(demo.err())?.[1];
    await eventually(() => over() || page("The company to play with") !== undefined, 120_000);
    const [quickbooks, zendesk] = [page("The company to play with"), page("What an agent sees")];
    while (!over()) {
      // The simulators end before the demo does: what was seen until then counts, and is checked to be enough.
      await watch(quickbooks ?? "", zendesk ?? "").catch(() => undefined);
      await Promise.race([demo.ended, wait(1_000)]);
    }
    ended = await demo.ended;
    log = readFileSync(logFile, "utf8");
  }, 240_000);

  async function watch(quickbooks: string, zendesk: string): Promise<void> {
    const since = calls.at(-1)?.seq ?? 0;
    const answer = await fetch(`${quickbooks}/_control/log?since=${since}`);
    calls.push(...((await answer.json()) as { requests: QuickbooksCall[] }).requests);
    const dumps = [quickbooks, zendesk].map(async (url) => (await fetch(`${url}/_control/state`)).text());
    everything = (await Promise.all(dumps)).join("\n");
  }

  it("ends well, with exactly one line of JSON", () => {
    expect(ended).toMatchObject({ code: 0 });
    expect(demoResult.parse(onlyLine(ended))).toMatchObject({ different: 0, foreignTouched: 0 });
  });

  it("logs, and no line holds an address, a name, a token or a secret", () => {
    const lines = log.split("\n").filter((line) => line !== "");
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(Number), msg: expect.any(String) });
    const addresses = new Set(everything.match(/[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g));
    const names = new Set(
      [...everything.matchAll(/"(?:DisplayName|name)":"([^"\\]{6,})"/g)].map(([, name]) => name ?? ""),
    );
    expect(addresses.size).toBeGreaterThan(300);
    expect(names.size).toBeGreaterThan(300);
    for (const address of addresses) expect(log.toLowerCase()).not.toContain(address.toLowerCase());
    for (const name of names) if (/\s/.test(name)) expect(log).not.toContain(name);
    for (const secret of ["simulator-secret", "demo-verifier"]) expect(log).not.toContain(secret);
    // Tokens and sealed texts are long strings of one kind; request ids and our own ids are shorter or grouped.
    expect(log.match(/bearer |eyJ[A-Za-z0-9_-]{8}|[A-Za-z0-9_-]{43,}/gi) ?? []).toEqual([]);
  });

  it("asked QuickBooks only for sign-ins, reads, queries, changes, and batches of queries", () => {
    expect(callsThatMayWrite(calls)).toEqual([]);
    expect(calls.length).toBeGreaterThan(40);
    expect(calls.some(({ operation }) => operation === "batch")).toBe(true);
  });
});
