import { describe, expect, it } from "vitest";
import { run } from "./sample-run.ts";

describe("audit --access", () => {
  it("tells who was given which right by whom, whatever the connection", async () => {
    const { output } = await run("audit --access");
    expect(output).toMatch(/roles-changed +operator 2 +may: viewer on connection 1 +may: admin on every/);
    expect((await run("audit --access --json")).json()).toMatchObject({ rows: [{ id: 12, who: "ann" }], before: null });
  });
});
