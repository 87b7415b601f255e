import type { ConnectionStatus } from "@ml-connector/contract";
import { describe, expect, it } from "vitest";
import { nextThings } from "./next-things.ts";

const given = { now: new Date("2026-11-22T12:00:00Z"), pollMinutes: 5 };

function status(said: Partial<ConnectionStatus> = {}): ConnectionStatus {
  return {
    connectionId: 1,
    company: "Acme",
    realm: "1",
    subdomain: "acme",
    zone: "UTC",
    state: "active",
    pausedBy: null,
    polledAt: "2026-11-22T11:58:00Z",
    sweptAt: "2026-11-20T00:00:00Z",
    parties: { total: 0, linked: 0, rolledUp: 0, parked: 0, ignored: 0, outOfScope: 0 },
    parkedByReason: {},
    replica: { customers: 0, families: 0, vendors: 0, documents: 0 },
    backlog: { due: 0, waiting: 0, oldestDueAt: null },
    incidents: [],
    next: [],
    ...said,
  };
}

const commands = (said: Partial<ConnectionStatus>, more = given) =>
  nextThings(status(said), more).map(({ command }) => command);

describe("nextThings", () => {
  it("asks nothing of anybody while all is well", () => {
    expect(commands({})).toEqual([]);
    expect(commands({ state: "disconnected", polledAt: null })).toEqual([]);
  });

  it("names the command for each state that waits for a person", () => {
    expect(commands({ state: "connecting", subdomain: null })).toEqual(["ml-connector connect SUBDOMAIN"]);
    expect(commands({ state: "planned" })).toEqual(["ml-connector plan approve --connection 1"]);
    expect(commands({ state: "loading" })).toEqual(["ml-connector start"]);
  });

  it("notices that nobody polls, but not where polling is switched off", () => {
    const silent = { polledAt: "2026-11-22T11:00:00Z" };
    expect(nextThings(status(silent), given)[0]).toEqual({
      says: "QuickBooks was last asked 1 h ago. Is the service running?",
      command: "ml-connector start",
    });
    expect(commands(silent, { ...given, pollMinutes: 0 })).toEqual([]);
    expect(commands(silent, { ...given, pollMinutes: 60 })).toEqual([]);
  });

  it("tells questions for a person from failures that may be tried again", () => {
    const parties = { total: 9, linked: 4, rolledUp: 0, parked: 5, ignored: 0, outOfScope: 0 };
    expect(commands({ parties, parkedByReason: { failed: 2, container: 3 } })).toEqual([
      "ml-connector review list --connection 1",
      "ml-connector replay --parked failed --connection 1",
    ]);
    expect(commands({ parties: { ...parties, parked: 2 }, parkedByReason: { failed: 2 } })).toHaveLength(1);
  });
});
