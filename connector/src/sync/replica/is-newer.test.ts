import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RecordCopy } from "../../domain/index.ts";
import { newness } from "./is-newer.ts";
import type { FormerCopy } from "./ports.ts";

interface Version {
  updated: number;
  token: number;
  read: number;
  content: number;
}

const instant = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);
const copyOf = ({ updated, token, content }: Version): RecordCopy => ({
  kind: "reference",
  entity: "Item",
  id: "1",
  name: undefined,
  record: {},
  createdAt: instant(0).toISOString(),
  updatedAt: instant(updated).toISOString(),
  syncToken: token,
  contentHash: Uint8Array.of(content),
});
const formerOf = ({ updated, token, read, content }: Version, deletedAt?: number): FormerCopy => ({
  kind: "reference",
  key: { entity: "Item", id: "1" },
  updatedAt: instant(updated),
  syncToken: token,
  readAt: instant(read),
  deletedAt: deletedAt === undefined ? undefined : instant(deletedAt),
  contentHash: Uint8Array.of(content),
});
const compare = (now: Version, before: Version) =>
  newness(copyOf(now), instant(now.read).toISOString(), formerOf(before));

const version: fc.Arbitrary<Version> = fc.record({
  updated: fc.integer({ min: 0, max: 3 }),
  token: fc.integer({ min: 0, max: 2 }),
  read: fc.integer({ min: 0, max: 4 }),
  content: fc.integer({ min: 0, max: 2 }),
});
const takes = (state: string) => state === "new" || state === "changed" || state === "touched";

describe("newness", () => {
  it("of two different versions at most one replaces the other, whichever comes first", () => {
    fc.assert(
      fc.property(version, version, (one, other) => {
        expect(takes(compare(one, other)) && takes(compare(other, one))).toBe(false);
      }),
    );
  });

  it("never lets an older version back in on the way through a newer one", () => {
    fc.assert(
      fc.property(version, version, version, (one, two, three) => {
        if (takes(compare(two, one)) && takes(compare(three, two))) expect(takes(compare(one, three))).toBe(false);
      }),
    );
  });

  it("takes a different content of the same second only from a later answer", () => {
    const before = { updated: 1, token: 1, read: 2, content: 1 };
    expect(compare({ ...before, content: 2, read: 3 }, before)).toBe("changed");
    expect(compare({ ...before, content: 2, read: 2 }, before)).toBe("older");
  });

  it("calls a moved time with equal content a touch, and equal times a mere re-reading", () => {
    const before = { updated: 1, token: 1, read: 2, content: 1 };
    expect(compare({ ...before, updated: 2, read: 3 }, before)).toBe("touched");
    expect(compare({ ...before, read: 3 }, before)).toBe("reread");
  });

  it("wakes a tombstone only by an answer that was given after it", () => {
    const before = formerOf({ updated: 1, token: 1, read: 2, content: 1 }, 5);
    const copy = copyOf({ updated: 9, token: 9, read: 0, content: 2 });
    expect(newness(copy, instant(5).toISOString(), before)).toBe("older");
    expect(newness(copy, instant(6).toISOString(), before)).toBe("new");
  });
});
