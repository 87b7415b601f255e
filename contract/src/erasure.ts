import { z } from "zod";
import { connectionId, count, partyText } from "./values.ts";

/** Where texts of the person were, by table; and whom QuickBooks may still hold: these are read again. */
export const erasureResult = z.object({
  places: z.array(z.object({ place: z.string(), rows: count })),
  parties: z.array(z.object({ connectionId, party: partyText })),
});
export type ErasureResult = z.infer<typeof erasureResult>;
