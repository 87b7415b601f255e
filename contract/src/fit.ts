import { z } from "zod";
import { connectionId, count } from "./values.ts";

/** `fit`: what connecting would mean. Both systems are only read for it. */
export const fitResult = z.object({
  connectionId,
  parties: count,
  link: count,
  create: count,
  review: count,
  reviewByReason: z.record(z.string(), count),
  linkedByStep: z.record(z.string(), count),
  outOfScope: count,
  rolledUp: count,
  members: count,
  fieldsToCreate: count,
  calls: count,
  expectedSeconds: count,
  /** As the account's answers tell it. */
  requestsPerMinute: count.nullable(),
  /** What the Zendesk plan, the QuickBooks edition or the consent lacks, in sentences. */
  gaps: z.array(z.string()),
});
export type FitResult = z.infer<typeof fitResult>;
