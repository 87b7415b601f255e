import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { startSimulator } from "./simulator-process.ts";

const folder = mkdtempSync(join(tmpdir(), "simulator-process "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program that stands in for a simulator: what it does when it starts is given as source. */
function program(name: string, source: string): string {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, source);
  return file;
}

const listens =
  'setInterval(() => {}, 1000); console.error("up"); console.log(JSON.stringify({ url: "http://127.0.0.1:4711" }));';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<boolean> {
  for (let looked = 0; looked < 500; looked += 1) {
    if (!isAlive(pid)) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}

describe("startSimulator", () => {
  it("answers the address of the line that the program prints, hands its words on, and stops it", async () => {
    const heard: string[] = [];
    const main = program("listens", listens);
    const simulator = await startSimulator({
      title: "the stand-in",
      main,
      args: [],
      onLine: (line) => heard.push(line),
    });
    expect(simulator.url).toBe("http://127.0.0.1:4711");
    await simulator.stop();
    expect(isAlive(simulator.pid)).toBe(false);
    expect(heard).toEqual(["up"]);
    await simulator.stop();
  });

  it("kills a program that does not heed SIGTERM", async () => {
    const main = program("deaf", `process.on("SIGTERM", () => {}); ${listens}`);
    const simulator = await startSimulator({ title: "the stand-in", main, args: [] });
    await simulator.stop(50);
    expect(isAlive(simulator.pid)).toBe(false);
  });

  it("repeats the last words of a program that ends instead of listening", async () => {
    const main = program("refuses", 'console.error("The port is in use."); process.exitCode = 1;');
    await expect(startSimulator({ title: "the stand-in", main, args: [] })).rejects.toThrow(
      "the stand-in ended before it listened: The port is in use.",
    );
  });

  it("gives up on a program that says nothing", async () => {
    const main = program("silent", "setInterval(() => {}, 1000);");
    const started = startSimulator({ title: "the stand-in", main, args: [], startWithinMs: 300 });
    await expect(started).rejects.toThrow("the stand-in said nothing within 300 ms");
  });

  it("leaves no orphan where its parent is killed outright", async () => {
    const main = program("orphan", listens);
    const module = new URL("./simulator-process.ts", import.meta.url).href;
    const parent = program(
      "parent",
      `import { startSimulator } from ${JSON.stringify(module)};
       const simulator = await startSimulator({ title: "it", main: ${JSON.stringify(main)}, args: [] });
       console.log(simulator.pid); setInterval(() => {}, 1000);`,
    );
    const child = spawn(process.execPath, [parent], { stdio: ["ignore", "pipe", "inherit"] });
    const [said] = (await once(child.stdout, "data")) as [Buffer];
    const pid = Number(said.toString());
    expect(isAlive(pid)).toBe(true);
    child.kill("SIGKILL");
    expect(await gone(pid)).toBe(true);
  });
});
