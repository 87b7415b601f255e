// `npm test`: every test of the project. Arguments are handed to vitest (`npm test -- -t "name"`).
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const vitest = spawn(process.execPath, [`${root}node_modules/vitest/vitest.mjs`, "run", ...process.argv.slice(2)], {
  cwd: root,
  // Programs are started by the hundred: what Node made of their sources is kept.
  env: { NODE_COMPILE_CACHE: `${root}node_modules/.cache/ml-connector`, ...process.env },
  stdio: "inherit",
});
vitest.on("exit", (code) => {
  process.exitCode = code ?? 1;
});
