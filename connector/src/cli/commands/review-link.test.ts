import { describe, expect, it } from "vitest";
import { parseOrganizationId } from "../../domain/index.ts";
import { chosenCandidate } from "./review-link.ts";

const candidates = [35_436_000_000_001, 35_436_000_000_002].map((id) => ({ organizationId: parseOrganizationId(id) }));

describe("chosenCandidate", () => {
  it("takes a candidate by its number and leaves everything else to the search in Zendesk", () => {
    expect(chosenCandidate("2", candidates)).toBe(35_436_000_000_002);
    for (const text of ["0", "3", "35436000000001", "Acme 1", "1.0", ""])
      expect(chosenCandidate(text, candidates)).toBeUndefined();
  });
});
