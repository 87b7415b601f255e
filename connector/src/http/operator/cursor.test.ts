import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cursorOf, numberOfCursor, pageOf, textOfCursor } from "./cursor.ts";

describe("a cursor", () => {
  it("gives back the place that it was made from", () => {
    expect(numberOfCursor(cursorOf([812]))).toBe(812);
    expect(textOfCursor(cursorOf(["customer:12"]))).toBe("customer:12");
    expect(numberOfCursor(undefined)).toBeUndefined();
  });

  it("that we did not make is refused in one way, whatever it is", () => {
    for (const text of [
      "",
      "x",
      cursorOf(["x"]),
      cursorOf([-1]),
      cursorOf([1.5]),
      Buffer.from("{}").toString("base64url"),
    ])
      expect(() => numberOfCursor(text)).toThrow("no cursor of ours");
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => textOfCursor(text)).toThrow("no cursor of ours");
      }),
    );
  });

  it("is given only where there is more", () => {
    expect(pageOf([1, 2], 2, (row) => row)).toEqual({ shown: [1, 2], next: null });
    expect(pageOf([1, 2, 3], 2, (row) => row)).toEqual({ shown: [1, 2], next: cursorOf([2]) });
    expect(pageOf([], 2, (row) => row)).toEqual({ shown: [], next: null });
  });
});
