import { describe, expect, it } from "vitest";
import { parseSubdomain, RemoteFailure } from "../../domain/index.ts";
import { createAccountLimits, readLimitHeaders } from "./limits.ts";

const subdomain = parseSubdomain("acme");

function bench() {
  const times = { now: 1_000_000, block: undefined as number | undefined };
  const clock = {
    wallMs: () => times.now,
    monotonicMs: () => times.now,
    wait: async (ms: number) => {
      await Promise.resolve();
      times.now += ms;
    },
  };
  const blocks = {
    standing: () =>
      Promise.resolve({
        blockedUntil: times.block === undefined ? undefined : new Date(times.block),
        refusedSince: undefined,
        refusals: 0,
      }),
    block: (_subject: string, { until }: { until: Date }) => Promise.resolve(void (times.block = until.getTime())),
    unblock: () => Promise.resolve(void (times.block = undefined)),
  };
  const limits = createAccountLimits({ blocks, clock });
  const lane = { subdomain, share: 1, operation: "ListOrganizations", deadline: undefined };
  const saw = (remaining: number, reset?: number) =>
    limits.observe(subdomain, {
      "x-rate-limit": "700",
      "x-rate-limit-remaining": String(remaining),
      ...(reset === undefined ? {} : { "ratelimit-reset": String(reset) }),
    });
  const waited = async (share = 1) => {
    const before = times.now;
    await limits.run({ ...lane, share }, () => Promise.resolve());
    return times.now - before;
  };
  return { times, limits, lane, saw, waited };
}

describe("readLimitHeaders", () => {
  it.each([
    ["all answers", { "x-rate-limit": "700", "x-rate-limit-remaining": "687" }, undefined],
    ["documented", { "ratelimit-limit": "700", "ratelimit-remaining": "687", "ratelimit-reset": "9" }, 9],
    ["recorded in 2023", { "rate-limit": "700", "rate-limit-remaining": "687", "rate-limit-reset": "9" }, 9],
  ])("reads the spelling of %s", (_name, headers, resetsIn) => {
    expect(readLimitHeaders(headers).account).toEqual({ total: 700, remaining: 687, resetsIn });
  });

  it("reads endpoints with limits of their own", () => {
    const headers = {
      "zendesk-ratelimit-inflight-jobs": "total=30; remaining=29; resets=60",
      "zendesk-ratelimit-odd": "?",
    };
    expect(readLimitHeaders(headers).endpoints).toEqual({
      "inflight-jobs": { total: 30, remaining: 29, resetsIn: 60 },
    });
  });

  it("says nothing where nothing is said", () => {
    expect(readLimitHeaders({ "x-rate-limit": "many" })).toEqual({ account: undefined, endpoints: {} });
  });
});

describe("an account's budget", () => {
  it("waits for the reset when the account says that nothing remains", async () => {
    const { saw, waited } = bench();
    expect(await waited()).toBe(0);
    saw(0, 9);
    expect(await waited()).toBe(9_000);
    expect(await waited()).toBe(0);
  });

  it("leaves a part to the neighbours", async () => {
    const { saw, waited } = bench();
    saw(300, 30);
    expect(await waited(0.8)).toBe(0);
    expect(await waited(0.5)).toBe(30_000);
  });

  it("believes the smaller count of answers that overtake each other, and a new window at once", async () => {
    const { saw, waited } = bench();
    saw(0, 20);
    saw(3, 20);
    expect(await waited()).toBe(20_000);
    saw(0, 20);
    saw(699, 59);
    expect(await waited()).toBe(0);
  });

  it("knows a new window without a reset header by the rise of the count", async () => {
    const { saw, waited } = bench();
    saw(0);
    saw(690);
    expect(await waited()).toBe(0);
  });

  it("fails a write at once that would wait past its deadline, and sends nothing", async () => {
    const { times, limits, lane, saw } = bench();
    saw(0, 30);
    const before = times.now;
    const write = limits.run({ ...lane, deadline: times.now + 5_000 }, () => Promise.reject(new Error("sent")));
    await expect(write).rejects.toMatchObject({
      code: "budget",
      action: "wait",
      retryAfterMs: 30_000,
      outcomeUnknown: false,
    });
    expect(times.now).toBe(before);
  });

  it("waits for what another process was told", async () => {
    const { times, limits, waited } = bench();
    await limits.refused(
      subdomain,
      new RemoteFailure({
        system: "zendesk",
        operation: "ListOrganizations",
        status: 429,
        code: "429",
        action: "wait",
        says: "Zendesk asks us to slow down.",
        retryAfterMs: 7_000,
      }),
    );
    expect(times.block).toBe(times.now + 7_000);
    expect(await waited()).toBe(7_000);
  });
});
