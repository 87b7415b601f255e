// Marks: keys to look at, with cause and priority. What a key's newest state is, nobody knows before it is read.
// Not a queue of events: a key is marked or it is not, and no payload is ever kept.
// Marked by intake, replica, directory and links; claimed and settled by reconcile.
export type {
  Backlog,
  ClaimedMark,
  ClaimRequest,
  Deferral,
  Fence,
  Mark,
  MarkKey,
  MarkKind,
  MarkStore,
  NewMark,
} from "./ports.ts";
export { everyoneKey } from "./ports.ts";
