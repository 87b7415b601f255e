import { defineConfig } from "vitest/config";
import { LongestFirst } from "./scripts/longest-first.ts";

// Two projects: `pure` runs in parallel and needs nothing; `flows` starts servers and a database, and shares two cores.
export default defineConfig({
  test: {
    reporters: ["default", "./scripts/closing-line.ts"],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "pure",
          include: ["connector/src/**/*.test.ts", "contract/src/**/*.test.ts", "simulators/*/src/**/*.test.ts"],
          testTimeout: 20_000,
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "flows",
          // Servers, kills and clocks on two busy cores: what fails is tried once more, and reported as such.
          retry: 1,
          globalSetup: ["connector/test/harness/global-setup.ts"],
          include: ["connector/test/**/*.test.ts", "simulators/*/test/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Modules hold no state, so files share a process: what was loaded and compiled once serves the next.
          isolate: false,
          sequence: { groupOrder: 1 },
          // They wait more than they compute.
          maxWorkers: 5,
        },
      },
    ],
  },
});
