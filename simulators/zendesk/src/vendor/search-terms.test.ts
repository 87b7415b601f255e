import { describe, expect, it } from "vitest";
import { readTerms } from "./search-terms.ts";

describe("readTerms", () => {
  it("reads words, quoted words, properties and comparisons", () => {
    expect(readTerms('type:organization "Acme Birds" updated>2026-01-01 name:"Two Words" bil*')).toEqual([
      { key: "type", text: "organization", comparison: ":" },
      { key: "", text: "acme birds", comparison: ":" },
      { key: "updated", text: "2026-01-01", comparison: ">" },
      { key: "name", text: "two words", comparison: ":" },
      { key: "", text: "bil", comparison: ":" },
    ]);
  });

  it("finds nothing in nothing", () => {
    expect(readTerms('  "" * ')).toEqual([]);
  });
});
