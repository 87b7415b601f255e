import { describe, expect, it } from "vitest";
import { readFlags } from "./flags.ts";

describe("readFlags", () => {
  it("reads what it knows and leaves out what was not given", () => {
    expect(
      readFlags([
        "--port",
        "4010",
        "--plan",
        "team",
        "--job-pace",
        "0",
        "--subdomain",
        "a",
        "--subdomain",
        "b",
        "--json",
      ]),
    ).toEqual({
      kind: "start",
      options: { port: 4010, plan: "team", jobPace: 0, subdomain: "a", moreSubdomains: ["b"] },
      json: true,
    });
    expect(readFlags([])).toEqual({ kind: "start", options: {}, json: false });
  });

  it("makes a public client without secret", () => {
    expect(readFlags(["--public-client", "--client-secret", "x"])).toMatchObject({ options: { clientSecret: null } });
  });

  it("says what is wrong in a sentence", () => {
    for (const argv of [
      ["--port", "70000"],
      ["--plan", "gold"],
      ["--seed", "1.5"],
      ["--subdomain", "A_b"],
      ["--nope"],
    ]) {
      expect(readFlags(argv)).toMatchObject({ kind: "problem", message: expect.stringContaining("see --help") });
    }
  });
});
