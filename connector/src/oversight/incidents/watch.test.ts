import { describe, expect, it } from "vitest";
import { parseConnectionId } from "../../domain/index.ts";
import { createFreshnessGauge, freshnessFinding } from "./freshness.ts";
import type { WatchFacts } from "./ports.ts";
import { createSignatureGauge } from "./signature-gauge.ts";
import { watchFindings } from "./watch.ts";

const now = new Date("2026-11-16T00:00:00Z");
const id = parseConnectionId(1);
const days = (count: number) => new Date(now.getTime() + count * 86_400_000);
const nothing: WatchFacts = { paused: [], grants: [], parked: [], reads: [], undelivered: [], now };
const policy = { monthlyReads: 500_000 };
const grant = (more: Partial<WatchFacts["grants"][number]>): WatchFacts["grants"][number] => ({
  system: "quickbooks",
  subject: "934",
  way: "authorization-code",
  issuedAt: now,
  refreshExpiresAt: days(101),
  hardExpiresAt: days(1_000),
  connections: 2,
  ...more,
});
const findings = (facts: Partial<WatchFacts>) => watchFindings({ ...nothing, ...facts }, policy);
const causes = (facts: Partial<WatchFacts>) => findings(facts).map(({ cause }) => cause);

describe("what is watched", () => {
  it("is nothing where all is well", () => {
    expect(
      findings({ grants: [grant({})], paused: [{ connectionId: id, by: "person:ann", because: undefined }] }),
    ).toEqual([]);
  });

  it("is a connection that a system stopped, in the words that were said of it", () => {
    const [finding] = findings({ paused: [{ connectionId: id, by: "zendesk:403", because: "A role is missing." }] });
    expect(finding).toMatchObject({ cause: "zendesk:403", says: "A role is missing.", connectionId: id });
  });

  it.each([
    [31, []],
    [30, ["grant-ends-in-30-days:quickbooks:934"]],
    [8, ["grant-ends-in-30-days:quickbooks:934"]],
    [7, ["grant-ends-in-7-days:quickbooks:934"]],
    [-1, ["grant-ends-in-7-days:quickbooks:934"]],
  ])("is the five-year end of a consent %i days ahead: %j", (ahead, expected) => {
    expect(causes({ grants: [grant({ hardExpiresAt: days(ahead) })] })).toEqual(expected);
  });

  it("is a consent that ends by disuse, also where Intuit tells no five-year end", () => {
    expect(causes({ grants: [grant({ hardExpiresAt: undefined, refreshExpiresAt: days(29) })] })).toEqual([
      "grant-ends-in-30-days:quickbooks:934",
    ]);
  });

  it("is not a Zendesk token of a week that is refreshed as it should", () => {
    const zendesk = { system: "zendesk", subject: "acme", hardExpiresAt: undefined } as const;
    expect(causes({ grants: [grant({ ...zendesk, issuedAt: days(-1), refreshExpiresAt: days(6) })] })).toEqual([]);
    expect(causes({ grants: [grant({ ...zendesk, issuedAt: days(-5), refreshExpiresAt: days(2) })] })).toEqual([
      "grant-ends-in-7-days:zendesk:acme",
    ]);
  });

  it("is the end of API tokens, a month before it", () => {
    const grants = [
      grant({
        system: "zendesk",
        subject: "acme",
        way: "api-token",
        refreshExpiresAt: undefined,
        hardExpiresAt: undefined,
      }),
    ];
    expect(causes({ grants, now: new Date("2027-03-30T00:00:00Z") })).toEqual([]);
    expect(causes({ grants, now: new Date("2027-04-01T00:00:00Z") })).toEqual(["grant-ends-in-30-days:zendesk:acme"]);
  });

  it("is the month's allowance, at the present pace, and never before a day's worth is known", () => {
    const reads = (count: number, at = now) =>
      causes({ reads: [{ clientId: "app", reads: count, connections: 3 }], now: at });
    // Half of November has passed.
    expect(reads(225_000)).toEqual([]);
    expect(reads(226_000)).toEqual(["quota-forecast:app"]);
    expect(reads(460_000, new Date("2026-11-30T00:00:00Z"))).toEqual(["quota-forecast:app"]);
    expect(reads(5_000, new Date("2026-11-01T00:10:00Z"))).toEqual([]);
    expect(
      watchFindings(
        { ...nothing, reads: [{ clientId: "app", reads: 1e9, connections: 1 }] },
        { monthlyReads: undefined },
      ),
    ).toEqual([]);
  });

  it("is each app's own where connections bring apps: its tier, and none for development keys", () => {
    const own = (monthlyReads: number | undefined, sandbox = false) =>
      causes({ reads: [{ clientId: "theirs", reads: 300_000, connections: 1, own: { monthlyReads, sandbox } }], now });
    expect(own(undefined)).toEqual(["quota-forecast:theirs"]);
    expect(own(1_000_000)).toEqual([]);
    expect(own(undefined, true)).toEqual([]);
  });

  it("is many newly parked, not a few and not a large company's usual", () => {
    const parked = (more: number, parties: number) =>
      causes({ parked: [{ connectionId: id, parked: 100 + more, before: 100, parties }] });
    expect(parked(19, 100)).toEqual([]);
    expect(parked(21, 100)).toEqual(["parked-growth"]);
    expect(parked(100, 3_000)).toEqual([]);
  });
});

describe("freshness", () => {
  it("is beyond its objective when more than one change in a hundred is slow, for ten minutes", () => {
    let at = 0;
    const gauge = createFreshnessGauge(() => at);
    const finding = () => freshnessFinding(id, gauge.p99(id), 5);
    for (let change = 0; change < 198; change += 1) gauge.settled(id, 800);
    for (const slow of [9_000, 9_000]) gauge.settled(id, slow);
    expect(finding()).toBeUndefined();
    gauge.settled(id, 9_000);
    expect(finding()).toMatchObject({
      cause: "freshness",
      connectionId: id,
      says: expect.stringContaining("9.0 s") as string,
    });
    at = 9 * 60_000;
    expect(finding()).toBeDefined();
    at = 11 * 60_000;
    expect(finding()).toBeUndefined();
  });

  it("says nothing of a handful of changes", () => {
    const gauge = createFreshnessGauge(() => 0);
    for (let change = 0; change < 19; change += 1) gauge.settled(id, 60_000);
    expect(gauge.p99(id)).toBeUndefined();
  });

  it("keeps a bounded number of samples, and still sees what is slow among many", () => {
    const gauge = createFreshnessGauge(() => 0);
    for (let change = 0; change < 100_000; change += 1) gauge.settled(id, change % 20 === 0 ? 7_000 : 100);
    expect(gauge.p99(id)).toMatchObject({ ms: 7_000, changes: 100_000 });
  });
});

describe("wrong signatures", () => {
  it("are an incident at the fifth within ten minutes, and count on by fives", async () => {
    let at = 0;
    const noted: unknown[] = [];
    const refused = createSignatureGauge({ note: (report) => Promise.resolve(void noted.push(report)) }, () => at);
    for (let nth = 0; nth < 4; nth += 1) await refused("quickbooks");
    at = 11 * 60_000;
    for (let nth = 0; nth < 4; nth += 1) await refused("quickbooks");
    await refused("zendesk");
    expect(noted).toEqual([]);
    await refused("quickbooks");
    expect(noted).toMatchObject([{ cause: "webhook-signatures:quickbooks", affected: 5 }]);
    for (let nth = 0; nth < 5; nth += 1) await refused("quickbooks");
    expect(noted).toHaveLength(2);
  });
});
