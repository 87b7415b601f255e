// `npm run bench -- NAME [--json] [--record] [--size small] [--seed N] [--profile FOLDER]`: one bench, its figures, and where they are kept.
import { parseArgs } from "node:util";
import type { Bench, Figures } from "./bench.ts";
import { firstLoad } from "./first-load.ts";
import { freshness } from "./freshness.ts";
import { generate } from "./generate.ts";
import { ingest } from "./ingest.ts";
import { matching } from "./matching.ts";
import { month } from "./month.ts";
import { naive } from "./naive.ts";
import { noOp } from "./no-op.ts";
import { recordFigures } from "./record.ts";
import { restore } from "./restore.ts";
import { simulators } from "./simulators.ts";
import { type BenchServer, openServer } from "./stage/index.ts";
import { storm } from "./storm.ts";

const benches: Record<string, Bench> = {
  simulators,
  generate,
  "first-load": firstLoad,
  freshness,
  ingest,
  storm,
  "no-op": noOp,
  naive,
  month,
  matching,
  restore,
};

const usage = `npm run bench -- NAME [options]
  NAME              ${Object.keys(benches).join(" | ")}
  --json            the figures as one line of JSON
  --record          append them to docs/benchmarks.md, with this machine and commit
  --size small      a quick run; its figures mean little
  --seed N          the dice of those benches that throw some; random and printed without it
  --profile FOLDER  CPU profiles of the service
DATABASE_URL names a server on which databases may be created; without it, one of our own is started.
`;

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      record: { type: "boolean", default: false },
      size: { type: "string", default: "full" },
      seed: { type: "string" },
      profile: { type: "string" },
    },
  });
  const [name = ""] = positionals;
  const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
  const seed = values.seed === undefined ? undefined : Number(values.seed);
  const isSeed = seed === undefined || (Number.isSafeInteger(seed) && seed > 0);
  if (bench === undefined || positionals.length > 1 || (values.size !== "full" && values.size !== "small") || !isSeed) {
    process.stderr.write(usage);
    return 2;
  }
  let opened: Promise<BenchServer> | undefined;
  let figures: Figures;
  try {
    figures = await bench({
      server: () => (opened ??= openServer(process.env["DATABASE_URL"])),
      size: values.size,
      profileTo: values.profile,
      seed,
      say: (line) => process.stderr.write(`${line}\n`),
    });
  } finally {
    await (await opened)?.close();
  }
  process.stdout.write(values.json ? `${JSON.stringify(figures)}\n` : listed(figures));
  if (values.record) await recordFigures({ name, size: values.size, figures });
  return 0;
}

function listed(figures: Figures): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name.padEnd(26)} ${typeof value === "object" ? JSON.stringify(value) : value}\n`)
    .join("");
}

process.exitCode = await run();
