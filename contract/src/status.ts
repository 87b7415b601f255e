import { z } from "zod";
import { incidentView } from "./incident.ts";
import { connectionId, count, instant } from "./values.ts";

/** Something to do, in one sentence, with the command that does it. */
export const nextThing = z.object({ says: z.string(), command: z.string().nullable() });
export type NextThing = z.infer<typeof nextThing>;

export const connectionStatus = z.object({
  connectionId,
  company: z.string().nullable(),
  realm: z.string().nullable(),
  subdomain: z.string().nullable(),
  zone: z.string().nullable(),
  state: z.enum(["connecting", "loading", "planned", "active", "paused", "disconnected"]),
  pausedBy: z.string().nullable(),
  polledAt: instant.nullable(),
  sweptAt: instant.nullable(),
  /** Each customer and vendor is exactly one of the five; `total` is their sum. */
  parties: z.object({
    total: count,
    linked: count,
    rolledUp: count,
    parked: count,
    ignored: count,
    outOfScope: count,
  }),
  parkedByReason: z.record(z.string(), count),
  replica: z.object({ customers: count, families: count, vendors: count, documents: count }),
  /** `due` could be worked on now, `waiting` is put off to a later time. */
  backlog: z.object({ due: count, waiting: count, oldestDueAt: instant.nullable() }),
  incidents: z.array(incidentView),
  next: z.array(nextThing),
});
export type ConnectionStatus = z.infer<typeof connectionStatus>;

/** `next` and `incidents` here belong to no single connection. */
export const status = z.object({
  connections: z.array(connectionStatus),
  incidents: z.array(incidentView),
  next: z.array(nextThing),
});
export type Status = z.infer<typeof status>;
