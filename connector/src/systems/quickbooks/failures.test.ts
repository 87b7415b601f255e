import { describe, expect, it } from "vitest";
import { failureFor, faultsIn, faultsOf, noAnswerFailure } from "./failures.ts";

const failure = (status: number, body: string) =>
  failureFor({ operation: "query Invoice", status, faults: faultsOf(body) });
const service = (code: string) =>
  JSON.stringify({
    Fault: { Error: [{ Message: "m", Detail: "d", code, element: "" }], type: "ValidationFault" },
    time: "x",
  });
const gateway = (code: string) =>
  JSON.stringify({
    warnings: null,
    fault: { error: [{ message: "m", detail: "d", code, element: null }], type: "AUTHENTICATION" },
  });
const xml = (code: string) =>
  `<?xml version="1.0"?><IntuitResponse time="t"><Fault type="SERVICE"><Error code="${code}"><Message>m</Message><Detail>d</Detail></Error></Fault></IntuitResponse>`;
const html = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";

describe("a fault of QuickBooks", () => {
  it.each([
    ["service JSON", 401, service("3200"), "3200", "reauthorize"],
    ["gateway JSON, lower-case keys", 401, gateway("3200"), "3200", "reauthorize"],
    ["XML where JSON was asked", 401, xml("003200"), "3200", "reauthorize"],
    ["zero-padded", 403, gateway("003100"), "3100", "reauthorize"],
    ["a throttle", 429, xml("3001"), "3001", "wait"],
    ["a throttle of 2016, as 403", 403, xml("3001"), "3001", "wait"],
    ["a throttle without a body", 429, "", "429", "wait"],
    ["gone", 400, service("610"), "610", "park"],
    ["refused by the edition", 400, service("5020"), "5020", "park"],
    ["refused by the edition", 400, service("5030"), "5030", "park"],
    ["a company without subscription", 400, service("6190"), "6190", "reauthorize"],
    ["an unreadable query", 400, service("4000"), "4000", "bug"],
    ["an unknown property", 400, service("4001"), "4001", "bug"],
    ["a poison page", 400, service("4002"), "4002", "park"],
    ["their own error, as 400", 400, service("10000"), "10000", "retry"],
    ["an HTML page of a gateway", 502, html, "502", "wait"],
    ["an empty 504", 504, "", "504", "wait"],
    ["an unknown code", 400, service("7777"), "400", "bug"],
    ["a redirect", 302, "", "302", "bug"],
  ])("%s (%i): %s %s %s", (_name, status, body, code, action) => {
    const found = failure(status, body);
    expect(found.action).toBe(action);
    expect([code, "7777"]).toContain(found.code);
    expect(found.says).toMatch(/^[A-Z].*\.$/);
    expect(found.outcomeUnknown).toBe(false);
  });

  it("waits 60 seconds where nothing says how long, and longer if it is told so", () => {
    expect(failure(429, "").retryAfterMs).toBe(60_000);
    const told = (retryAfter: string) =>
      failureFor({ operation: "cdc", status: 429, faults: [], retryAfter }).retryAfterMs;
    expect(told("90")).toBe(90_000);
    expect(told("1")).toBe(60_000);
  });

  it("is found in a 200, and not where there is none", () => {
    expect(faultsIn(JSON.parse(service("5030")))).toMatchObject([{ code: "5030" }]);
    expect(faultsIn({ QueryResponse: {}, fault: null })).toEqual([]);
    expect(faultsIn({ Fault: { type: "SystemFault" } })).toHaveLength(1);
    expect(faultsOf("{ broken")).toEqual([]);
    expect(faultsOf(html)).toEqual([]);
  });

  it("never carries what QuickBooks wrote, which may name people", () => {
    const body = JSON.stringify({
      Fault: { Error: [{ Message: "a@b.test", Detail: "Token AB01", code: "4002" }], type: "X" },
    });
    const { message, says, code } = failure(400, body);
    expect(`${message} ${says} ${code}`).not.toMatch(/a@b\.test|AB01/);
  });

  it("is worth another try when there was no answer, except when the answer was too large", () => {
    const none = (why: "timeout" | "too-large") => noAnswerFailure("cdc", { kind: "none", why, sent: true });
    expect(none("timeout")).toMatchObject({ action: "retry", code: "timeout", outcomeUnknown: false });
    expect(none("too-large").action).toBe("bug");
  });
});
