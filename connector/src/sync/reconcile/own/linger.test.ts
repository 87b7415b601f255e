import { describe, expect, it } from "vitest";
import { lingerMs } from "./linger.ts";

const live = { few: 5, most: 100 };

describe("a lane's linger", () => {
  it("lets a few cards go as they come", () => {
    for (const claimed of [0, 1, 5]) expect(lingerMs(claimed, live)).toBe(0);
  });

  it("lets a burst gather for a second", () => {
    for (const claimed of [6, 99]) expect(lingerMs(claimed, live)).toBe(1_000);
  });

  it("goes on at once after a full claim: more waits", () => {
    expect(lingerMs(100, live)).toBe(0);
  });
});
