import { describe, expect, it } from "vitest";
import { RemoteFailure } from "../domain/index.ts";
import { createLog, type Log, mask } from "./log.ts";

function logged(act: (log: Log) => void): string {
  const lines: string[] = [];
  act(createLog({ level: "trace", to: { write: (line) => void lines.push(line) } }));
  return lines.join("");
}

describe("the log", () => {
  it("says what happened, as one JSON line with a time", () => {
    const line = JSON.parse(logged((log) => log.info({ connection: 3, parties: 12 }, "settled")));
    expect(line).toMatchObject({ level: 30, connection: 3, parties: 12, msg: "settled" });
    expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it("cuts bodies, headers and secrets at every depth that we log", () => {
    const text = logged((log) =>
      log.warn(
        {
          request: { headers: { authorization: "xyzzy" }, body: "xyzzy", inner: { token: "xyzzy" } },
          password: "xyzzy",
        },
        "odd",
      ),
    );
    expect(text).not.toContain("xyzzy");
  });

  it("keeps of a database's fault its code and constraint, not the row that it quotes", () => {
    const fault = Object.assign(new Error("duplicate key value violates unique constraint"), {
      code: "23505",
      constraint: "mark_pkey",
      detail: "Key (name)=(Hidden Ltd) already exists.",
      where: "Hidden Ltd",
    });
    const text = logged((log) => log.error({ err: fault }, "not stored"));
    expect(text).toContain("23505");
    expect(text).toContain("mark_pkey");
    expect(text).not.toContain("Hidden");
  });

  it("shows of a remote fault what an operator needs, with its cause", () => {
    const fault = new RemoteFailure({
      system: "zendesk",
      operation: "update organizations",
      status: 429,
      code: "TooManyJobs",
      action: "wait",
      says: "Zendesk has no free job slot.",
      requestId: "r-1",
      cause: new Error("socket hang up"),
    });
    const line = JSON.parse(logged((log) => log.error({ err: fault }, "waits")));
    expect(line.err).toMatchObject({
      system: "zendesk",
      code: "TooManyJobs",
      requestId: "r-1",
      cause: { message: "socket hang up" },
    });
  });

  it("masks addresses and tokens that slipped into a text, also from a child log and inside other JSON", () => {
    const text = logged((log) =>
      log
        .child({ of: "jane.doe@example.co.uk" })
        .error(
          { err: new Error('refused {"refresh_token":"AB1174fr0000aaaa"} for müller@beispiel.de') },
          "Authorization: Bearer abc.def-ghi",
        ),
    );
    for (const leaked of ["jane", "example.co", "AB1174", "müller", "abc.def"]) expect(text).not.toContain(leaked);
  });
});

describe("masking", () => {
  it.each([
    ["to=jane%40example.com&x=1", "jane"],
    ["Basic amFuZTpzZWNyZXQ=", "amFuZTpzZWNyZXQ"],
    ["postgresql://ml:s3cr3t-pass@db:5432/x", "s3cr3t"],
    ["grant?code=Q0lkMTIzNDU2&state=s", "Q0lkMTIz"],
    ["eyJhbGciOiJkaXIifQ.abc.def.ghi.jkl", "eyJhbGci"],
    ["client_secret=verysecretvalue", "verysecret"],
  ])("hides the secret in %s", (line, secret) => {
    expect(mask(line)).not.toContain(secret);
  });

  it("leaves ids, times and versions alone", () => {
    const line =
      '{"time":"2026-11-22T10:00:00.000Z","key":"customer:12","package":"pg-boss@12.38.0","code":"TooManyJobs"}';
    expect(mask(line)).toContain("customer:12");
    expect(mask(line)).toContain("2026-11-22T10:00:00.000Z");
  });

  it("costs no more than the length of the line", () => {
    const line = `${"a".repeat(200_000)}${"eyJ".repeat(50_000)}${"%40".repeat(50_000)}`;
    const started = performance.now();
    mask(line);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
