// Parameters that several calls share. A page ends with the cursor of the next one, null at the end; cursors are opaque.
import { z } from "zod";
import { partyText } from "../values.ts";

export const connectionPath = z.object({ connectionId: z.coerce.number().int().positive() });
export const partyPath = connectionPath.extend({ party: partyText });

const cursor = z.string().max(500);
export const nextCursor = z.string().nullable();

/** `limit` rows at most, from where the cursor of the page before points. */
export function page(limits: { usual: number; most: number }) {
  return z.object({
    limit: z.coerce.number().int().min(1).max(limits.most).default(limits.usual),
    after: cursor.optional(),
  });
}
