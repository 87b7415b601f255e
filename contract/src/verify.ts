import { z } from "zod";
import { connectionId, count, fieldValue, organizationId, partyText } from "./values.ts";

/** Why something differs. Everything but `edited-in-zendesk` and `unexplained` heals by itself or waits for a person. */
const reason = z.enum([
  "being-written",
  "due",
  "put-off",
  "parked",
  "not-approved",
  "not-polled-yet",
  "day-turned",
  "edited-in-zendesk",
  "unexplained",
]);

const difference = z.object({
  /** Records: QuickBooks against our copy. Everything else: our copy against Zendesk. */
  between: z.enum(["quickbooks-and-copy", "copy-and-zendesk"]),
  what: z.enum([
    "record-missing",
    "record-differs",
    "record-gone",
    "fields-differ",
    "organization-missing",
    "organization-gone",
    "left-over",
    "members-missing",
    "standing-differs",
    "stray-key",
  ]),
  /** `Invoice:96`. */
  record: z.string().nullable(),
  parties: z.array(partyText),
  organizationId: organizationId.nullable(),
  /** Of the organization. */
  name: z.string().nullable(),
  /** `remembered`: what Zendesk had when we last wrote or read it. */
  fields: z.array(z.object({ key: z.string(), wanted: fieldValue, found: fieldValue, remembered: fieldValue })),
  reason,
  says: z.string(),
});
export type DifferenceView = z.infer<typeof difference>;

/** QuickBooks, our copy and Zendesk, compared record by record and card by card. */
export const verifyResult = z.object({
  connectionId,
  calls: z.object({ quickbooks: count, zendesk: count, budget: count }),
  records: z.object({ compared: count, different: count }),
  /** Parked parties have no card; they are listed among the differences, and counted apart. */
  cards: z.object({ compared: count, different: count, parked: count }),
  byReason: z.partialRecord(reason, count),
  /** Empty: everything was compared. */
  notCompared: z.array(z.object({ what: z.string(), says: z.string() })),
  /** At most 1,000; `more` are counted above and not listed. */
  differences: z.array(difference),
  more: count,
  /** With --repair: how many keys were marked, to be looked at again. */
  marked: count,
});
export type VerifyResult = z.infer<typeof verifyResult>;
