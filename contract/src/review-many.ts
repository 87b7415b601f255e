// Answers for many at once: by rule, by name, about organizations that hold several clients, about names that look alike.
import { z } from "zod";
import { reviewList } from "./review.ts";
import { connectionId, count, instant, organizationId, parkReason, party, partyText } from "./values.ts";

const organization = z.object({ organizationId, name: z.string() });
const kind = z.enum(["customer", "vendor"]);

/** The queue as a person sees it: whoever waits because of an organization of many clients is counted there, not listed one by one. */
export const reviewQueue = reviewList.extend({
  containers: z.array(organization.extend({ parties: count, examples: z.array(party) })),
});
export type ReviewQueue = z.infer<typeof reviewQueue>;

/** Filters that are null do not matter. `link`: to the only candidate. */
export const bulkRule = z.object({
  answer: z.enum(["link", "create", "ignore"]),
  reason: parkReason.nullable(),
  kind: kind.nullable(),
  name: z.string().nullable(),
  organizationId: organizationId.nullable(),
  candidates: z.enum(["none", "one"]).nullable(),
  sameDomain: z.boolean(),
});
export type BulkRuleView = z.infer<typeof bulkRule>;

/** What a rule answers. Not applied: what it would answer. `shared`: organizations that show several of our parties then. */
export const bulkResult = z.object({
  connectionId,
  rule: bulkRule,
  applied: z.boolean(),
  batch: z.int().positive().nullable(),
  answers: count,
  examples: z.array(party.extend({ organization: organization.nullable() })),
  shared: z.array(organization.extend({ parties: count })),
  /** The command that takes all of it back. */
  undo: z.string().nullable(),
});
export type BulkResult = z.infer<typeof bulkResult>;

export const batchList = z.object({
  connectionId,
  batches: z.array(
    z.object({
      batch: z.int().positive(),
      rule: bulkRule,
      answers: count,
      who: z.string(),
      at: instant,
      undone: z.object({ who: z.string(), at: instant }).nullable(),
    }),
  ),
});
export type BatchList = z.infer<typeof batchList>;

/** `answers`: those that still stood. */
export const batchUndone = z.object({ connectionId, batch: z.int().positive(), answers: count });
export type BatchUndone = z.infer<typeof batchUndone>;

export const severalClients = z.object({
  connectionId,
  organizations: z.array(organization.extend({ who: z.string() })),
});
export type SeveralClients = z.infer<typeof severalClients>;

const ignoreRule = z.object({
  rule: z.int().positive(),
  name: z.string(),
  kind: kind.nullable(),
  who: z.string(),
  at: instant,
});

export const ignoreList = z.object({
  connectionId,
  rules: z.array(ignoreRule),
  parties: z.array(party.extend({ by: z.string() })),
  more: z.boolean(),
});
export type IgnoreList = z.infer<typeof ignoreList>;

/** `parties`: whom the rule is for now. Not applied: nothing was stored, `rule` is null. */
export const ignoreRuleResult = z.object({
  connectionId,
  rule: z.int().positive().nullable(),
  name: z.string(),
  applied: z.boolean(),
  parties: count,
  linked: count,
  examples: z.array(party),
});
export type IgnoreRuleResult = z.infer<typeof ignoreRuleResult>;

export const ignoreRuleEnded = z.object({ connectionId, rule: z.int().positive() });

export const duplicateList = z.object({
  connectionId,
  pairs: z.array(
    organization.extend({
      score: z.number().min(0).max(1),
      party: partyText,
      other: organization.extend({ party: partyText.nullable() }),
      /** The command that makes one card of both, and the one that says they are not the same. */
      join: z.string(),
      dismiss: z.string(),
    }),
  ),
  more: z.boolean(),
});
export type DuplicateList = z.infer<typeof duplicateList>;

export const duplicatesDismissed = z.object({ connectionId, organizations: z.array(organizationId).length(2) });
