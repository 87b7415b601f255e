import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, it } from "vitest";
import { databaseUrl } from "../harness/server.ts";

const program = fileURLToPath(new URL("../../bench/main.ts", import.meta.url));

/** The figures that each bench has to print, as the page of results names them. */
const figures: Record<string, readonly string[]> = {
  simulators: ["quickbooksReadsPerSecond", "zendeskReadsPerSecond", "pageMs", "createManyMs"],
  generate: ["peakRssMb", "readySeconds", "peakRssMbOfHalf", "kbPerCustomer"],
  "first-load": [
    "quickbooksCallRatio",
    "zendeskWriteRatio",
    "pollsPerJob",
    "partiesPerSecond",
    "connectorPeakRssMb",
    "connectingCalls",
  ],
  naive: ["callRatio", "timeRatio", "connectingCalls"],
  freshness: ["ownP50Ms", "ownP99Ms", "remoteCallsInSequence", "ackToFetchP95Ms", "connectingCalls"],
  ingest: ["ratioToBare", "p99Ms", "deliveriesPerSecond", "lost"],
  storm: ["quickbooksReadsPerEvent", "zendeskWritesPerEvent", "convergedAfterMs", "connectingCalls"],
  "no-op": ["writes", "partyMarks", "journalRows", "writesAfterDays", "flippedCards"],
  month: ["meteredReads", "byBursts", "byPolls", "bySweeps", "readsPerBurst", "burstsRun", "pollsRun", "sweepsRun"],
  restore: ["loadMs", "restoreMs", "ratio", "differences"],
  matching: ["precision", "recall", "parkedRatio", "pairs", "unasked", "seed"],
};

async function run(words: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [program, ...words], {
    env: {
      PATH: process.env["PATH"],
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
      DATABASE_URL: databaseUrl(inject("testServer").connection),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise<number | null>((resolve) => child.once("close", resolve)),
  ]);
  return { code, out, err };
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
}

describe("a bench in its smallest size", () => {
  it.each(Object.entries(figures))("%s prints its figures as one line of JSON", async (name, names) => {
    const { code, out, err } = await run([name, "--size", "small", "--json"]);
    expect(code, err).toBe(0);
    const printed = JSON.parse(out) as Record<string, unknown>;
    expect(Object.keys(printed)).toEqual(expect.arrayContaining([...names]));
    for (const figure of names) expect(printed[figure], figure).toBeTypeOf("number");
  });

  it("says what there is when the name is none of them", async () => {
    const { code, out, err } = await run(["speed"]);
    expect(code).toBe(2);
    expect(out).toBe("");
    for (const name of Object.keys(figures)) expect(err).toContain(name);
  });
});
