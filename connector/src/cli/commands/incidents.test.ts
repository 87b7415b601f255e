import { describe, expect, it } from "vitest";
import { run } from "./sample-run.ts";

describe("incidents", () => {
  it("lists what is open and what is over, how long it lasted, and how often each cause came", async () => {
    const { output } = await run("incidents --since 7d --cause readings");
    expect(output).toMatch(/zendesk:quota .*open/);
    expect(output).toMatch(/clock-skew .*2 min/);
    expect(output).toMatch(/zendesk +3 +1/);
    expect((await run("incidents --json")).json()).toMatchObject({
      before: null,
      causes: [{ times: 3 }, { times: 1 }],
    });
  });

  it("takes a day, an instant or how long ago, and nothing else", async () => {
    for (const since of ["2026-11-01", "2026-11-01T10:00:00Z", "36h"])
      expect((await run(`incidents --since ${since}`)).exitCode).toBe(0);
    for (const since of ["yesterday", "7", "2026-13-01"])
      expect((await run(`incidents --since ${since}`)).exitCode).toBe(2);
  });
});
