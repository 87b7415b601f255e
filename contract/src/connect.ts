import { z } from "zod";
import { loadResult, planView } from "./plan.ts";
import { connectionId } from "./values.ts";

/** `connect`: the plan that it ends in, and how applying went where it was approved. */
export const connectResult = z.object({
  connectionId,
  plan: planView,
  approved: z.boolean(),
  load: loadResult.nullable(),
});
export type ConnectResult = z.infer<typeof connectResult>;

/** `start`, once it listens: the one line comes while the service runs. */
export const startResult = z.object({
  listening: z.literal(true),
  url: z.url(),
  /** The file that holds the API key of this machine's operator. */
  operatorKey: z.string(),
  /** While nobody can sign in: the address where the first operator is made, once, within an hour. */
  setup: z.url().nullable(),
});
export type StartResult = z.infer<typeof startResult>;
