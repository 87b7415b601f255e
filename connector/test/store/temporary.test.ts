import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { removeLeftovers } from "../../src/store/embedded/temporary.ts";
import { eventually } from "../harness/index.ts";
import { killed, postmasterPid } from "./embedded-fixture.ts";

const temporary = mkdtempSync(path.join(os.tmpdir(), "mlc-"));
chmodSync(temporary, 0o711);
const children: ChildProcess[] = [];
afterAll(async () => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) await killed(child);
  const quiet = () => undefined;
  const parent = path.join(temporary, `ml-connector-${process.getuid?.() ?? "runs"}`);
  await removeLeftovers(parent, { info: quiet, warn: quiet, error: quiet });
  rmSync(temporary, { recursive: true });
});

async function start(): Promise<{ child: ChildProcess; folder: string }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL("temporary-process.ts", import.meta.url))], {
    env: { PATH: process.env["PATH"], TMPDIR: temporary },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const ended = once(child, "close").then(() => {
    throw new Error("it did not start");
  });
  const [folder] = await Promise.race([once(createInterface({ input: child.stdout }), "line"), ended]);
  ended.catch(() => undefined);
  return { child, folder: String(folder) };
}

it("a temporary cluster whose process was killed is stopped and removed by the next one, and a living one is left alone", async () => {
  const first = await start();
  const second = await start();
  expect(existsSync(first.folder)).toBe(true);
  const orphan = postmasterPid(first.folder);
  await killed(first.child);
  const third = await start();
  expect(existsSync(first.folder)).toBe(false);
  await eventually(() => !isRunning(orphan));
  expect([existsSync(second.folder), existsSync(third.folder)]).toEqual([true, true]);
  expect(isRunning(postmasterPid(second.folder))).toBe(true);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
