// Values that several answers share.
import { z } from "zod";

export const instant = z.iso.datetime({ offset: true });
export const day = z.iso.date();
export const count = z.int().nonnegative();
export const connectionId = z.int().positive();
/** Zendesk's ids of organizations: whole numbers below 2^53. */
export const organizationId = z.int().positive();
/** `customer:12`, `vendor:5`. */
export const partyText = z.string().regex(/^(customer|vendor):\d{1,20}$/);
/** An amount without exponent, such as `1234.5`: never a JSON number, which would be a binary float. */
export const amount = z.string().regex(/^-?\d+(\.\d+)?$/);

export const fieldValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type FieldValueView = z.infer<typeof fieldValue>;
export const fieldValues = z.record(z.string(), fieldValue);

export const matchStep = z.enum(["key", "email", "domain", "name", "created", "answer"]);
export const parkReason = z.enum([
  "several-organizations",
  "several-parties",
  "container",
  "legal-form",
  "domain-contradicts",
  "name-taken",
  "deleted-in-zendesk",
  "changed-since-plan",
  "failed",
]);

/** Why something was looked at. */
export const cause = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("webhook"),
    eventId: z.string(),
    type: z.string(),
    at: z.string(),
    mergedInto: z.string().optional(),
  }),
  z.object({ kind: z.literal("poll"), at: z.string() }),
  z.object({ kind: z.literal("sweep"), run: z.string(), at: z.string() }),
  z.object({ kind: z.literal("ripple"), of: z.string(), at: z.string() }),
  z.object({ kind: z.literal("clock"), day: z.string(), at: z.string() }),
  z.object({ kind: z.literal("person"), who: z.string(), what: z.string(), at: z.string() }),
  z.object({ kind: z.literal("zendesk"), what: z.string(), at: z.string() }),
  z.object({ kind: z.literal("healed"), what: z.string(), at: z.string() }),
  z.object({ kind: z.literal("retry"), failure: z.string(), at: z.string() }),
]);
export type CauseView = z.infer<typeof cause>;

export const party = z.object({ party: partyText, displayName: z.string() });
export type PartyView = z.infer<typeof party>;

/** `number` is the shortcut by which `review link` takes this candidate. */
export const candidate = z.object({
  number: z.int().positive(),
  organizationId,
  name: z.string(),
  score: z.number().min(0).max(1),
  evidence: z.array(z.string()),
});
export type CandidateView = z.infer<typeof candidate>;

export const link = z.object({
  party: partyText,
  displayName: z.string().nullable(),
  connectionId,
  origin: z.enum(["created", "adopted"]),
  step: matchStep,
  evidence: z.array(z.string()),
  confirmedBy: z.string().nullable(),
});
export type LinkView = z.infer<typeof link>;

/** Request ids by which the two systems' support desks find a call. */
export const requestIds = z.object({ zendesk: z.string().nullable(), quickbooks: z.string().nullable() });
