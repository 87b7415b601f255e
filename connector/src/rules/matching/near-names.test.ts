import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nearEnough, nearForm, nearKeys, nearness, normaliseName } from "./index.ts";

const likeness = (one: string, other: string) => nearness(nearForm(one), nearForm(other));
const keysOf = (name: string) => nearKeys(normaliseName(name).stem);
const meet = (one: string, other: string) => keysOf(one).some((key) => keysOf(other).includes(key));
const near = (one: string, other: string) => meet(one, other) && likeness(one, other) >= nearEnough;

describe("near names", () => {
  it("meet where a person would look twice", () => {
    for (const [one, other] of [
      ["Aldridge Plumbing", "Aldridge Plumbings"],
      ["Aldridge Plumbing Service", "Aldridge Plumbing Services"],
      ["The Aldridge Plumbing", "Aldridge Plumbing"],
      ["Aldridge Plumbing Group", "Aldridge Plumbing"],
      ["Aldridge Plumbing (EUR)", "Aldridge Plumbing"],
      ["Aldridge Plumbing East", "Aldridge Plumbing West"],
      ["Saint Aldridge Plumbing", "St. Aldridge Plumbing"],
      ["McAldridge Plumbing", "MacAldridge Plumbing"],
      ["Mueller Maschinenbau", "Müller Maschinenbau"],
      ["Plumbing Aldridge", "Aldridge Plumbing"],
      ["Aldridge Plumbing Ltd", "Aldridge Plumbing Inc"],
    ] as const)
      expect(near(one, other), `${one} | ${other}`).toBe(true);
  });
  it("do not meet where only the trade, the town or a common word is the same", () => {
    for (const [one, other] of [
      ["Aldridge Plumbing", "Kestrel Plumbing"],
      ["Aldridge Plumbing", "Aldridge Bakery"],
      ["Kestrel Services", "Aldridge Services"],
      ["The Group", "The Holding"],
      ["東京商事", "Tokyo Shoji"],
    ] as const)
      expect(near(one, other), `${one} | ${other}`).toBe(false);
  });
  it("are as near one way as the other, and a name is nearest to itself", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), (one, other) => {
        expect(likeness(one, other)).toBe(likeness(other, one));
        expect(likeness(one, one)).toBe(1);
        expect(likeness(one, other)).toBeGreaterThanOrEqual(0);
        expect(keysOf(one).length).toBeLessThanOrEqual(3);
      }),
    );
  });
});
