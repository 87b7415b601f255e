import { z } from "zod";
import { pingResult } from "../checks.ts";
import { broughtClient, clientsView, system } from "../clients.ts";
import { disconnectPreview, disconnectResult, pauseResult } from "../life.ts";
import { connectionId } from "../values.ts";
import { consentAddresses } from "./connections.ts";
import { json, operation } from "./operation.ts";
import { connectionPath } from "./paging.ts";
import { task } from "./task.ts";

const administer = { role: "admin", on: "connection" } as const;
const operate = { role: "operator", on: "connection" } as const;
const life = { tag: "connections", params: connectionPath };
const clientPath = connectionPath.extend({ system });
const subdomain = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "the first label of the account's address: acme");

export const lifeOperations = {
  beginConsent: operation({
    ...life,
    method: "POST",
    path: "/connections/:connectionId/consent",
    summary:
      "Addresses where a person consents in both systems, for the first time, again, or to allow writing after reading alone; good for ten minutes",
    needs: administer,
    answer: json(200, consentAddresses),
  }),
  pingConnection: operation({
    ...life,
    method: "POST",
    path: "/connections/:connectionId/ping",
    summary: "Ask both sides whether the connection can do its work; nothing is written",
    needs: operate,
    answer: json(200, pingResult),
  }),
  readClients: operation({
    ...life,
    method: "GET",
    path: "/connections/:connectionId/clients",
    summary: "The Intuit app and the Zendesk client that the connection goes through; no secrets",
    needs: administer,
    answer: json(200, clientsView),
  }),
  bringClient: operation({
    ...life,
    method: "PUT",
    path: "/connections/:connectionId/clients/:system",
    summary: "Bring an Intuit app or a Zendesk client of the connection's own; it takes over with the next consent",
    needs: administer,
    params: clientPath,
    body: broughtClient,
    answer: json(200, clientsView),
  }),
  removeClient: operation({
    ...life,
    method: "DELETE",
    path: "/connections/:connectionId/clients/:system",
    summary: "Go back to the deployment's client: somebody has to consent again",
    needs: administer,
    params: clientPath,
    answer: json(200, clientsView),
  }),
  confirmZone: operation({
    ...life,
    method: "PUT",
    path: "/connections/:connectionId/zone",
    summary: "Say in which time zone the company counts its days, where QuickBooks does not",
    needs: administer,
    body: z.object({ zone: z.string().min(1).max(60) }),
    answer: json(200, z.object({ connectionId, zone: z.string() })),
  }),
  pauseConnection: operation({
    ...life,
    method: "POST",
    path: "/connections/:connectionId/pause",
    summary: "Stop until somebody resumes; what changes meanwhile is remembered",
    needs: operate,
    answer: json(200, pauseResult),
  }),
  resumeConnection: operation({
    ...life,
    method: "POST",
    path: "/connections/:connectionId/resumption",
    summary: "Go on: what has changed meanwhile is written",
    needs: operate,
    answer: json(200, pauseResult),
  }),
  previewDisconnect: operation({
    ...life,
    method: "GET",
    path: "/connections/:connectionId/disconnection",
    summary: "What disconnecting concerns, and by kind what clearing would empty or take away; nothing is changed",
    needs: administer,
    answer: json(200, disconnectPreview),
  }),
  disconnect: operation({
    ...life,
    method: "POST",
    path: "/connections/:connectionId/disconnection",
    summary:
      "End the connection and its consents: leave Zendesk as it is, clear our fields, or also forget the company",
    needs: administer,
    body: disconnectResult.pick({ mode: true }),
    answer: json(202, task),
  }),
  provision: operation({
    method: "POST",
    path: "/provisioning",
    tag: "connections",
    summary: "Make many connections at once, each under a reference of yours: the same reference makes it once",
    needs: { role: "admin", on: "deployment" },
    body: z.object({
      connections: z
        .array(
          z.object({
            reference: z.string().min(1).max(200),
            subdomain,
            settings: z.object({ scope: z.enum(["default", "all"]).optional() }).optional(),
          }),
        )
        .min(1)
        .max(500),
    }),
    answer: json(
      200,
      z.object({
        connections: z.array(
          z.object({
            reference: z.string(),
            /** known: made before. other-account: the reference names a connection of another account; nothing was done. */
            outcome: z.enum(["made", "known", "other-account"]),
            connectionId: connectionId.nullable(),
          }),
        ),
      }),
    ),
  }),
};
