import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { send } from "./client.ts";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zendesk simulator "));
});
afterEach(() => rmSync(folder, { recursive: true }));

function start(...argv: string[]) {
  const child = spawn(process.execPath, [main, ...argv], { stdio: ["ignore", "pipe", "pipe"] });
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, ...said }));
  return { child, said, ended };
}

describe("the command line", () => {
  it("prints one line of JSON when it listens, and ends cleanly on SIGTERM", async () => {
    writeFileSync(join(folder, "account.json"), JSON.stringify({ organizations: [{ id: 11, name: "Acme" }] }));
    const { child, said, ended } = start("--json", "--account", folder, "--subdomain", "acme", "--plan", "team");
    const deadline = Date.now() + 20_000;
    while (!said.out.includes("\n") && Date.now() < deadline) await once(child.stdout, "data");
    const { url, subdomain, plan } = JSON.parse(said.out);
    expect([subdomain, plan]).toEqual(["acme", "team"]);
    expect((await send(`${url}/_control/state`, "GET", undefined, {})).body.organizations[0].name).toBe("Acme");
    child.kill("SIGTERM");
    const { code, out } = await ended;
    expect([code, out.trim().split("\n").length]).toEqual([0, 1]);
  });

  it("says in one line what is wrong and what to do, with exit code 1", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const { port } = holder.address() as AddressInfo;
    writeFileSync(join(folder, "bad.json"), "{");
    writeFileSync(join(folder, "odd.json"), '{"organizations":[{"id":"eleven","name":"A"}]}');
    const wrong: [string[], RegExp][] = [
      [["--port", String(port)], /port \d+ is in use: .*--port/],
      [["--account", join(folder, "none.json")], /cannot read the account file/],
      [["--account", join(folder, "bad.json")], /is not JSON/],
      [["--account", join(folder, "odd.json")], /organizations\[0\]\.id: must be a whole number/],
      [["--plan", "gold"], /--plan gold is not one of/],
      [["--job-pace", "fast"], /--job-pace fast is not a number/],
      [["--prot", "1"], /--prot/],
    ];
    for (const [argv, says] of wrong) {
      const { code, err } = await start(...argv).ended;
      expect(err.trim().split("\n"), err).toHaveLength(1);
      expect([code, says.test(err)], err).toEqual([1, true]);
    }
    holder.close();
  });
});
