import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { incidentKinds, kindOf, severityOf } from "./causes.ts";

describe("the causes of incidents", () => {
  it("are all explained to operators, each with what opens and what resolves it", () => {
    const page = readFileSync(new URL("../../../../docs/operations.md", import.meta.url), "utf8");
    for (const [kind, { severity, opens, resolves }] of Object.entries(incidentKinds))
      expect(page).toContain(`| \`${kind}\` | ${severity} | ${opens} | ${resolves} |`);
  });

  it("have a kind, and what the kind says of them", () => {
    expect(kindOf("dropped-field:qbo_status")).toBe("dropped-field");
    expect(severityOf("quickbooks:grant-refused")).toBe("stopped");
    expect(severityOf("unreadable-record:Invoice:7")).toBe("notice");
  });
});
