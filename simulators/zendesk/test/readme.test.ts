import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { profiles } from "../src/control/profiles.ts";
import { flagHelp } from "../src/flags.ts";
import { switchRules } from "../src/world/switches.ts";
import { startWithClient } from "./client.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

describe("the README", () => {
  it("names every switch, profile and flag", () => {
    const flags = [...flagHelp.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, flag]) => flag ?? "");
    const names = [...Object.keys(switchRules), ...Object.keys(profiles), ...flags];
    expect(names.filter((name) => !readme.includes(`\`${name}`))).toEqual([]);
  });

  it("shows a first call that works", async () => {
    const zendesk = await startWithClient({ account: { organizations: [{ id: 1, name: "Acme" }] }, jobPace: 0 });
    expect((await zendesk.get("/api/v2/organizations/1")).body.organization.name).toBe("Acme");
    await zendesk.close();
  });
});
