import { describe, expect, it } from "vitest";
import { type JsonObject, parseOrganizationId } from "../../domain/index.ts";
import { toJobState } from "./job-results.ts";

const id = (number: number) => parseOrganizationId(number);
const creates = [
  { name: "Acme", externalId: "qbo:1:customer:1" },
  { name: "Birds", externalId: "qbo:1:customer:2" },
  { name: "Cats", externalId: "qbo:1:customer:3" },
];
const updates = [{ id: id(101) }, { id: id(102) }, { id: id(103) }];
const results = (list: unknown, items: Parameters<typeof toJobState>[1], status = "completed") => {
  const state = toJobState({ id: "V3-1", status, results: list } as JsonObject, items);
  if (state.state !== "ended") throw new Error(state.state);
  return state.results;
};
const done = (number: number) => ({ kind: "done", id: number });

describe("a job's results", () => {
  it("come in input order where they carry no index, as recorded", () => {
    expect(
      results(
        [
          { id: 11, status: "Created" },
          { id: 12, status: "Created" },
          { id: 13, status: "Created" },
        ],
        creates,
      ),
    ).toEqual([done(11), done(12), done(13)]);
  });

  it("find their item by index, as documented, in whatever order", () => {
    expect(
      results(
        [
          { id: 13, index: 2 },
          { id: 11, index: 0 },
        ],
        creates,
      ),
    ).toEqual([done(11), { kind: "unknown" }, done(13)]);
  });

  it("find their item by id", () => {
    const updated = (number: number) => ({ action: "update", id: number, status: "Updated", success: true });
    expect(results([updated(103), updated(101)], updates)).toEqual([done(101), { kind: "unknown" }, done(103)]);
  });

  it("find their item by external id", () => {
    expect(results([{ id: 12, external_id: "qbo:1:customer:2", status: "Created" }], creates)).toEqual([
      { kind: "unknown" },
      done(12),
      { kind: "unknown" },
    ]);
  });

  it("hold failures in a completed job, each at its place", () => {
    const failed = { id: 102, action: "update", success: false, error: "RecordInvalid", details: "..." };
    expect(results([{ id: 101, success: true }, failed, { id: 103, success: true }], updates)).toMatchObject([
      done(101),
      { kind: "failed", code: "RecordInvalid", duplicateName: false },
      done(103),
    ]);
    expect(
      results(
        [{ index: 0, error: "OrganizationCreateFailed", details: "Description: cannot be blank" }],
        creates,
        "failed",
      ),
    ).toMatchObject([
      { kind: "failed", code: "OrganizationCreateFailed", duplicateName: false },
      { kind: "unknown" },
      { kind: "unknown" },
    ]);
  });

  it("tell a taken name by its code, or by a sentence that quotes the name", () => {
    const details = { name: [{ description: "...", error: "DuplicateValue" }] };
    expect(results([{ index: 1, error: "RecordInvalid", details }], creates)[1]).toMatchObject({
      code: "DuplicateValue",
      duplicateName: true,
    });
    const german = { index: 1, error: "Failed", details: "Name: Birds wird bereits verwendet" };
    expect(results([german], creates)[1]).toMatchObject({ kind: "failed", duplicateName: true });
    expect(results([{ index: 0, error: "Failed", details: german.details }], creates)[0]).toMatchObject({
      duplicateName: false,
    });
  });

  it("never carry Zendesk's sentence, which may quote people's names", () => {
    expect(JSON.stringify(results([{ index: 0, error: "x", details: "Acme" }], creates))).not.toContain("Acme");
  });

  it("are unknown where the job says nothing, so that the records are read", () => {
    const nothing = [{ kind: "unknown" }, { kind: "unknown" }, { kind: "unknown" }];
    for (const list of [null, undefined, [], {}, "done", [null, null, null], [{}, {}, {}], [{ index: 7, id: 1 }]])
      expect(results(list, creates)).toEqual(nothing);
    expect(results(null, creates, "failed")).toEqual(nothing);
    expect(results(null, creates, "killed")).toEqual(nothing);
    // Two results for three items without any key: order proves nothing.
    expect(results([{ id: 11 }, { id: 12 }], creates)).toEqual(nothing);
  });

  it("are not there while the job runs", () => {
    expect(toJobState({ status: "queued", total: 3, progress: null }, creates)).toEqual({
      state: "queued",
      total: 3,
      progress: 0,
    });
    expect(toJobState({ status: "working", total: 3, progress: 2 }, creates)).toEqual({
      state: "working",
      total: 3,
      progress: 2,
    });
  });
});
