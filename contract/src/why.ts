import { z } from "zod";
import {
  amount,
  candidate,
  cause,
  connectionId,
  count,
  day,
  fieldValue,
  instant,
  link,
  organizationId,
  parkReason,
  party,
  partyText,
  requestIds,
} from "./values.ts";

/** What the party is at rest; null before the first decision. */
const standing = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("linked"), organizationId }),
  z.object({ kind: z.literal("rolled-up"), into: partyText }),
  z.object({
    kind: z.literal("parked"),
    reason: parkReason,
    says: z.string(),
    candidates: z.array(candidate),
    waitsFor: z.array(z.string()),
  }),
  z.object({ kind: z.literal("ignored"), by: z.string() }),
  /** `project`: the setting `families` leaves projects out; null: there is too little life in it. */
  z.object({ kind: z.literal("out-of-scope"), because: z.literal("project").nullable() }),
]);

/** One document behind the amounts. Amounts are in its own currency. */
const documentView = z.object({
  entity: z.string(),
  id: z.string(),
  party: partyText,
  number: z.string().nullable(),
  date: day,
  dueDate: day.nullable(),
  total: amount,
  balance: amount,
  currency: z.string(),
});
export type DocumentView = z.infer<typeof documentView>;

/** What customers owe us, or what we owe vendors, in the card's currency. */
const sideView = z.object({
  side: z.enum(["customer", "vendor"]),
  status: z.string(),
  documents: count,
  open: z.object({ count, amount }),
  overdue: z.object({ count, amount, since: day.nullable() }),
  unappliedCredit: amount,
});
export type SideView = z.infer<typeof sideView>;

/** One field of the organization, and how its value came to be. `changed` is null where the journal does not know it. */
const fieldExplained = z.object({
  key: z.string(),
  title: z.string(),
  now: fieldValue,
  wanted: fieldValue,
  asWanted: z.boolean(),
  changed: z
    .object({
      entryId: z.int().positive(),
      at: instant,
      who: z.string(),
      before: fieldValue,
      causes: z.array(cause),
      requestIds,
    })
    .nullable(),
});
export type FieldExplained = z.infer<typeof fieldExplained>;

/** The chain from cause to each field value that Zendesk shows now. */
export const whyResult = z.object({
  connectionId,
  ...party.shape,
  /** The others of its family: rolled up with it, or the one that it is rolled up into. */
  family: z.array(party),
  standing: standing.nullable(),
  answer: z.object({ kind: z.enum(["link", "join", "create", "ignore"]), who: z.string() }).nullable(),
  /** Null unless the party, or the one that it is rolled up into, is linked. */
  card: z
    .object({
      organizationId,
      name: z.string(),
      /** live: read from Zendesk just now; remembered: Zendesk did not answer, these are the values last seen. */
      read: z.enum(["live", "remembered"]),
      links: z.array(link),
      documents: z.object({
        currency: z.string(),
        counts: z.record(z.string(), count),
        sides: z.array(sideView),
        /** Oldest due first, up to a limit. */
        open: z.array(documentView),
        /** Newest first, up to a limit. */
        newest: z.array(documentView),
      }),
      fields: z.array(fieldExplained),
    })
    .nullable(),
});
export type WhyResult = z.infer<typeof whyResult>;
