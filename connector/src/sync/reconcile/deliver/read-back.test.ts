import { describe, expect, it } from "vitest";
import { parseOrganizationId, parseSubdomain, RemoteFailure } from "../../../domain/index.ts";
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

const unanswered = new RemoteFailure({ system: "zendesk", operation: "show", code: "503", action: "wait", says: "" });

function bench(stored: string | null = "Ada", seenBefore = false) {
  const told: string[] = [];
  const noted: FormOfValue[] = [];
  let reads = 0;
  let remembers = true;
  let answers = true;
  const showByIds = () => {
    reads += 1;
    if (!answers) return Promise.reject(unanswered);
    const fields = { qbo_contact: stored };
    return Promise.resolve([
      { id, name: "Acme", externalId: undefined, domains: [], fields, keys: [], updatedAt: undefined },
    ]);
  };
  const readBack = new ReadBack(
    {
      writers: { live: { showByIds }, bulk: { showByIds } },
      values: {
        formsToBeKnown: (_, forms) => Promise.resolve(seenBefore ? forms.map(({ field }) => field) : []),
        noteForms: (_, forms) => {
          if (!remembers) return Promise.reject(new Error("the process dies here"));
          noted.push(...forms);
          return Promise.resolve(seenBefore ? forms.map(({ field }) => field) : []);
        },
      },
      incidents: { note: ({ cause }) => Promise.resolve(void told.push(cause)) },
      recheckFields: () => Promise.resolve(),
    },
    parseSubdomain("acme"),
  );
  const job = (of: Pending) => readBack.afterJob([{ pending: of, item: { id, fields: { qbo_contact: "Ada" } } }]);
  return {
    job,
    told,
    noted,
    reads: () => reads,
    dieBeforeRemembering: (dies: boolean) => void (remembers = !dies),
    answer: (does: boolean) => void (answers = does),
  };
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

  it("that Zendesk does not show is settled all the same, and the next one is read back in its place", async () => {
    const { job, reads, answer } = bench();
    answer(false);
    await job(pending(1));
    answer(true);
    await job(pending(1));
    await job(pending(1));
    expect(reads()).toBe(2);
  });

  it("whose form is known from now on is told of before it is remembered: a death in between costs no notice", async () => {
    const { job, told, noted, dieBeforeRemembering } = bench("ADA", true);
    dieBeforeRemembering(true);
    await expect(job(pending(1))).rejects.toThrow("dies");
    expect(told).toEqual(["altered-field:qbo_contact"]);
    dieBeforeRemembering(false);
    await job(pending(2));
    expect(told).toEqual(["altered-field:qbo_contact", "altered-field:qbo_contact"]);
    expect(noted).toHaveLength(1);
  });

  it("whose value comes back in another form is noted, not blamed", async () => {
    const { job, told, noted } = bench("ADA");
    await job(pending(1));
    expect(told).toEqual([]);
    expect(noted).toEqual([{ field: "qbo_contact", sent: "Ada", stored: "ADA" }]);
  });
});
