import { describe, expect, it } from "vitest";
import { type FailureAction, MalformedId, OperatorError, RemoteFailure } from "../domain/index.ts";
import { describeFault } from "./describe-fault.ts";

const logHint = "The log says more.";

function remote(action: FailureAction, more: { retryAfterMs?: number; requestId?: string } = {}): RemoteFailure {
  return new RemoteFailure({
    system: "zendesk",
    operation: "update",
    code: "x",
    action,
    says: "Zendesk refuses this.",
    ...more,
  });
}

describe("describeFault", () => {
  it("lets a person's own words stand, several mistakes in one line", () => {
    const fault = new OperatorError("The configuration has 2 mistakes:\n  PORT is no number\n  URL is missing\n");
    expect(describeFault(fault, logHint)).toEqual({
      kind: "operator",
      says: "The configuration has 2 mistakes: PORT is no number; URL is missing",
      exitCode: 1,
    });
  });

  it("calls a malformed id a matter of usage", () => {
    expect(describeFault(new MalformedId("not a party"), logHint)).toMatchObject({ kind: "usage", exitCode: 2 });
  });

  it.each([
    ["retry", {}, "Try again in a moment."],
    ["wait", { retryAfterMs: 90_000 }, "Try again in 1 min 30 s."],
    ["wait", {}, "Try again in a minute."],
    ["reauthorize", {}, "Connect again: ml-connector connect SUBDOMAIN"],
    ["park", {}, "Look at it in Zendesk, then try again."],
    ["bug", { requestId: "r-1" }, "Zendesk did not take our request: please report it with the log. (request id r-1)"],
  ] as const)("says what to do after a failure to %s", (action, more, says) => {
    expect(describeFault(remote(action, more), logHint)).toEqual({
      kind: "remote",
      says: `Zendesk refuses this. ${says}`,
      exitCode: 1,
    });
  });

  it("names the setting where a system was not reached, and what to check where it refused to sign us in", () => {
    const failure = {
      system: "zendesk",
      operation: "oauth.token",
      says: "Zendesk's sign-in pages did not answer.",
    } as const;
    const says = (code: string, action: FailureAction) =>
      describeFault(new RemoteFailure({ ...failure, code, action }), logHint).says;
    expect(says("unreachable", "retry")).toBe(
      "Zendesk's sign-in pages did not answer. Check the network, and ZENDESK_BASE_URL where that is set; then try again.",
    );
    expect(says("404", "bug")).toMatch(/If all of it is right, please report it with the log\.$/);
  });

  it("never shows more than a line of an unknown fault, and finds words inside one that has none", () => {
    const says = (fault: unknown) => describeFault(fault, logHint).says;
    expect(says(new Error("first\nsecond"))).toBe("This should not have happened: first second. The log says more.");
    expect(says(new AggregateError([new Error("connect ECONNREFUSED")], ""))).toContain("connect ECONNREFUSED");
    expect(says(new Error("", { cause: new Error("inner") }))).toContain("inner");
    expect(says("x".repeat(5000)).length).toBeLessThan(400);
  });
});
