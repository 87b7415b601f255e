// npm run chaos -- --seed N --minutes M [--changes N] [--log FILE] [--json]
// Everything goes wrong for M minutes; then it has to be as if nothing had. The seed fixes what happens, not how the processes interleave:
// a run that fails is told of by its log, and may be shortened with --changes.
import { randomInt } from "node:crypto";
import { appendFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { runChaos } from "./run.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    minutes: { type: "string", default: "2" },
    changes: { type: "string" },
    log: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const seed = values.seed === undefined ? randomInt(1, 2 ** 31) : Number(values.seed);
const minutes = Number(values.minutes);
const changes = values.changes === undefined ? Number.POSITIVE_INFINITY : Number(values.changes);
if (!Number.isInteger(seed) || !(minutes > 0) || !(changes >= 0)) {
  process.stderr.write("Usage: npm run chaos -- --seed N --minutes M [--changes N] [--log FILE] [--json]\n");
  process.exit(2);
}
const log = values.log ?? path.join(os.tmpdir(), `ml-connector-chaos-${seed}.jsonl`);
const startedAt = performance.now();
writeFileSync(log, "");
process.stderr.write(`Seed ${seed}, ${minutes} min; what happens is written to ${log}\n`);

const result = await runChaos({
  seed,
  minutes,
  changes,
  note: (what, more = {}) =>
    appendFileSync(log, `${JSON.stringify({ atMs: Math.round(performance.now() - startedAt), what, ...more })}\n`),
});
const { different, duplicates, lost, foreignTouched, journalMismatches } = result;
if (different + duplicates + lost + foreignTouched + journalMismatches > 0) process.exitCode = 1;
process.stdout.write(
  values.json
    ? `${JSON.stringify(result)}\n`
    : `${Object.entries(result)
        .map(([name, value]) => `${name} ${value}`)
        .join(", ")}\n`,
);
