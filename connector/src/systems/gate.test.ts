import { describe, expect, it } from "vitest";
import { RemoteFailure } from "../domain/index.ts";
import { createGate } from "./gate.ts";
import type { Standing } from "./ports.ts";

const failure = (more: { status?: number; retryAfterMs?: number; action?: "wait" | "retry" } = {}) =>
  new RemoteFailure({
    system: "zendesk",
    operation: "x",
    code: "503",
    action: "wait",
    says: "Away.",
    status: 503,
    ...more,
  });

/** What is stored, and gates of several processes over it. */
function bench() {
  const times = { now: 1_000_000 };
  const stored = new Map<string, Standing>();
  const told: string[] = [];
  const clock = { wallMs: () => times.now, monotonicMs: () => times.now, wait: () => Promise.resolve() };
  const blocks = {
    standing: (subject: string) =>
      Promise.resolve(stored.get(subject) ?? { blockedUntil: undefined, refusedSince: undefined, refusals: 0 }),
    block: (subject: string, { until, incident }: { until: Date; incident: { cause: string } | undefined }) => {
      const { refusedSince = new Date(times.now), refusals = 0 } = stored.get(subject) ?? {};
      stored.set(subject, { blockedUntil: until, refusedSince, refusals: refusals + 1 });
      if (incident) told.push(incident.cause);
      return Promise.resolve();
    },
    unblock: (subject: string) => Promise.resolve(void stored.delete(subject)),
  };
  const open = () => createGate({ system: "zendesk", blocks, clock });
  return { times, stored, told, open, gate: open() };
}

describe("a gate", () => {
  it("lets everybody through as long as nothing was refused", async () => {
    expect(await bench().gate.blockedMs("acme")).toBeLessThanOrEqual(0);
  });

  it("closes for one subject, in every process, and says how long", async () => {
    const { gate, open, times } = bench();
    expect((await gate.refused("acme", failure({ retryAfterMs: 9_000 }))).retryAfterMs).toBe(9_000);
    expect(await gate.blockedMs("acme")).toBe(9_000);
    expect(await open().blockedMs("acme")).toBe(9_000);
    expect(await gate.blockedMs("other")).toBeLessThanOrEqual(0);
    times.now += 9_000;
    expect(await gate.blockedMs("acme")).toBe(0);
  });

  it("counts the refusals of calls that were under way together as one", async () => {
    const { gate, stored } = bench();
    for (let call = 0; call < 8; call += 1) await gate.refused("acme", failure());
    expect(stored.get("acme")?.refusals).toBe(1);
  });

  it("fails who would have to wait for longer than a minute, instead of keeping its place", async () => {
    const { gate } = bench();
    await gate.refused("acme", failure({ retryAfterMs: 3_600_000 }));
    await expect(gate.blockedMs("acme")).rejects.toMatchObject({
      action: "wait",
      code: "blocked",
      retryAfterMs: 3_600_000,
    });
  });

  it("opens with the first answer after the wait, and starts anew with the next refusal", async () => {
    const { gate, stored, times } = bench();
    for (let call = 0; call < 4; call += 1) times.now += (await gate.refused("acme", failure())).retryAfterMs ?? 0;
    expect(stored.get("acme")?.refusals).toBe(4);
    await gate.answered("acme");
    expect(stored.has("acme")).toBe(false);
    expect((await gate.refused("acme", failure())).retryAfterMs).toBe(2_000);
  });

  it("does not take an answer that was under way for the end of it", async () => {
    const { gate, stored } = bench();
    await gate.refused("acme", failure({ retryAfterMs: 9_000 }));
    await gate.answered("acme");
    expect(stored.get("acme")?.refusals).toBe(1);
  });

  it("does not close for a failure of one record", async () => {
    const { gate, stored } = bench();
    const own = failure({ action: "retry" });
    expect(await gate.refused("acme", own)).toBe(own);
    expect(stored.size).toBe(0);
  });
});
