import { z } from "zod";
import { count } from "./values.ts";

const severity = z.enum(["notice", "degraded", "stopped"]);

/** Where alerts go. Addresses of Slack and webhooks are secrets: only their host is shown. */
export const alertTargetView = z.object({
  id: z.int().positive(),
  kind: z.enum(["email", "slack", "webhook"]),
  /** The e-mail address, or the host. */
  name: z.string(),
  /** Less severe incidents are not told. */
  least: severity,
});
export type AlertTargetView = z.infer<typeof alertTargetView>;

export const alertTargets = z.object({ targets: z.array(alertTargetView) });
export type AlertTargets = z.infer<typeof alertTargets>;

export const alertTargetAdded = alertTargetView.extend({
  /** Webhooks only: what signs each alert (Standard Webhooks). Shown this once. */
  secret: z.string().nullable(),
});
export type AlertTargetAdded = z.infer<typeof alertTargetAdded>;

export const alertTest = z.object({
  results: z.array(
    z.object({
      target: z.string(),
      kind: alertTargetView.shape.kind,
      delivered: z.boolean(),
      attempts: count,
      /** Why it was not. */
      because: z.string().nullable(),
    }),
  ),
});
export type AlertTest = z.infer<typeof alertTest>;
