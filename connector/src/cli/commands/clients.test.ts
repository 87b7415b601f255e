import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readClients } from "./clients.ts";
import { run } from "./sample-run.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "ml-connector-clients-"));
afterAll(() => rmSync(folder, { recursive: true }));

function written(content: unknown): string {
  const file = path.join(folder, "client.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

describe("clients bring", () => {
  it("takes a client from a file", async () => {
    const file = written({ clientId: "app", clientSecret: "s3cret", verifiers: ["v"], environment: "sandbox" });
    const ran = await run(`clients bring quickbooks --file ${file} --json`);
    expect(ran.exitCode).toBe(0);
    expect(ran.output).not.toContain("s3cret");
  });

  it("names what is wrong with a file, and repeats none of its values", async () => {
    for (const content of [
      { clientId: "has blanks in it", clientSecret: "s3cret" },
      { clientId: "app", clientSecret: "", verifier: "s3cret" },
      '{"clientSecret": "s3cret',
    ]) {
      const ran = await run(`clients bring quickbooks --file ${written(content)}`);
      expect(ran.exitCode).toBe(1);
      expect(ran.errors).toContain("client.json");
      expect(ran.errors + ran.output).not.toMatch(/s3cret|has blanks/);
    }
  });

  it("asks for no secret where nobody sits, and takes none as an argument", async () => {
    expect((await run("clients bring zendesk")).errors).toContain("--file");
    expect((await run("clients bring zendesk --client-secret s3cret")).exitCode).toBe(2);
  });
});

describe("connect --clients", () => {
  it("reads a client for each system, and refuses what it does not know", async () => {
    const client = { clientId: "app", clientSecret: "s3cret" };
    expect(await readClients(written({ quickbooks: client }))).toEqual({ quickbooks: client });
    await expect(readClients(written({ xero: client }))).rejects.toThrow("quickbooks");
  });
});
