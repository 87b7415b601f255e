import { describe, expect, it } from "vitest";
import { parseOrganizationId } from "../../../domain/index.ts";
import { chooseCanaries } from "./effects.ts";
import {
  type EffectKind,
  type FoundEffect,
  type PlanEvent,
  planStateAfter,
  planStatesBefore,
  planTransitions,
  type Trait,
} from "./ports.ts";
import { isAsApproved } from "./screen.ts";

const organization = parseOrganizationId(910_000_000_601);
const other = parseOrganizationId(910_000_000_602);

const approved = (effect: EffectKind, organizationId?: typeof organization) => ({ effect, organizationId });
const found = (effect: EffectKind, organizationId: typeof organization | null = null): FoundEffect => ({
  effect,
  organizationId,
  organization: null,
});

describe("an approved effect", () => {
  it("is written when it is still of its kind, of the same organization", () => {
    expect(isAsApproved(approved("create"), found("create"), false)).toBe(true);
    expect(isAsApproved(approved("adopt", organization), found("adopt", organization), false)).toBe(true);
  });

  it("is not written when it became another kind, or concerns another organization", () => {
    expect(isAsApproved(approved("create"), found("adopt", organization), false)).toBe(false);
    expect(isAsApproved(approved("adopt", organization), found("create"), false)).toBe(false);
    expect(isAsApproved(approved("adopt", organization), found("adopt", other), false)).toBe(false);
    expect(isAsApproved(approved("parked"), found("create"), false)).toBe(false);
    expect(isAsApproved(approved("update", organization), found("rename", organization), false)).toBe(false);
  });

  it("is written whatever it became when a person has answered since", () => {
    expect(isAsApproved(approved("parked"), found("adopt", organization), true)).toBe(true);
  });

  it("may have other figures than the plan showed, or none to write any more", () => {
    expect(isAsApproved(approved("unchanged", organization), found("update", organization), false)).toBe(true);
    expect(isAsApproved(approved("update", organization), found("unchanged", organization), false)).toBe(true);
    expect(isAsApproved(approved("create"), found("out-of-scope"), false)).toBe(true);
  });
});

describe("canaries", () => {
  const effect = (card: string, kind: EffectKind, ...traits: Trait[]) => ({ card, effect: kind, traits });

  it("show each kind and each trait once, and no card that is not written", () => {
    const plan = [
      effect("customer:1", "unchanged", "family"),
      effect("customer:2", "create"),
      effect("customer:3", "create", "family"),
      effect("customer:4", "adopt"),
      effect("customer:5", "create", "mixed-currency", "family"),
      effect("vendor:6", "create", "vendor-only"),
      effect("vendor:7", "create", "vendor-only"),
      effect("customer:8", "parked"),
    ];
    expect(chooseCanaries(plan)).toEqual(["customer:2", "customer:3", "customer:4", "customer:5", "vendor:6"]);
  });

  it("are few, however large the plan", () => {
    const kinds = ["create", "adopt", "rename", "update", "clear"] as const;
    const traits = ["family", "vendor-only", "customer-and-vendor", "mixed-currency", "members", "joined"] as const;
    const plan = Array.from({ length: 900 }, (_, index) =>
      effect(`customer:${index}`, kinds[index % 5] ?? "create", traits[index % 6] ?? "family"),
    );
    expect(chooseCanaries(plan).length).toBeLessThanOrEqual(12);
  });
});

describe("the states of a plan", () => {
  it("are each reached by exactly one event, which leads nowhere else", () => {
    for (const event of Object.keys(planTransitions.drafted) as PlanEvent[]) {
      const reached = planStatesBefore(event).map((state) => planTransitions[state][event]);
      expect(new Set(reached)).toEqual(new Set([planStateAfter(event)]));
    }
  });

  it("never let a plan be approved twice, nor one that was discarded or undone", () => {
    expect(planStatesBefore("approve")).toEqual(["proposed", "trying", "stopped"]);
    expect(planStatesBefore("restore")).toEqual(["trying", "stopped", "applied"]);
  });
});
