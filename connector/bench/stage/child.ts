import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A program of ours as a process of its own, that says where it listens in its first line of JSON. It never outlives us. */
export interface Child {
  process: ChildProcess;
  url: string;
  gone: Promise<unknown>;
  /** What it said last on standard error. */
  lastWords(): string;
  /** Sends the signal and resolves when it is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

const startWithinMs = 60_000;
const keptLines = 10;

export async function startChild(args: readonly string[], env: Record<string, string>): Promise<Child> {
  const child = spawn(process.execPath, args, {
    env: { ...inherited("PATH"), ...inherited("NODE_COMPILE_CACHE"), ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const killAtExit = () => child.kill("SIGKILL");
  process.once("exit", killAtExit);
  const gone = once(child, "exit").finally(() => process.off("exit", killAtExit));
  const lines: string[] = [];
  if (child.stderr)
    createInterface({ input: child.stderr }).on("line", (line) => {
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
    });
  const lastWords = () => lines.join(" / ");
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await gone;
  };
  const line = await firstLine(child, gone);
  if (line === undefined) {
    await end("SIGKILL");
    throw new Error(`a program of the bench did not start: ${lastWords()}`);
  }
  return { process: child, url: (JSON.parse(line) as { url: string }).url, gone, lastWords, end };
}

function inherited(name: string): Record<string, string> {
  const value = process.env[name];
  return value === undefined ? {} : { [name]: value };
}

async function firstLine({ stdout }: ChildProcess, gone: Promise<unknown>): Promise<string | undefined> {
  if (!stdout) return undefined;
  const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), startWithinMs).unref());
  const first = once(createInterface({ input: stdout }), "line").then(([line]) => line as string);
  return Promise.race([first, late, gone.then(() => undefined)]);
}
