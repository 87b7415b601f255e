// Links: remembered pairs of party and organization, people's answers, and the evidence from which matches are made.
// Not the matching rules (see rules/matching) and not the directory: it brings both together for reconcile.
// Called by reconcile (world, links, standings) and by the command line (review queue, answers).
export type { EvidencePorts } from "./match-world.ts";
export { loadMatchWorld, topOf } from "./match-world.ts";
export type {
  Claimants,
  EvidenceDirectory,
  EvidenceReplica,
  Link,
  LinkStore,
  ParkedParty,
  StandingAnswer,
} from "./ports.ts";
