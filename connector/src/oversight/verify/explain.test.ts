import { describe, expect, it } from "vitest";
import { parseConnectionId, parseLocalDate, parseOrganizationId } from "../../domain/index.ts";
import { type CardFacts, explainCard, explainRecord } from "./explain.ts";
import type { FieldDifference, MarkFacts, VerifiedConnection } from "./ports.ts";

const connection: VerifiedConnection = {
  id: parseConnectionId(1),
  state: "active",
  today: parseLocalDate("2026-11-20"),
  readUpTo: new Date("2026-11-20T10:00:00Z"),
  refusedEntities: [],
};
const mark: MarkFacts = {
  key: "customer:1",
  dueAt: new Date("2026-11-20T10:05:00Z"),
  waiting: false,
  firstAt: new Date("2026-11-20T10:00:00Z"),
  attempts: 0,
};
const edited: FieldDifference = { key: "qbo_balance", wanted: "5", found: "9", remembered: "5" };
const stale: FieldDifference = { key: "qbo_balance", wanted: "5", found: "9", remembered: "9" };
const card = {
  kind: "differs",
  parties: ["customer:1"],
  organizationId: parseOrganizationId(7),
  name: "Acme",
  changed: { qbo_balance: "5" },
  found: { qbo_balance: "9" },
} as const;
const facts = (more: Partial<CardFacts>): CardFacts => ({
  connection,
  mark: undefined,
  beingWritten: false,
  flipsOn: undefined,
  fields: [stale],
  ...more,
});
const reasonOf = (more: Partial<CardFacts>) => explainCard({ ...card, parties: [...card.parties] }, facts(more)).reason;

describe("why a card differs", () => {
  it("is what is under way before anything else", () => {
    expect(reasonOf({ beingWritten: true, mark, fields: [edited] })).toBe("being-written");
    expect(reasonOf({ mark, fields: [edited] })).toBe("due");
    expect(reasonOf({ mark: { ...mark, waiting: true } })).toBe("put-off");
  });

  it("is somebody's hand where Zendesk no longer holds what we wrote", () => {
    expect(reasonOf({ fields: [stale, edited], flipsOn: parseLocalDate("2026-11-20") })).toBe("edited-in-zendesk");
  });

  it("is the day where the figures change with it, and not before that day", () => {
    expect(reasonOf({ flipsOn: parseLocalDate("2026-11-20") })).toBe("day-turned");
    expect(reasonOf({ flipsOn: parseLocalDate("2026-11-21") })).toBe("unexplained");
  });

  it("is the plan as long as nobody approved it", () => {
    expect(reasonOf({ connection: { ...connection, state: "planned" }, mark })).toBe("not-approved");
  });

  it("says how often a put-off one was tried", () => {
    const { says } = explainCard({ ...card, parties: [] }, facts({ mark: { ...mark, waiting: true, attempts: 3 } }));
    expect(says).toContain("after 3 failed tries");
  });
});

describe("why a record differs", () => {
  const record = {
    key: { entity: "Invoice", id: "96" },
    what: "record-differs",
    party: "customer:1",
    changedAt: "2026-11-20T10:00:01Z",
    seenAt: "2026-11-20T10:10:00Z",
  } as const;

  it("is its mark, or that the next poll has yet to come", () => {
    expect(explainRecord(record, { mark, connection }).reason).toBe("due");
    expect(explainRecord(record, { mark: undefined, connection }).reason).toBe("not-polled-yet");
  });

  it("is nothing that we know where changes of that time were read", () => {
    const before = { ...record, changedAt: "2026-11-20T10:00:00Z" };
    expect(explainRecord(before, { mark: undefined, connection }).reason).toBe("unexplained");
    const gone = { ...record, what: "record-gone", changedAt: undefined } as const;
    expect(explainRecord(gone, { mark: undefined, connection }).reason).toBe("unexplained");
  });
});
