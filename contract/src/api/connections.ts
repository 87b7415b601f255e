import { z } from "zod";
import { incidentHistory, incidentView } from "../incident.ts";
import { connectionStatus, status } from "../status.ts";
import { connectionId, count, organizationId } from "../values.ts";
import { events, json, operation } from "./operation.ts";
import { connectionPath, nextCursor, page } from "./paging.ts";
import { task } from "./task.ts";

const see = { role: "viewer", on: "connection" } as const;
const subdomain = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "the first label of the account's address: acme");

const incidentFilter = z.object({
  /** A kind, such as `readings`, or a whole cause, such as `quickbooks:grant-refused`. */
  cause: z.string().max(300).optional(),
  /** Only those that were open at this instant or later. */
  since: z.iso.datetime({ offset: true }).optional(),
  /** Only those that are open. */
  open: z.stringbool().default(false),
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

/** One event of the stream: `event` is its name, the rest its data. */
export const liveEvent = z.discriminatedUnion("event", [
  connectionStatus
    .pick({ connectionId: true, state: true, pausedBy: true, polledAt: true, sweptAt: true })
    .extend({ event: z.literal("connection"), due: count, waiting: count }),
  z.object({ event: z.literal("incident"), open: z.boolean(), incident: incidentView }),
  z.object({ event: z.literal("task"), task }),
]);
export type LiveEvent = z.infer<typeof liveEvent>;

/** Addresses that a person opens to consent; null: no consent is needed there. They are good for ten minutes. */
export const consentAddresses = z.object({
  connectionId,
  quickbooksUrl: z.url(),
  zendeskUrl: z.url().nullable(),
});

export const connectionOperations = {
  readStatus: operation({
    method: "GET",
    path: "/status",
    tag: "connections",
    summary: "Every connection that you may see: freshness, what became of every party, incidents, what to do next",
    needs: { role: "viewer", on: "any" },
    answer: json(200, status),
  }),
  listConnections: operation({
    method: "GET",
    path: "/connections",
    tag: "connections",
    summary: "Connections that you may see, by number",
    needs: { role: "viewer", on: "any" },
    query: page({ usual: 50, most: 500 }),
    answer: json(200, z.object({ connections: z.array(connectionStatus), next: nextCursor })),
  }),
  createConnection: operation({
    method: "POST",
    path: "/connections",
    tag: "connections",
    summary:
      "Begin to connect an account; one that was begun and not finished goes on, but for `another`: a further company; `readOnly` for a fit report, without permission to write",
    needs: { role: "admin", on: "deployment" },
    body: z.object({
      subdomain,
      settings: z.object({ scope: z.enum(["default", "all"]).optional() }).optional(),
      another: z.boolean().default(false),
      /** Zendesk is asked to let us read alone. Consenting again (`/consent`) allows writing; nothing is read anew then. */
      readOnly: z.boolean().default(false),
    }),
    answer: json(201, consentAddresses),
  }),
  readConnection: operation({
    method: "GET",
    path: "/connections/:connectionId",
    tag: "connections",
    summary: "One connection: freshness, what became of every party, incidents, what to do next",
    needs: see,
    params: connectionPath,
    answer: json(200, connectionStatus),
  }),
  listIncidents: operation({
    method: "GET",
    path: "/connections/:connectionId/incidents",
    tag: "connections",
    summary: "Open incidents that concern this connection",
    needs: see,
    params: connectionPath,
    answer: json(200, z.object({ incidents: z.array(incidentView) })),
  }),
  listPastIncidents: operation({
    method: "GET",
    path: "/connections/:connectionId/incidents/history",
    tag: "connections",
    summary: "Incidents of this connection, open and resolved, newest first, and how often each cause came",
    needs: see,
    params: connectionPath,
    query: incidentFilter,
    answer: json(200, incidentHistory),
  }),
  listAllPastIncidents: operation({
    method: "GET",
    path: "/incidents",
    tag: "connections",
    summary: "Incidents of the whole deployment, open and resolved, newest first, and how often each cause came",
    needs: { role: "viewer", on: "deployment" },
    query: incidentFilter,
    answer: json(200, incidentHistory),
  }),
  findOrganization: operation({
    method: "GET",
    path: "/connections/:connectionId/organizations",
    tag: "connections",
    summary: "Look an organization up in Zendesk, now, by its id or exact name",
    needs: { role: "operator", on: "connection" },
    params: connectionPath,
    query: z.object({ text: z.string().min(1).max(255) }),
    answer: json(200, z.object({ organizations: z.array(z.object({ organizationId, name: z.string() })) })),
  }),
  streamEvents: operation({
    method: "GET",
    path: "/events",
    tag: "connections",
    summary: "Server-sent events: `connection`, `incident` and `task`, each when something about it changed",
    needs: { role: "viewer", on: "any" },
    answer: events,
  }),
};
