import { z } from "zod";
import { connectionId, count } from "./values.ts";

export const system = z.enum(["quickbooks", "zendesk"]);

/** A client that a connection brings: written, never read back. */
export const broughtClient = z.strictObject({
  clientId: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .regex(/^[\x21-\x7e]+$/, "letters, digits and signs, without blanks"),
  clientSecret: z.string().trim().min(1).max(1_000),
  /** QuickBooks only: the verifier tokens of the app's webhooks; several while one is changed. */
  verifiers: z.array(z.string().trim().min(1).max(500)).max(5).optional(),
  /** QuickBooks only: keys for development open sandbox companies alone. */
  environment: z.enum(["production", "sandbox"]).optional(),
  /** QuickBooks only: what Intuit's tier allows this app in a month. */
  monthlyReads: z.int().positive().max(999_999_999_999).optional(),
});
export type BroughtClient = z.infer<typeof broughtClient>;

const clientView = z.object({
  system,
  /** Through which the next consent goes; null: none is configured. */
  clientId: z.string().nullable(),
  /** shared: another connection of the same company or account has brought it. */
  from: z.enum(["deployment", "connection", "shared"]),
  /** QuickBooks only. */
  environment: z.enum(["production", "sandbox"]).nullable(),
  /** Whether deliveries of an app that a connection brought can be checked; null: the deployment's, or Zendesk's. */
  hasVerifiers: z.boolean().nullable(),
  monthlyReads: count.nullable(),
  /** The tokens in use belong to another client: this one takes over with the next consent. */
  waitsForConsent: z.boolean(),
});

/** Which of our clients a connection goes through. No secrets. */
export const clientsView = z.object({ connectionId, clients: z.array(clientView) });
export type ClientsView = z.infer<typeof clientsView>;
