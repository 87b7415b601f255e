import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface SimulatorProcess {
  /** Where it listens, from the line that it prints when it does. */
  url: string;
  pid: number;
  /** SIGTERM, and SIGKILL after `graceMs`; resolves when the process is gone. Calling it twice is harmless. */
  stop(graceMs?: number): Promise<void>;
}

export interface SimulatorCommand {
  /** For messages: "the QuickBooks simulator". */
  title: string;
  /** Its `main.ts`. */
  main: string;
  /** Without `--json`, which is added. */
  args: readonly string[];
  /** What it says on standard error, line by line. */
  onLine?: (line: string) => void;
  startWithinMs?: number;
}

// Loaded into the child before its program: it leaves when its standard input ends, which the kernel sees to even where
// we are killed and can tie up nothing ourselves. Unreferenced, so that it never keeps the child alive.
const leaveWithParent =
  'data:text/javascript,process.stdin.resume().on("end",()=>process.exit(0)).on("error",()=>process.exit(0)).unref?.()';

/**
 * Starts a simulator as a process of its own, on the Node that runs us, and waits for its one line of JSON.
 * It never outlives us. Throws with its last words where it ends or stays silent instead of listening.
 */
export async function startSimulator(command: SimulatorCommand): Promise<SimulatorProcess> {
  const { title, main, args, onLine, startWithinMs = 20_000 } = command;
  const child = spawn(process.execPath, ["--import", leaveWithParent, main, ...args, "--json"], {
    stdio: ["pipe", "pipe", "pipe"],
    env: childEnvironment(),
    // A group of its own: Ctrl+C in a terminal reaches us alone, and we end the simulators when we are done with them.
    detached: true,
  });
  const gone = once(child, "exit");
  const killAtExit = () => child.kill("SIGKILL");
  process.once("exit", killAtExit);
  void gone.then(() => process.off("exit", killAtExit));
  // The pipe breaks when the child ends first; its exit says so already.
  child.stdin.on("error", () => undefined);

  const lastWords: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    lastWords.push(line);
    if (lastWords.length > 5) lastWords.shift();
    onLine?.(line);
  });
  const stop = async (graceMs = 3000) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
    await gone;
    clearTimeout(timer);
  };

  const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), startWithinMs);
  });
  const first = await Promise.race([said.next(), late]);
  clearTimeout(timer);
  const url = first === "late" || first.done === true ? undefined : urlIn(first.value);
  if (url === undefined || child.pid === undefined) {
    if (first !== "late") await Promise.race([gone, new Promise((resolve) => setImmediate(resolve))]);
    await stop(0);
    const why = first === "late" ? `said nothing within ${startWithinMs} ms` : "ended before it listened";
    throw new Error(`${title} ${why}${lastWords.length > 0 ? `: ${lastWords.join(" / ")}` : ""}`);
  }
  // Whatever else it prints is read and dropped, so that its pipe never fills.
  child.stdout.resume();
  return { url, pid: child.pid, stop };
}

/** The simulators need nothing of our environment; what they do not get they cannot print. */
function childEnvironment(): NodeJS.ProcessEnv {
  const names = [
    "PATH",
    "HOME",
    "TMPDIR",
    "TEMP",
    "SystemRoot",
    "NODE_OPTIONS",
    "NODE_NO_WARNINGS",
    "NODE_COMPILE_CACHE",
  ] as const;
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

function urlIn(line: string): string | undefined {
  try {
    const said: unknown = JSON.parse(line);
    if (typeof said !== "object" || said === null || !("url" in said)) return undefined;
    return typeof said.url === "string" && /^http:\/\/127\.0\.0\.1:\d+$/.test(said.url) ? said.url : undefined;
  } catch {
    return undefined;
  }
}
