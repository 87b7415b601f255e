// The demo as people start it, and a copy of the source tree in which a line is wrong.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

export interface DemoRun {
  code: number | null;
  out: string;
  err: string;
  /** Of its only line on standard output. */
  result: Record<string, unknown>;
}

/** Runs `ml-connector demo` with these words, to its end, in nobody's environment. `compiled`: where Node keeps what it has compiled. */
export async function runDemo(
  words: readonly string[],
  at: { tree?: string; compiled?: string } = {},
): Promise<DemoRun> {
  const { tree = root, compiled } = at;
  const known = ["PATH", "HOME", "TMPDIR"].map((name) => [name, process.env[name]]);
  const env: NodeJS.ProcessEnv = {
    ...Object.fromEntries(known.filter(([, value]) => value !== undefined)),
    ...(compiled === undefined ? {} : { NODE_COMPILE_CACHE: compiled }),
  };
  const bin = path.join(tree, "connector/bin/ml-connector.js");
  const child = spawn(process.execPath, [bin, "demo", ...words], { env, stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  const lines = out.split("\n");
  if (lines.length !== 2 || lines[1] !== "") throw new Error(`not one line, but: ${out}\n${err.slice(-2_000)}`);
  return { code, out, err, result: JSON.parse(lines[0] ?? "") as Record<string, unknown> };
}

export interface Mistake {
  /** Below connector/src/rules. */
  file: string;
  right: string;
  wrong: string;
}

/** The sources of the demo in a folder of their own, in which a line can be made wrong. */
export function copyOfTree(folder: string) {
  mkdirSync(folder);
  for (const part of ["connector", "contract", "simulators"])
    cpSync(path.join(root, part), path.join(folder, part), {
      recursive: true,
      filter: (from) => !/[\\/](node_modules|bench|dist)$/.test(from),
    });
  for (const modules of ["node_modules", "connector/node_modules"])
    if (existsSync(path.join(root, modules))) symlinkSync(path.join(root, modules), path.join(folder, modules));
  return {
    folder,
    /** Runs `work` while the mistake is in the tree. Its line has to be there exactly once. */
    async withMistake<Value>({ file, right, wrong }: Mistake, work: () => Promise<Value>): Promise<Value> {
      const target = path.join(folder, "connector/src/rules", file);
      const source = readFileSync(target, "utf8");
      const parts = source.split(right);
      if (parts.length !== 2) throw new Error(`${file} holds "${right}" ${parts.length - 1} times, not once`);
      writeFileSync(target, parts.join(wrong));
      try {
        return await work();
      } finally {
        writeFileSync(target, source);
      }
    },
  };
}
