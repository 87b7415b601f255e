import { describe, expect, it } from "vitest";
import { parseOrganizationId, parseSubdomain } from "../../../domain/index.ts";
import type { FormOfValue } from "../ports.ts";
import type { Pending } from "../settle/pending.ts";
import { ReadBack } from "./read-back.ts";

const id = parseOrganizationId(7);

/** Of a pending only what reading back looks at. */
const pending = (mappingVersion: number, restored: string[] = []) =>
  ({
    decision: { kind: "update", before: { qbo_contact: "Bob" } },
    connection: { id: 1, mappingVersion, mapping: { owned: [{ key: "qbo_contact", type: "text" }] } },
    upkeep: { organizationId: id, restored, leftAlone: [] },
  }) as unknown as Pending;

function bench(stored: string | null = "Ada") {
  const told: string[] = [];
  const noted: FormOfValue[] = [];
  let reads = 0;
  const showByIds = () => {
    reads += 1;
    const fields = { qbo_contact: stored };
    return Promise.resolve([
      { id, name: "Acme", externalId: undefined, domains: [], fields, keys: [], updatedAt: undefined },
    ]);
  };
  const readBack = new ReadBack(
    {
      writers: { live: { showByIds }, bulk: { showByIds } },
      values: { noteForms: (_, forms) => Promise.resolve(void noted.push(...forms)).then(() => []) },
      incidents: { note: ({ cause }) => Promise.resolve(void told.push(cause)) },
      recheckFields: () => Promise.resolve(),
    },
    parseSubdomain("acme"),
  );
  const job = (of: Pending) => readBack.afterJob([{ pending: of, item: { id, fields: { qbo_contact: "Ada" } } }]);
  return { job, told, noted, reads: () => reads };
}

describe("a job", () => {
  it("is read back whole when it is the first under a mapping, afterwards one in twenty", async () => {
    const { job, reads } = bench();
    for (let jobs = 0; jobs < 41; jobs += 1) await job(pending(1));
    expect(reads()).toBe(3);
    await job(pending(2));
    expect(reads()).toBe(4);
  });

  it("that restores what somebody changed is read back always", async () => {
    const { job, reads } = bench();
    for (let jobs = 0; jobs < 5; jobs += 1) await job(pending(1, ["qbo_contact"]));
    expect(reads()).toBe(5);
  });

  it("whose value is kept as it was before, or is empty, is an incident", async () => {
    for (const stored of ["Bob", null]) {
      const { job, told, noted } = bench(stored);
      await job(pending(1));
      expect(told).toEqual(["dropped-field:qbo_contact"]);
      expect(noted).toEqual([]);
    }
  });

  it("whose value comes back as it did the first time, when it is restored, is noted", async () => {
    const { job, told, noted } = bench("Bob");
    await job(pending(1, ["qbo_contact"]));
    expect(told).toEqual([]);
    expect(noted).toHaveLength(1);
  });

  it("whose value comes back in another form is noted, not blamed", async () => {
    const { job, told, noted } = bench("ADA");
    await job(pending(1));
    expect(told).toEqual([]);
    expect(noted).toEqual([{ field: "qbo_contact", sent: "Ada", stored: "ADA" }]);
  });
});
