import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { waitLeft } from "./sign-in.ts";

const account = (failures: number, sinceLastMs = 0) => waitLeft({ key: "account:x", failures, sinceLastMs });

describe("the wait after failed sign-ins", () => {
  it("begins with the fifth failure of an account and doubles up to 15 minutes", () => {
    expect([4, 5, 6, 7].map((failures) => account(failures))).toEqual([0, 2_000, 4_000, 8_000]);
    expect(account(1_000)).toBe(15 * 60_000);
  });

  it("begins later for an address, behind which many people may sit", () => {
    expect(waitLeft({ key: "address:192.0.2.1", failures: 49, sinceLastMs: 0 })).toBe(0);
    expect(waitLeft({ key: "address:192.0.2.1", failures: 50, sinceLastMs: 0 })).toBe(2_000);
  });

  it("passes with time, and is forgotten after a day", () => {
    expect(account(6, 3_000)).toBe(1_000);
    expect(account(6, 4_000)).toBe(0);
    expect(account(1_000, 24 * 60 * 60_000)).toBe(0);
  });

  it("never grows while nothing fails", () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(1_000_000), fc.nat(1_000_000), (failures, one, more) => {
        expect(account(failures, one + more)).toBeLessThanOrEqual(account(failures, one));
      }),
    );
  });
});
