import { z } from "zod";
import { connectionId, count, parkReason, partyText } from "./values.ts";

/** What the journal says has happened since the command began. */
const effectCounts = z.object({
  created: count,
  updated: count,
  linked: count,
  unlinked: count,
  cleared: count,
  membersAdded: count,
  parked: count,
});
export type EffectCounts = z.infer<typeof effectCounts>;

/** `settled`: nothing was due any more when the command ended; else `stillDue` keys go on waiting. */
const settling = { settled: z.boolean(), stillDue: count, effects: effectCounts };

export const syncResult = z.object({
  connectionId,
  /** changes: a change poll; full: everything was read again; party: one customer or vendor. */
  read: z.enum(["changes", "full", "party"]),
  party: partyText.nullable(),
  ...settling,
});
export type SyncResult = z.infer<typeof syncResult>;

/** `healed`: nothing had to be written and nobody of them is parked any more. */
export const replayResult = z.object({
  connectionId,
  replayed: z.discriminatedUnion("what", [
    z.object({ what: z.literal("party"), party: partyText }),
    z.object({ what: z.literal("parked"), reason: parkReason.nullable(), parties: z.array(partyText) }),
    z.object({ what: z.literal("all") }),
  ]),
  healed: z.boolean(),
  /** Of those that were replayed. */
  stillParked: count,
  ...settling,
});
export type ReplayResult = z.infer<typeof replayResult>;
