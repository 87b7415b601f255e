import { z } from "zod";
import { accessAuditRow, auditRow } from "../audit.ts";
import { connectionId, partyText } from "../values.ts";
import { csv, json, operation } from "./operation.ts";
import { connectionPath, nextCursor, page } from "./paging.ts";

const filter = z.object({
  party: partyText.optional(),
  organizationId: z.coerce.number().int().positive().optional(),
});
const see = { role: "viewer", on: "connection" } as const;

export const auditOperations = {
  searchAudit: operation({
    method: "GET",
    path: "/connections/:connectionId/audit",
    tag: "audit",
    summary: "Every change of state, newest first: cause, before, after, outcome, request ids",
    needs: see,
    params: connectionPath,
    query: page({ usual: 50, most: 1_000 }).extend(filter.shape),
    answer: json(200, z.object({ connectionId, rows: z.array(auditRow), next: nextCursor })),
  }),
  searchAccess: operation({
    method: "GET",
    path: "/audit/access",
    tag: "audit",
    summary: "Every change of who may do what, newest first: operators, roles, API keys",
    needs: { role: "admin", on: "deployment" },
    query: page({ usual: 50, most: 1_000 }),
    answer: json(200, z.object({ rows: z.array(accessAuditRow), next: nextCursor })),
  }),
  exportAudit: operation({
    method: "GET",
    path: "/connections/:connectionId/audit.csv",
    tag: "audit",
    summary: "The same as a CSV file, whole; cells that a spreadsheet would take for a formula are quoted",
    needs: see,
    params: connectionPath,
    query: filter,
    answer: csv,
  }),
};
