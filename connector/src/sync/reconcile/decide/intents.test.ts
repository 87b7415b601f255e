import { describe, expect, it } from "vitest";
import {
  type Answer,
  type Disposition,
  parseConnectionId,
  parseOrganizationId,
  parseSubdomain,
} from "../../../domain/index.ts";
import type { Link } from "../../links/ports.ts";
import { type IntentFacts, intentOf } from "./intents.ts";

const organization = parseOrganizationId(31_000_000_000_001);
const another = parseOrganizationId(31_000_000_000_002);
const party = { kind: "customer", id: "12" } as const;

describe("what is to become of a family", () => {
  it("keeps a link that nobody contradicts, in scope or not", () => {
    expect(intentOf(facts({ link: link("email"), inScope: false })).kind).toBe("keep");
  });

  it("unlinks what a person made and then undid", () => {
    expect(intentOf(facts({ link: link("answer") })).kind).toBe("unlink");
  });

  it("never unlinks what the evidence made only because nobody answered", () => {
    for (const step of ["key", "email", "name", "created"] as const)
      expect(intentOf(facts({ link: link(step) })).kind).toBe("keep");
  });

  it("unlinks before it links elsewhere, so that the old organization is cleared first", () => {
    expect(intentOf(facts({ link: link("email"), answer: { kind: "link", organizationId: another } })).kind).toBe(
      "unlink",
    );
    expect(intentOf(facts({ answer: { kind: "link", organizationId: another } }))).toMatchObject({
      kind: "adopt",
      organizationId: another,
    });
  });

  it("keeps a link that the answer confirms", () => {
    expect(intentOf(facts({ link: link("email"), answer: { kind: "link", organizationId: organization } })).kind).toBe(
      "keep",
    );
  });

  it("lets an ignored party rest, after its link ended", () => {
    expect(intentOf(facts({ link: link("email"), answer: { kind: "ignore" } })).kind).toBe("unlink");
    expect(intentOf(facts({ answer: { kind: "ignore" } }))).toEqual({
      kind: "rest",
      disposition: { kind: "ignored", by: "Ada" },
    });
  });

  it("waits for the organization of the party it is to join", () => {
    const answer: Answer = { kind: "join", with: { kind: "vendor", id: "5" } };
    expect(intentOf(facts({ answer }))).toMatchObject({
      kind: "rest",
      disposition: { kind: "parked", waitsFor: ["party:vendor:5"] },
    });
    expect(intentOf(facts({ answer, joinTarget: another }))).toMatchObject({ kind: "adopt", organizationId: another });
  });

  it("creates on a person's word even out of scope", () => {
    expect(intentOf(facts({ answer: { kind: "create" }, inScope: false }))).toEqual({ kind: "create", by: "Ada" });
  });

  it("asks the evidence only in scope", () => {
    expect(intentOf(facts({}))).toEqual({ kind: "match", evidence: "all" });
    expect(intentOf(facts({ inScope: false }))).toEqual({ kind: "rest", disposition: { kind: "out-of-scope" } });
  });

  it("finds by its key alone who was linked and has left scope since, where the link is forgotten", () => {
    expect(intentOf(facts({ inScope: false, hasKey: true }))).toEqual({ kind: "match", evidence: "key" });
  });

  it("leaves a project out, linked or known by its key, unless a person answered about it", () => {
    expect(intentOf(facts({ leftOut: true, link: link("created") })).kind).toBe("unlink");
    expect(intentOf(facts({ leftOut: true, hasKey: true }))).toEqual({
      kind: "rest",
      disposition: { kind: "out-of-scope", because: "project" },
    });
    expect(intentOf(facts({ leftOut: true, answer: { kind: "create" } })).kind).toBe("create");
    const answer: Answer = { kind: "link", organizationId: organization };
    expect(intentOf(facts({ leftOut: true, answer, link: link("answer") })).kind).toBe("keep");
  });

  it("does not bring back by itself what somebody deleted in Zendesk", () => {
    const previous: Disposition = {
      kind: "parked",
      reason: "deleted-in-zendesk",
      says: "",
      candidates: [],
      waitsFor: [],
    };
    expect(intentOf(facts({ previous }))).toEqual({ kind: "rest", disposition: previous });
    expect(intentOf(facts({ previous, answer: { kind: "create" } })).kind).toBe("create");
  });

  it("lets a party go that QuickBooks merged into another one, whatever anybody answered, and never makes it anew", () => {
    const gone = { merged: true, answer: { kind: "link" as const, organizationId: organization } };
    expect(intentOf(facts({ ...gone, link: link("answer") }))).toMatchObject({ kind: "unlink", merged: true });
    expect(intentOf(facts(gone))).toEqual({ kind: "rest", disposition: { kind: "out-of-scope" } });
  });
});

function facts(given: Partial<Omit<IntentFacts, "answer">> & { answer?: Answer }): IntentFacts {
  const { answer, ...rest } = given;
  return {
    link: undefined,
    joinTarget: undefined,
    previous: undefined,
    inScope: true,
    leftOut: false,
    hasKey: false,
    merged: false,
    ignoredBy: undefined,
    ...rest,
    answer: answer && { party, answer, who: "Ada" },
  };
}

function link(step: Link["step"]): Link {
  return {
    connectionId: parseConnectionId(1),
    party,
    subdomain: parseSubdomain("acme"),
    organizationId: organization,
    origin: "adopted",
    step,
    evidence: [],
    confirmedBy: undefined,
  };
}
