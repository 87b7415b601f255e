import type { OrganizationId } from "./ids.ts";
import type { PartyKey } from "./keys.ts";

/** How a link was found. Ordered by strength: an earlier one beats a later one. */
export const matchSteps = ["key", "email", "domain", "name", "created", "answer"] as const;
export type MatchStep = (typeof matchSteps)[number];

export type ParkReason =
  | "several-organizations"
  | "several-parties"
  | "container"
  | "legal-form"
  | "domain-contradicts"
  | "name-taken"
  | "deleted-in-zendesk"
  | "changed-since-plan"
  | "failed";

export interface Candidate {
  organizationId: OrganizationId;
  name: string;
  /** 0..1, for the order in which candidates are shown. */
  score: number;
  evidence: string[];
}

/** What a parked party waits for; a change to any of these marks it. Text forms: `name:<stem>`, `address:<address>`, `organization:<id>`, `party:<customer:12>`. */
export type WaitKey = string;

/** At rest every party is exactly one of these (domain law 2). */
export type Disposition =
  | { kind: "linked"; organizationId: OrganizationId; step: MatchStep }
  | { kind: "rolled-up"; into: PartyKey }
  | { kind: "parked"; reason: ParkReason; says: string; candidates: Candidate[]; waitsFor: WaitKey[] }
  | { kind: "ignored"; by: string }
  /** `project`: it is one, or below one, and the setting `families` leaves these out. Else there is too little life in it. */
  | { kind: "out-of-scope"; because?: "project" };
