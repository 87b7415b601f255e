import { z } from "zod";
import { candidate, connectionId, instant, organizationId, parkReason, partyText } from "./values.ts";

/** One customer or vendor that waits for a person. */
export const parkedView = z.object({
  party: partyText,
  displayName: z.string(),
  reason: parkReason,
  says: z.string(),
  since: instant,
  candidates: z.array(candidate),
});
export type ParkedView = z.infer<typeof parkedView>;

/** `more`: the list was cut at its limit. */
export const reviewList = z.object({ connectionId, parked: z.array(parkedView), more: z.boolean() });
export type ReviewList = z.infer<typeof reviewList>;

const answer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("link"), organizationId, organization: z.string() }),
  z.object({ kind: z.literal("join"), with: partyText }),
  z.object({ kind: z.literal("create") }),
  z.object({ kind: z.literal("ignore") }),
]);

/** `undo` is the command that takes the answer back; null where this was the taking back. */
export const answerView = z.object({
  party: partyText,
  displayName: z.string(),
  answer: answer.nullable(),
  undone: z.enum(["link", "join", "create", "ignore"]).nullable(),
  undo: z.string().nullable(),
});
export type AnswerView = z.infer<typeof answerView>;

export const answerResult = z.object({ connectionId, answers: z.array(answerView) });
export type AnswerResult = z.infer<typeof answerResult>;
