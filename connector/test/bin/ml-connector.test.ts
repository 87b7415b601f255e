import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const root = mkdtempSync(path.join(os.tmpdir(), "ml-connector-bin-"));
afterAll(() => rmSync(root, { recursive: true }));

/** Makes this Node say that it is another version. */
function claims(version: string): string[] {
  const lie = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });
    Object.defineProperty(process, "version", { value: "v${version}" });`;
  return ["--import", `data:text/javascript,${encodeURIComponent(lie)}`];
}

/** A package as npm lays it out, whose program prints its arguments and the version it runs on. */
function layOut(name: string, program: "src/boot/main.ts" | "dist/boot/main.js"): string {
  const folder = path.join(root, name);
  mkdirSync(path.join(folder, "bin"), { recursive: true });
  mkdirSync(path.join(folder, path.dirname(program)), { recursive: true });
  writeFileSync(path.join(folder, "package.json"), '{"type":"module"}');
  writeFileSync(
    path.join(folder, program),
    "console.log(JSON.stringify(process.argv.slice(2)), process.versions.node); process.exitCode = 7;",
  );
  copyFileSync(
    fileURLToPath(new URL("../../bin/ml-connector.js", import.meta.url)),
    path.join(folder, "bin/ml-connector.js"),
  );
  return folder;
}

function run(folder: string, version: string) {
  const args = [...claims(version), path.join(folder, "bin/ml-connector.js"), "status", "--json"];
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  return spawnSync(process.execPath, args, { encoding: "utf8", env });
}

describe("the command", () => {
  it("starts the sources in the workspace and the built program in the package", () => {
    for (const program of ["src/boot/main.ts", "dist/boot/main.js"] as const) {
      const { stdout, status } = run(layOut(path.dirname(program), program), process.versions.node);
      expect(stdout).toContain('["status","--json"]');
      expect(status).toBe(7);
    }
  });

  it("keeps what Node made of the sources beside the packages, and needs no place for that", () => {
    const folder = layOut("kept", "src/boot/main.ts");
    const kept = path.join(folder, "node_modules/.cache/ml-connector");
    writeFileSync(path.join(folder, "node_modules"), "no folder");
    expect(run(folder, process.versions.node).status).toBe(7);
    rmSync(path.join(folder, "node_modules"));
    mkdirSync(path.join(folder, "node_modules"));
    expect(run(folder, process.versions.node)).toMatchObject({ status: 7, stderr: "" });
    expect(readdirSync(kept)).toHaveLength(1);
  });

  it.each(["20.20.2", "22.18.0", "23.5.0", "18.0.0"])("says on Node %s, in one line, what it needs", (version) => {
    const { stdout, stderr, status } = run(layOut("old", "src/boot/main.ts"), version);
    expect(stderr).toBe(
      `ml-connector needs Node.js 22.19 or newer, and this is v${version}. Install Node.js 24 LTS (https://nodejs.org).\n`,
    );
    expect(stdout).toBe("");
    expect(status).toBe(1);
  });

  it("continues on an old Node with the one that npm installed beside it, arguments and exit code included", () => {
    const folder = layOut("pinned", "src/boot/main.ts");
    mkdirSync(path.join(root, "node_modules/.bin"), { recursive: true });
    // A copy: the same file as the running Node would be the old one itself.
    copyFileSync(process.execPath, path.join(root, "node_modules/pinned-node"));
    symlinkSync("../pinned-node", path.join(root, "node_modules/.bin/node"));
    const { stdout, status } = run(folder, "20.20.2");
    expect(stdout).toContain(`["status","--json"] ${process.versions.node}`);
    expect(status).toBe(7);
    rmSync(path.join(root, "node_modules"), { recursive: true });
  });

  it("does not start itself for ever when the Node beside it is the old one", () => {
    const folder = layOut("itself", "src/boot/main.ts");
    mkdirSync(path.join(root, "node_modules/.bin"), { recursive: true });
    symlinkSync(process.execPath, path.join(root, "node_modules/.bin/node"));
    expect(run(folder, "20.20.2").status).toBe(1);
  });
});
