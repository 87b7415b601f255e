import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRealm } from "../../domain/index.ts";
import { sampleParty } from "../samples.ts";
import { organizationName, rankForName } from "./index.ts";

const shuffled = <Item>(items: readonly Item[]) => fc.shuffledSubarray([...items], { minLength: items.length });

function named(
  displayName: string,
  said: { suffix?: 0 | 1 | 2; fullyQualifiedName?: string; separateFamilies?: boolean } = {},
) {
  const party = sampleParty("vendor", "56", { displayName });
  return organizationName(
    said.fullyQualifiedName === undefined
      ? party
      : { ...party, kind: "customer", fullyQualifiedName: said.fullyQualifiedName },
    { separateFamilies: said.separateFamilies ?? false, suffix: said.suffix ?? 0 },
  );
}

describe("organizationName", () => {
  it("is the display name in NFC, without control characters, bars and double blanks", () => {
    expect(named(" Cafe\u0301|Bar\t\u0007 Inc ")).toBe("Caf\u00e9 Bar Inc");
  });
  it("never says (deleted) at the end, and says it elsewhere", () => {
    expect(named("Acme (deleted)")).toBe("Acme");
    expect(named("Acme (Deleted) (deleted)")).toBe("Acme");
    expect(named("Acme (deleted) Parts")).toBe("Acme (deleted) Parts");
  });
  it("adds the kind, then the number", () => {
    expect(named("Acme", { suffix: 1 })).toBe("Acme (vendor)");
    expect(named("Acme", { suffix: 2 })).toBe("Acme (vendor 56)");
  });
  it("is cut to 255 with its suffix, never within a character", () => {
    expect(named("x".repeat(500))).toHaveLength(255);
    expect(named("x".repeat(500), { suffix: 2 })).toBe(`${"x".repeat(243)} (vendor 56)`);
    expect(named(`${"x".repeat(254)}\u{1F600}`)).toBe("x".repeat(254));
  });
  it("names a separate sub-customer with its parents, a rolled-up one not", () => {
    const fullyQualifiedName = "Freeman (deleted):0969 Ocean|View (deleted)";
    expect(named("Top", { fullyQualifiedName, separateFamilies: true })).toBe("Freeman / 0969 Ocean View");
    expect(named("Top", { fullyQualifiedName })).toBe("Top");
  });
  it("falls to kind and number where nothing is left", () => {
    expect(named("||")).toBe("vendor 56");
  });
});

describe("rankForName", () => {
  const realm = parseRealm("9130357766900456");
  const party = (kind: "customer" | "vendor", id: string, active = true, of = realm) => ({
    kind,
    id,
    active,
    realm: of,
  });
  const key = (text: string, of: string = realm) => `qbo:${of}:${text}`;

  it("gives the bare name to the first by rank, the kind to the first others, the number to the rest", () => {
    const levels = rankForName([
      party("vendor", "9"),
      party("vendor", "10"),
      party("customer", "7"),
      party("customer", "30"),
      party("customer", "100"),
    ]);
    expect(Object.fromEntries(levels)).toEqual({
      [key("customer:7")]: 0,
      [key("customer:30")]: 1,
      [key("customer:100")]: 2,
      [key("vendor:9")]: 1,
      [key("vendor:10")]: 2,
    });
  });
  it("puts an active vendor before an inactive customer, and a lower company before a higher", () => {
    const other = parseRealm("30");
    expect(rankForName([party("customer", "1", false), party("vendor", "9")]).get(key("vendor:9"))).toBe(0);
    expect(
      rankForName([party("customer", "1"), party("customer", "2", true, other)]).get(key("customer:2", other)),
    ).toBe(0);
  });
  it("never depends on arrival", () => {
    const parties = [
      party("vendor", "9"),
      party("vendor", "10"),
      party("customer", "7", false),
      party("customer", "30"),
    ];
    fc.assert(
      fc.property(shuffled(parties), (order) => {
        expect(rankForName(order)).toEqual(rankForName(parties));
      }),
    );
  });
});
