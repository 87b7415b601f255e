import { describe, expect, it } from "vitest";
import { OperatorError } from "../domain/index.ts";
import { checkSettings, readSettings } from "./settings.ts";

describe("the settings of a connection", () => {
  it("have a default for everything", () => {
    const settings = readSettings({});
    expect(settings).toMatchObject({
      scope: "default",
      graceDays: 0,
      members: true,
      maxAttempts: 12,
      gatherSeconds: 0,
      freshnessSeconds: 5,
    });
    expect(settings.tolerance.toFixed(2)).toBe("1.00");
    expect(readSettings(null)).toEqual(settings);
  });

  it("keep what was set, and ignore keys of another version", () => {
    expect(readSettings({ scope: "all", tolerance: "0.05", later: true })).toMatchObject({
      scope: "all",
    });
    expect(readSettings({ tolerance: "0.05" }).tolerance.toString()).toBe("0.05");
  });

  it("take a list as words with commas between, and refuse a word that is none of theirs", () => {
    expect(checkSettings({ ticketFields: "item, vendor" })).toEqual({ ticketFields: ["item", "vendor"] });
    expect(checkSettings({ ticketFields: "none" })).toEqual({ ticketFields: [] });
    expect(checkSettings({ ticketFields: ["category"] })).toEqual({ ticketFields: ["category"] });
    expect(() => checkSettings({ ticketFields: "items" })).toThrow(/ticketFields/);
  });

  it("are stored as a person gave them", () => {
    expect(checkSettings({ graceDays: 3 })).toEqual({ graceDays: 3 });
  });

  it("name every mistake at once", () => {
    const check = () => checkSettings({ scope: "some", graceDays: -1, tolerance: "1e9", colour: "red" });
    expect(check).toThrow(OperatorError);
    for (const word of ["scope", "graceDays", "tolerance", "colour"]) expect(check).toThrow(word);
  });
});
