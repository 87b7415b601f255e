import { describe, expect, it } from "vitest";
import {
  type Entity,
  type Organization,
  type OrganizationId,
  parseConnectionId,
  parseLocalDate,
  parseOrganizationId,
  type RecordCopy,
} from "../../domain/index.ts";
import type { CardState, KeptCopy, VerifyPorts } from "./ports.ts";
import { verify } from "./verify.ts";

const then = "2026-11-20T10:00:00Z";
const later = "2026-11-20T11:00:00Z";

function customer(id: number, hash: number): RecordCopy {
  return {
    kind: "reference",
    entity: "Item",
    id: String(id),
    createdAt: then,
    updatedAt: then,
    syncToken: 0,
    contentHash: Uint8Array.of(hash),
    name: undefined,
    record: {},
  };
}

function copyOf({ entity, id, contentHash }: RecordCopy): KeptCopy {
  return {
    key: { entity, id },
    party: undefined,
    contentHash,
    updatedAt: new Date(then),
    readAt: new Date(then),
    gone: false,
  };
}

/** A company of so many items and an account of so many cards, all alike on both sides. */
function world(size: { records: number; cards: number }) {
  const records = Array.from({ length: size.records }, (_, id) => customer(id, 1));
  const cards = Array.from({ length: size.cards }, (_, index) => parseOrganizationId(index + 1));
  const copies = new Map(records.map((record) => [record.id, copyOf(record)]));
  const calls = { quickbooks: 0, zendesk: 0 };
  const marked: string[] = [];
  const organization = (id: OrganizationId): Organization => ({
    id,
    name: `Card ${id}`,
    externalId: undefined,
    domains: [],
    fields: {},
  });
  const ports: VerifyPorts<Organization> = {
    connection: {
      id: parseConnectionId(1),
      state: "active",
      today: parseLocalDate("2026-11-20"),
      readUpTo: new Date(later),
      refusedEntities: [],
    },
    company: {
      rows: new Map<Entity, number>([["Item", size.records]]),
      async *pages(entity) {
        const rows = entity === "Item" ? records : [];
        for (let start = 0; ; start += 1000) {
          calls.quickbooks += 1;
          const last = start + 1000 >= rows.length;
          yield { records: rows.slice(start, start + 1000), readAt: later, last };
          if (last) return;
        }
      },
    },
    replica: {
      copiesOf: (_, keys) =>
        Promise.resolve(keys.flatMap(({ entity, id }) => (entity === "Item" ? (copies.get(id) ?? []) : []))),
      copiesBefore: (_, entity) => Promise.resolve(entity === "Item" ? [...copies.values()] : []),
    },
    account: {
      organizations: size.cards,
      byIds: (ids) => {
        calls.zendesk += 1;
        return Promise.resolve(ids.map(organization));
      },
      async *pages() {
        for (let start = 0; ; start += 100) {
          calls.zendesk += 1;
          const last = start + 100 >= cards.length;
          yield { organizations: cards.slice(start, start + 100).map(organization), last };
          if (last) return;
        }
      },
    },
    async *cards(live, parties) {
      const states = [...live].map(([organizationId, found]): CardState => {
        const of = { parties: [`customer:${organizationId}`], organizationId };
        if (!found) return { kind: "gone", ...of };
        return { kind: "as-wanted", ...of };
      });
      yield parties ? states.filter((state) => state.parties.some((party) => parties.includes(party))) : states;
    },
    straysOn: () => Promise.resolve([]),
    surroundings: {
      marksOf: () => Promise.resolve([]),
      beingWritten: () => Promise.resolve(new Set()),
      flipsOf: () => Promise.resolve(new Map()),
      linkedOrganizations: () => Promise.resolve(cards),
      remembered: () => Promise.resolve(new Map()),
      now: () => Promise.resolve(new Date(later)),
    },
    repair: {
      keep: () => Promise.resolve(),
      mark: (_, keys) => {
        marked.push(...keys);
        return Promise.resolve();
      },
    },
  };
  return { ports, records, copies, calls, marked };
}

const options = { calls: undefined, repair: false, onProgress: () => undefined };

describe("a comparison", () => {
  it("of 10,000 cards and 100,000 records takes at most 250 calls, and leaves nothing out", async () => {
    const { ports, calls } = world({ records: 100_000, cards: 10_000 });
    const report = await verify(ports, options);
    expect(report.differences).toEqual([]);
    expect(report.notCompared).toEqual([]);
    expect(report.records.compared).toBe(100_000);
    expect(report.cards.compared).toBe(10_000);
    expect(calls.quickbooks + calls.zendesk).toBeLessThanOrEqual(250);
    expect(report.calls).toEqual({ ...calls, budget: 250 });
  });

  it("never asks past its budget, and says what it left out", async () => {
    const { ports, calls } = world({ records: 50_000, cards: 300 });
    const report = await verify(ports, { ...options, calls: 20 });
    expect(calls.quickbooks + calls.zendesk).toBeLessThanOrEqual(20);
    expect(report.notCompared.map(({ what }) => what)).toContain("Item");
    expect(report.cards.compared).toBe(300);
  });

  it("does not call records gone that it did not come to list", async () => {
    const { ports } = world({ records: 50_000, cards: 1 });
    const report = await verify(ports, { ...options, calls: 30 });
    expect(report.differences).toEqual([]);
  });

  it("passes over what our copy has learned since QuickBooks answered", async () => {
    const { ports, records, copies } = world({ records: 3, cards: 0 });
    records[0] = customer(0, 2);
    records[1] = customer(1, 2);
    const newer = { ...copyOf(customer(1, 3)), readAt: new Date("2026-11-20T11:00:01Z") };
    copies.set("1", newer);
    copies.delete("2");
    const report = await verify(ports, options);
    expect(report.differences.map(({ what, record }) => `${record} ${what}`)).toEqual([
      "Item:0 record-differs",
      "Item:2 record-missing",
    ]);
  });

  it("calls gone only what a whole list does not show and our copy has from before it", async () => {
    const { ports, records } = world({ records: 3, cards: 0 });
    records.pop();
    const [only, ...more] = (await verify(ports, options)).differences;
    expect(only).toMatchObject({ record: "Item:2", what: "record-gone", reason: "unexplained" });
    expect(more).toEqual([]);
  });

  it("marks with repair what nothing else heals, and nothing without", async () => {
    const { ports, copies, marked } = world({ records: 2, cards: 0 });
    copies.delete("0");
    expect((await verify(ports, options)).marked).toBe(0);
    expect(marked).toEqual([]);
    expect((await verify(ports, { ...options, repair: true })).marked).toBe(1);
    expect(marked).toEqual(["Item:0"]);
  });

  it("looks once more at a card that nothing explains: what changed meanwhile is no difference", async () => {
    const { ports } = world({ records: 0, cards: 2 });
    let asked = 0;
    const moving: VerifyPorts<Organization> = {
      ...ports,
      async *cards(live, parties) {
        asked += 1;
        for await (const states of ports.cards(live, parties))
          yield asked > 1
            ? states
            : states.map(({ parties: of }): CardState => ({ kind: "missing", parties: of, name: "" }));
      },
    };
    expect((await verify(moving, options)).differences).toEqual([]);
    expect(asked).toBe(2);
  });
});
