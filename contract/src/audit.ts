import { z } from "zod";
import { cause, connectionId, fieldValues, instant, organizationId, partyText, requestIds } from "./values.ts";

/** One journal row. `before` and `after` hold changed fields only. */
export const auditRow = z.object({
  id: z.int().positive(),
  at: instant,
  connectionId,
  action: z.enum([
    "created",
    "updated",
    "linked",
    "cleared",
    "unlinked",
    "member-added",
    "member-removed",
    "record-written",
    "record-removed",
    "ticket-field-written",
    "parked",
    "answered",
    "answer-undone",
    "ignore-rule-added",
    "ignore-rule-ended",
    "several-clients-said",
    "several-clients-undone",
    "not-duplicates-said",
    "approved",
    "restored",
    "removed",
    "replayed",
  ]),
  parties: z.array(partyText),
  organizationId: organizationId.nullable(),
  who: z.string(),
  causes: z.array(cause),
  before: fieldValues,
  after: fieldValues,
  outcome: z.string(),
  writeId: z.int().positive().nullable(),
  requestIds,
});
export type AuditRow = z.infer<typeof auditRow>;

/** Newest first. `before` names the row to go on from, null at the end. */
export const auditResult = z.object({ connectionId, rows: z.array(auditRow), before: z.int().positive().nullable() });
export type AuditResult = z.infer<typeof auditResult>;

/** One change of who may do what: it belongs to no connection. */
export const accessAuditRow = z.object({
  id: z.int().positive(),
  at: instant,
  action: z.enum([
    "operator-known",
    "operator-added",
    "operator-invited",
    "operator-disabled",
    "operator-enabled",
    "roles-changed",
    "password-set",
    "api-key-known",
    "api-key-made",
    "api-key-revoked",
  ]),
  who: z.string(),
  /** `operator 3`, `API key 5`. */
  of: z.string(),
  before: z.record(z.string(), z.string()),
  after: z.record(z.string(), z.string()),
});
export type AccessAuditRow = z.infer<typeof accessAuditRow>;

/** Newest first. `before` names the row to go on from, null at the end. */
export const accessAudit = z.object({ rows: z.array(accessAuditRow), before: z.int().positive().nullable() });
export type AccessAudit = z.infer<typeof accessAudit>;
