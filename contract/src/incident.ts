import { z } from "zod";
import { connectionId, count, instant } from "./values.ts";

/** One cause that stops or degrades work, open until it is resolved. */
export const incidentView = z.object({
  id: z.int().positive(),
  cause: z.string(),
  says: z.string(),
  connectionId: connectionId.nullable(),
  subdomain: z.string().nullable(),
  affected: count,
  openedAt: instant,
  lastSeenAt: instant,
});
export type IncidentView = z.infer<typeof incidentView>;
