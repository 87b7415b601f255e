import { describe, expect, it } from "vitest";
import { codeOf, failureFor, noAnswerFailure } from "./failures.ts";

const read = { operation: "ShowManyOrganizations", write: false };
const write = { operation: "UpdateOrganization", write: true };
const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  ({ kind: "answer", status, headers, body: typeof body === "string" ? body : JSON.stringify(body) }) as const;
const invalid = (details: object) => ({ error: "RecordInvalid", description: "Record validation errors", details });
const duplicate = [{ description: "Name: Acme wird schon benutzt", error: "DuplicateValue" }];

describe("a failure of Zendesk", () => {
  it.each([
    ["bad token", 401, { error: "invalid_token", error_description: "..." }, "invalid_token", "reauthorize"],
    ["bad credentials", 401, { error: "Couldn't authenticate you" }, "Couldn't authenticate you", "reauthorize"],
    ["a scope is missing", 403, { error: "Forbidden", description: "..." }, "Forbidden", "reauthorize"],
    ["title and message", 403, { error: { title: "Forbidden", message: "..." } }, "Forbidden", "reauthorize"],
    ["gone", 404, { error: "RecordNotFound", description: "Not found" }, "RecordNotFound", "park"],
    ["no such call", 404, { error: "InvalidEndpoint", description: "Not found" }, "InvalidEndpoint", "bug"],
    ["a write conflict", 409, { error: "Conflict" }, "Conflict", "retry"],
    ["a taken name", 422, invalid({ name: duplicate }), "DuplicateValue", "park"],
    ["a taken external id", 422, invalid({ external_id: duplicate }), "DuplicateValue.external_id", "park"],
    ["both: the name goes first", 422, invalid({ external_id: duplicate, name: duplicate }), "DuplicateValue", "park"],
    ["a value", 422, invalid({ base: [{ description: "x", error: "InvalidValue" }] }), "InvalidValue.base", "park"],
    ["too many jobs", 429, { error: "TooManyJobs", description: "..." }, "TooManyJobs", "wait"],
    [
      "one organization's limit",
      429,
      { errors: [{ code: "TooManyRequests", title: "..." }] },
      "TooManyRequests",
      "wait",
    ],
    ["the account's limit, as plain text", 429, "Number of allowed API requests per minute exceeded", "429", "wait"],
    ["maintenance", 503, "<html>", "503", "wait"],
    ["their own error", 500, "", "500", "retry"],
    ["a redirect", 301, "", "301", "bug"],
  ])("%s (%i): %j is %s, %s", (_name, status, body, code, action) => {
    const found = failureFor(read, answer(status, body));
    expect(found).toMatchObject({ code, action, outcomeUnknown: false });
    expect(found.says).toMatch(/^[A-Z].*\.$/);
    expect(found.message).not.toContain("Acme");
  });

  it("waits as long as it is told, else as the table says", () => {
    expect(failureFor(read, answer(429, "", { "retry-after": "17" })).retryAfterMs).toBe(17_000);
    expect(failureFor(read, answer(503, "")).retryAfterMs).toBe(10_000);
    expect(failureFor(read, answer(500, "")).retryAfterMs).toBeUndefined();
  });

  it("leaves the outcome of a write unknown exactly where it may have taken effect", () => {
    for (const status of [500, 502, 503, 504]) expect(failureFor(write, answer(status, "")).outcomeUnknown).toBe(true);
    for (const status of [401, 403, 404, 409, 422, 429])
      expect(failureFor(write, answer(status, "")).outcomeUnknown).toBe(false);
    const none = (why: "deadline" | "unreachable" | "timeout" | "broken" | "too-large", sent: boolean) =>
      noAnswerFailure(write, { kind: "none", why, sent }).outcomeUnknown;
    expect([none("deadline", false), none("unreachable", false), none("timeout", false)]).toEqual([
      false,
      false,
      false,
    ]);
    expect([none("timeout", true), none("broken", true), none("too-large", true)]).toEqual([true, true, true]);
  });

  it("has a code in no body but an envelope", () => {
    for (const body of ["", "null", "[]", "{", '{"error":""}', '{"errors":[]}', '{"errors":[5]}', '{"details":"text"}'])
      expect(codeOf(body)).toBeUndefined();
  });
});
