import { describe, expect, it } from "vitest";
import { parseOrganizationId } from "../../../domain/index.ts";
import type { Owner } from "../own/owner.ts";
import type { Pending } from "../settle/pending.ts";
import { settleResults } from "./outcomes.ts";

const id = parseOrganizationId(7);

/** Of a pending only what settling an update looks at. */
const pending = {
  decision: {
    kind: "update",
    organization: { id },
    name: undefined,
    changed: {},
    before: {},
    links: [],
    families: [],
    facts: { nextFlipOn: undefined, faults: [], mixedCurrency: false, members: [] },
    unlinked: [],
  },
  connection: { id: 1, mappingVersion: 1 },
  marks: [],
  causes: [],
  attempts: 0,
  previous: new Map(),
} as unknown as Pending;

describe("the end of a job", () => {
  it("is compared with what was sent before its cards are settled: a death in between leaves writes open", async () => {
    const steps: string[] = [];
    const died = new Error("the process dies here");
    const owner = (dies: boolean) =>
      ({
        readBack: { afterJob: () => (dies ? Promise.reject(died) : Promise.resolve(void steps.push("compared"))) },
        commit: () => Promise.resolve(void steps.push("settled")),
      }) as unknown as Owner;
    const written = [{ pending, writeId: 1, item: { id, fields: {} } }];
    const settle = (of: Owner) =>
      settleResults(of, written, [{ kind: "done", id }], undefined, () => Promise.reject(died));
    await expect(settle(owner(true))).rejects.toBe(died);
    expect(steps).toEqual([]);
    await settle(owner(false));
    expect(steps).toEqual(["compared", "settled"]);
  });
});
