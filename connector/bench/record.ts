import { execFileSync } from "node:child_process";
import { appendFile, readFile } from "node:fs/promises";
import os from "node:os";
import { fileURLToPath } from "node:url";
import type { Figures } from "./bench.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = `${root}docs/benchmarks.md`;

/** Appends one line to the page of results: when, which commit, on what machine, and the figures as they were printed. */
export async function recordFigures(result: { name: string; size: string; figures: Figures }): Promise<void> {
  const { name, size, figures } = result;
  const day = new Date().toISOString().slice(0, 10);
  const cells = [
    day,
    commit(),
    machine(),
    size === "full" ? name : `${name} (${size})`,
    `\`${JSON.stringify(figures)}\``,
  ];
  const text = await readFile(page, "utf8");
  await appendFile(page, `${text.endsWith("\n") ? "" : "\n"}| ${cells.join(" | ")} |\n`);
}

function machine(): string {
  const [cpu] = os.cpus();
  const memory = Math.round(os.totalmem() / 1024 ** 3);
  return `${os.cpus().length} cores, ${cpu?.model.trim() ?? "unknown"}, ${memory} GB`;
}

/** The commit, with a plus where the tree has changes beside it. */
function commit(): string {
  const git = (...words: string[]) => execFileSync("git", words, { cwd: root, encoding: "utf8" }).trim();
  const changed = git("status", "--porcelain", "--untracked-files=no", "--", "connector", "simulators") !== "";
  return `${git("rev-parse", "--short", "HEAD")}${changed ? "+" : ""}`;
}
