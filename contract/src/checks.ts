import { z } from "zod";
import { fitResult } from "./fit.ts";
import { connectionId } from "./values.ts";

/** One thing that was looked at. */
export const check = z.object({
  /** What it belongs to: machine, database, quickbooks ... */
  group: z.string(),
  name: z.string(),
  state: z.enum(["ok", "warning", "failed"]),
  says: z.string(),
  /** What to do; null where nothing is to be done. */
  todo: z.string().nullable(),
});
export type Check = z.infer<typeof check>;

export const pingResult = z.object({
  connectionId,
  ok: z.boolean(),
  checks: z.array(check),
  /** What connecting means, or meant; null where it cannot be told yet. */
  fit: fitResult.nullable(),
  /** Why there is no report. */
  noFitBecause: z.string().nullable(),
});
export type PingResult = z.infer<typeof pingResult>;

export const doctorResult = z.object({
  ok: z.boolean(),
  checks: z.array(check),
  /** In the order in which to do it. */
  todo: z.array(z.string()),
});
export type DoctorResult = z.infer<typeof doctorResult>;
