// `npm run check`: types, lint, format, import rules, dead code and the size ceiling, each reported, none hiding another.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const lineCeiling = 400;
/** Where the import rules hold. The simulators' own tests stay out: the parser does not know `using` declarations yet. */
const ruled = ["connector", "contract", "simulators/quickbooks/src", "simulators/zendesk/src"];

interface Check {
  name: string;
  run: () => string | undefined;
}

/** Runs a tool of the project's own; returns its output when it fails. */
function tool(name: string, args: string[]): string | undefined {
  const result = spawnSync(`${root}node_modules/.bin/${name}`, args, { cwd: root, encoding: "utf8" });
  if (result.error) return `${name} did not start: ${result.error.message}`;
  return result.status === 0 ? undefined : `${result.stdout}${result.stderr}`;
}

/** An import check that sees no modules is green for the wrong reason. */
function importRules(): string | undefined {
  const args = ["--config", ".dependency-cruiser.cjs", "--output-type", "json", ...ruled];
  const result = spawnSync(`${root}node_modules/.bin/depcruise`, args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
  });
  if (result.error) return `dependency-cruiser did not start: ${result.error.message}`;
  let report: { summary: { totalCruised: number; violations: { from: string; to: string; rule: { name: string } }[] } };
  try {
    report = JSON.parse(result.stdout);
  } catch {
    return `${result.stdout.slice(0, 2000)}${result.stderr}`;
  }
  const { totalCruised, violations } = report.summary;
  const here = sources().filter((file) => ruled.some((folder) => file.startsWith(`${folder}/`)));
  if (totalCruised < here.length) return `only ${totalCruised} modules seen: the import rules checked nothing`;
  if (violations.length === 0) return undefined;
  return violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`).join("\n");
}

function sources(): string[] {
  const listed = spawnSync("git", ["ls-files", "-co", "--exclude-standard", "--", "*.ts", "*.js"], {
    cwd: root,
    encoding: "utf8",
  });
  return [...new Set(listed.stdout.split("\n"))].filter((file) => /^(connector|contract|simulators)\//.test(file));
}

function sizeCeiling(): string | undefined {
  const large = sources()
    .map((file) => ({ file, lines: readFileSync(`${root}${file}`, "utf8").split("\n").length - 1 }))
    .filter(({ lines }) => lines > lineCeiling);
  return large.length === 0
    ? undefined
    : large
        .map(({ file, lines }) => `${file}: ${lines} lines, the ceiling is ${lineCeiling}: split it by concept`)
        .join("\n");
}

/** Processes on several machines share the database's clock; only what is told the time may use a process's own. */
function processClocks(): string | undefined {
  const timeless = /^connector\/src\/(domain|rules|oversight|connections|sync|store)\//;
  const found = sources()
    .filter((file) => timeless.test(file) && !file.endsWith(".test.ts"))
    .flatMap((file) =>
      readFileSync(`${root}${file}`, "utf8")
        .split("\n")
        .flatMap((line, at) =>
          /\bnew Date\(\)|\bDate\.now\(/.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [],
        ),
    );
  return found.length === 0 ? undefined : found.join("\n");
}

const checks: Check[] = [
  { name: "types", run: () => tool("tsc", ["-p", "tsconfig.json"]) },
  {
    name: "lint",
    run: () => tool("oxlint", ["--type-aware", "--deny-warnings", "connector", "contract", "simulators", "scripts"]),
  },
  { name: "format", run: () => tool("biome", ["check", "--diagnostic-level=error", "."]) },
  { name: "import rules", run: importRules },
  { name: "dead code", run: () => tool("knip", ["--no-progress"]) },
  { name: "file size", run: sizeCeiling },
  { name: "process clocks", run: processClocks },
];

let failed = 0;
for (const check of checks) {
  const started = performance.now();
  const complaint = check.run();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${complaint === undefined ? "ok    " : "FAILED"} ${check.name} (${seconds} s)\n`);
  if (complaint !== undefined) {
    failed += 1;
    process.stdout.write(`${complaint.trim()}\n`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
