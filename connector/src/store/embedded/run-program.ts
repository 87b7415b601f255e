import { spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import { OperatorError } from "../../domain/index.ts";
import { codeOf } from "./data-folder.ts";
import type { RunAs } from "./run-as.ts";

/** A plain environment: PostgreSQL reads PG* variables, and messages are matched in English nowhere but read by people in the log. */
const environment = { LC_ALL: "C", TZ: "UTC" };

/** How one of PostgreSQL's programs is started: by argv, never by a shell, as the given user, in a folder that this user can reach. */
export function spawnOptions(cwd: string, runAs: RunAs | undefined) {
  return { cwd, env: environment, ...(runAs ? { uid: runAs.uid, gid: runAs.gid } : {}) };
}

/** Runs a program to its end. Output is the tail of what it wrote to both channels. */
export async function runProgram(
  program: string,
  options: { args: string[]; cwd: string; runAs: RunAs | undefined; input?: string },
): Promise<{ code: number | null; output: string }> {
  const child = spawn(program, options.args, { ...spawnOptions(options.cwd, options.runAs), stdio: "pipe" });
  let output = "";
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString("utf8")).slice(-8000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  // A program that ends early closes its input: its exit code says why, not the broken pipe.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    return { code, output };
  } catch (error) {
    throw await explainSpawnFailure(program, error);
  }
}

/** A program that is there and yet "not found" lacks its loader: the binaries are made for glibc. */
export async function explainSpawnFailure(program: string, cause: unknown): Promise<OperatorError> {
  const there = await stat(program).then(
    () => true,
    () => false,
  );
  const code = codeOf(cause);
  if (code === "ENOENT" && there) {
    return new OperatorError(
      "The built-in PostgreSQL needs glibc, and this system has another C library (Alpine uses musl). Set DATABASE_URL, or use a glibc system such as Debian.",
      { cause },
    );
  }
  if (code === "EACCES") {
    return new OperatorError(
      `${program} may not be executed: the disk is mounted "noexec", or the folder is out of reach. Choose another data folder with ML_CONNECTOR_DATA, or set DATABASE_URL.`,
      { cause },
    );
  }
  return new OperatorError(`${program} could not be started (${code}).`, { cause });
}
