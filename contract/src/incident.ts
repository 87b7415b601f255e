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

/** One that is open, or was. */
const pastIncident = incidentView.extend({
  severity: z.enum(["notice", "degraded", "stopped"]),
  /** Null: it is open. */
  resolvedAt: instant.nullable(),
});

/** Newest first. `before` names the incident to go on from, null at the end. */
export const incidentHistory = z.object({
  incidents: z.array(pastIncident),
  /** Of all that fit the filter, by kind of cause; most frequent first. */
  causes: z.array(z.object({ cause: z.string(), times: count, open: count, affected: count })),
  before: z.int().positive().nullable(),
});
export type IncidentHistory = z.infer<typeof incidentHistory>;
