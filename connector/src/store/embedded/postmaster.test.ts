import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { dataFolder } from "./data-folder.ts";
import { boundLog, lastWords } from "./postmaster.ts";

const root = mkdtempSync(path.join(os.tmpdir(), "ml-connector-log-"));
afterAll(() => rmSync(root, { recursive: true }));
const at = dataFolder(root);

describe("the server's log", () => {
  it("is not missed while there is none", async () => {
    await boundLog(at);
    expect(await lastWords(at)).toBe("");
  });

  it("loses its older half past the limit, and the server's next line lands behind what is kept", async () => {
    mkdirSync(at.database);
    writeFileSync(at.log, `old\n${"x".repeat(5_999_990)}\nnewest\n`);
    // As the server holds it: open for appending.
    const server = openSync(at.log, "a");
    await boundLog(at);
    writeSync(server, "after\n");
    expect(statSync(at.log).size).toBeLessThan(2_600_000);
    const text = readFileSync(at.log, "utf8");
    expect(text.endsWith("\nnewest\nafter\n")).toBe(true);
    expect(text).not.toContain("old");
  });

  it("says why a start failed: the last fatal line, without time and process", async () => {
    appendFileSync(
      at.log,
      "2026-11-22 10:00:00.000 UTC [12] FATAL:  could not create lock file: No space left on device\n",
    );
    appendFileSync(at.log, "2026-11-22 10:00:00.001 UTC [12] LOG:  database system is shut down\n");
    expect(await lastWords(at)).toBe("FATAL:  could not create lock file: No space left on device");
  });
});
