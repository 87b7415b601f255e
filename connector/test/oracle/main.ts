// The comparison program: what Zendesk holds, against an independent computation from both systems' records.
// Not part of the connector: imports nothing of it, and is written from the rules alone. One document in, a verdict out.
// Called by the demo (as a process of its own) and by hand:
//   node connector/test/oracle/main.ts --input FILE|- [--json]
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { compare, isAllRight, type Verdict } from "./compare.ts";
import { InputError, readInput } from "./input.ts";

const usage = "Usage: main.ts --input FILE|- [--json]";

function run(): number {
  const { values } = parseArgs({ options: { input: { type: "string" }, json: { type: "boolean", default: false } } });
  if (values.input === undefined) throw new InputError(usage);
  const verdict = compare(readInput(JSON.parse(readFileSync(values.input === "-" ? 0 : values.input, "utf8"))));
  process.stdout.write(values.json ? `${JSON.stringify(verdict)}\n` : inWords(verdict));
  return isAllRight(verdict) ? 0 : 1;
}

function inWords({ differences, ...counts }: Verdict): string {
  const totals = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  const lines = differences.map(({ organizationId, party, what, expected, found }) => {
    const subject = [party, organizationId].filter((one) => one !== undefined).join(" in ");
    return `${subject} ${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`.trim();
  });
  return `${[totals.join(", "), ...lines].join("\n")}\n`;
}

try {
  process.exitCode = run();
} catch (error) {
  // 2: nothing was compared; 1 is for differences.
  const why = error instanceof Error ? error.message : String(error);
  process.stderr.write(`The comparison cannot be made: ${why.replaceAll(/\s+/g, " ")}\n`);
  process.exitCode = 2;
}
