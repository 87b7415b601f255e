// npm run chaos -- --seed N --minutes M [--changes N] [--log FILE] [--shrink] [--json]
// Everything goes wrong for M minutes; then it has to be as if nothing had. The seed fixes what happens, not how the processes interleave:
// a run that fails is told of by its log. With --shrink it is run again with ever fewer changes, down to the fewest with which it fails.
import { randomInt } from "node:crypto";
import { appendFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { type ChaosResult, runChaos } from "./run.ts";
import { fewestChanges } from "./shrink.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    minutes: { type: "string", default: "2" },
    changes: { type: "string" },
    log: { type: "string" },
    shrink: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const seed = values.seed === undefined ? randomInt(1, 2 ** 31) : Number(values.seed);
const minutes = Number(values.minutes);
const changes = values.changes === undefined ? Number.POSITIVE_INFINITY : Number(values.changes);
if (!Number.isInteger(seed) || !(minutes > 0) || !(changes >= 0)) {
  process.stderr.write("Usage: npm run chaos -- --seed N --minutes M [--changes N] [--log FILE] [--shrink] [--json]\n");
  process.exit(2);
}
const log = values.log ?? path.join(os.tmpdir(), `ml-connector-chaos-${seed}.jsonl`);
const startedAt = performance.now();
writeFileSync(log, "");
process.stderr.write(`Seed ${seed}, ${minutes} min; what happens is written to ${log}\n`);

const note = (what: string, more: object = {}): void =>
  appendFileSync(log, `${JSON.stringify({ atMs: Math.round(performance.now() - startedAt), what, ...more })}\n`);

function isBroken({ different, duplicates, lost, foreignTouched, journalMismatches }: ChaosResult): boolean {
  return different + duplicates + lost + foreignTouched + journalMismatches > 0;
}

const result = await runChaos({ seed, minutes, changes, note });
process.stdout.write(
  values.json
    ? `${JSON.stringify(result)}\n`
    : `${Object.entries(result)
        .map(([name, value]) => `${name} ${value}`)
        .join(", ")}\n`,
);
if (isBroken(result)) {
  process.exitCode = 1;
  if (values.shrink) {
    const fewest = await fewestChanges(result.changes, async (fewer) => {
      process.stderr.write(`Again with ${fewer} changes ...\n`);
      note("again", { changes: fewer });
      return isBroken(await runChaos({ seed, minutes, changes: fewer, note }));
    });
    process.stderr.write(
      `It fails with ${fewest}: npm run chaos -- --seed ${seed} --minutes ${minutes} --changes ${fewest}\n`,
    );
  }
}
