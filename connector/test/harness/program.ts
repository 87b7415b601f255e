// The real program, bin/ml-connector.js, in processes of its own, as an operator runs it: tests speak to them and kill them.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { eventually } from "./eventually.ts";

const bin = fileURLToPath(new URL("../../bin/ml-connector.js", import.meta.url));

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  err: string;
}

/** One line of the service's log. */
export type LogLine = { level: number; msg: string } & Record<string, unknown>;

export interface Program {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly ended: Promise<Ended>;
  out(): string;
  err(): string;
  /** Of the service: standard error is its log. */
  log(): LogLine[];
  /** Resolves when the process is gone. */
  kill(signal?: NodeJS.Signals): Promise<Ended>;
}

/** Starts the command line with exactly this environment. */
export function startProgram(env: Record<string, string>, words: readonly string[]): Program {
  const child = spawn(process.execPath, [bin, ...words], { env, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const ended = once(child, "close").then(([code, signal]): Ended => ({ code, signal, out, err }));
  return {
    child,
    ended,
    out: () => out,
    err: () => err,
    log: () => err.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as LogLine] : [])),
    async kill(signal = "SIGKILL") {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return ended;
    },
  };
}

/** Waits until the service listens; fails with its last words when it ends instead. */
export async function untilListening(service: Program): Promise<string> {
  let gone: Ended | undefined;
  void service.ended.then((ended) => {
    gone = ended;
  });
  await eventually(() => service.out().includes("\n") || gone !== undefined, 60_000);
  if (!service.out().includes("\n"))
    throw new Error(`the service ended with ${gone?.code}: ${gone?.err.slice(-2_000)}`);
  return (JSON.parse(service.out()) as { url: string }).url;
}

/** A port that nobody has now: a service that is started again and again must be found at the same place. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return address.port;
}
