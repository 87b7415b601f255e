// Links: remembered pairs of party and organization, people's answers, and the evidence from which matches are made.
// Not the matching rules (see rules/matching) and not the directory: it brings both together for reconcile.
// Called by reconcile (world, links, standings) and by the command line (review queue, answers).
export { longestPattern } from "../../rules/matching/index.ts";
export type { BulkAnswer, BulkPorts, BulkProposal } from "./bulk-answers.ts";
export { proposeAnswers } from "./bulk-answers.ts";
export { ignoredBy, isFor } from "./ignored-by.ts";
export type { EvidencePorts } from "./match-world.ts";
export { loadMatchWorld, topOf } from "./match-world.ts";
export type {
  AnswerBatch,
  BulkFilter,
  BulkRule,
  Claimants,
  ContainerQuestion,
  EvidenceDirectory,
  EvidenceReplica,
  IgnorePattern,
  IgnoreRule,
  Link,
  LinkStore,
  ParkedParty,
  ReviewStore,
  StandingAnswer,
} from "./ports.ts";
export type { PossibleDuplicate } from "./possible-duplicates.ts";
export { possibleDuplicates } from "./possible-duplicates.ts";
