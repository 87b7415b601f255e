import { z } from "zod";
import { count } from "./values.ts";

const milliseconds = z.number().nonnegative();

/** What `demo --once --json` prints. Counts of calls are those of the first load alone, without what live changes took. */
export const demoResult = z.object({
  /** The sum of the next five. */
  parties: count,
  linked: count,
  rolledUp: count,
  parked: count,
  ignored: count,
  outOfScope: count,
  organizations: count,
  /** Of the independent comparison, after all changes. */
  equal: count,
  different: count,
  foreignTouched: count,
  /** Pages of 1,000 rows that the company's records fill, entity by entity. */
  quickbooksPages: count,
  quickbooksCalls: count,
  /** Calls that write: organizations, memberships, organization fields. */
  zendeskWrites: count,
  zendeskCalls: count,
  callsByKind: z.object({ quickbooks: z.record(z.string(), count), zendesk: z.record(z.string(), count) }),
  firstLoadMs: milliseconds,
  /** From the change in QuickBooks until Zendesk shows it; null where no change was made. */
  liveP50Ms: milliseconds.nullable(),
  liveP95Ms: milliseconds.nullable(),
});
export type DemoResult = z.infer<typeof demoResult>;
