import { describe, expect, it } from "vitest";
import { checkMapping, presets } from "./index.ts";

describe("a preset", () => {
  it.each(presets.map(({ name, document }) => [name, document] as const))("%s may be saved as it is", (_, document) => {
    expect(checkMapping(document)).toEqual({ document });
  });
  it("has one definition of each field: what one preset made serves the others", () => {
    const targets = presets.flatMap(({ document }) => document.rows.map(({ target }) => target));
    for (const target of targets) expect(targets.find(({ key }) => key === target.key)).toEqual(target);
  });
  it("status-only looks at no figure, in no field and in no note", () => {
    const document = presets.find(({ name }) => name === "status-only")?.document;
    expect(document?.note).toBeUndefined();
    const sources = document?.rows.map(({ value }) => ("source" in value ? value.source : "computed"));
    expect(sources).toEqual([
      "customer.status",
      "vendor.status",
      "card.relation",
      "profile.active",
      "card.link",
      "card.key",
    ]);
    for (const { target } of document?.rows ?? []) expect(["dropdown", "checkbox", "text"]).toContain(target.type);
  });
});
