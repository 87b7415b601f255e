import { z } from "zod";
import { connectionId, count } from "./values.ts";

export const pauseResult = z.object({ connectionId, state: z.string() });
export type PauseResult = z.infer<typeof pauseResult>;

export const disconnectResult = z.object({
  connectionId,
  mode: z.enum(["leave", "clear", "purge"]),
  /** Of the organizations that were linked: made by ml-connector, found. */
  created: count,
  adopted: count,
  /** False: it was only shown what would happen. */
  done: z.boolean(),
  revoked: z.array(z.string()),
  /** The system did not answer: the tokens are deleted here all the same. */
  notRevoked: z.array(z.string()),
});
export type DisconnectResult = z.infer<typeof disconnectResult>;
