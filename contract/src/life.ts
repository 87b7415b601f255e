import { z } from "zod";
import { connectionId, count } from "./values.ts";

export const pauseResult = z.object({ connectionId, state: z.string() });
export type PauseResult = z.infer<typeof pauseResult>;

/** What disconnecting concerns. */
const disconnectConcerns = z.object({
  /** Of the organizations that are linked: made by ml-connector, found. */
  created: count,
  adopted: count,
  /** What `clear` and `purge` empty or take away in Zendesk, by kind; `leave` leaves all of it. */
  clears: z.object({
    /** Organization fields, and `notes` for our block in them, with the organizations that hold a value. */
    fields: z.array(z.object({ key: z.string(), organizations: count })),
    /** On organizations that ml-connector made. */
    externalIds: count,
    /** Of invoices and bills. */
    records: count,
  }),
  /** Made by ml-connector, and left in any case: tickets and people use them. */
  stays: z.object({ users: count, members: count, ticketFields: count }),
});

export const disconnectPreview = disconnectConcerns.extend({ connectionId, revokes: z.array(z.string()) });
export type DisconnectPreview = z.infer<typeof disconnectPreview>;

export const disconnectResult = disconnectConcerns.extend({
  connectionId,
  mode: z.enum(["leave", "clear", "purge"]),
  /** False: it was only shown what would happen. */
  done: z.boolean(),
  revoked: z.array(z.string()),
  /** The system did not answer: the tokens are deleted here all the same. */
  notRevoked: z.array(z.string()),
});
export type DisconnectResult = z.infer<typeof disconnectResult>;
