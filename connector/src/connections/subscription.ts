// The one webhook that an account of Zendesk sends its events to.
//
//   intent with its endpoint --made, or found by its endpoint--> id --secret read and sealed--> active
//
// After a crash anywhere the same call goes on: what an earlier one made is found by the endpoint, which nobody else has.
import type { Subdomain } from "../domain/index.ts";
import type { Seal } from "./credentials/index.ts";
import type { SubscriptionStore, WebhookSource } from "./ports.ts";

export interface SubscriptionOptions {
  source: WebhookSource;
  store: SubscriptionStore;
  seal: Pick<Seal, "seal">;
  randomBytes: (size: number) => Uint8Array;
  /** Under which Zendesk reaches us. */
  base: string;
  /** Somebody wants to hear of new tickets. Else none is told: a ticket's event carries what the client wrote. */
  tickets: boolean;
}

const ticketCreated = "zen:event-type:ticket.created";

/**
 * What keeps the directory true. Not custom_field_changed: our own writes would raise one for each field; drift comes from the hourly
 * export (developer.zendesk.com, webhook event types).
 */
const subscriptions = [
  ...["created", "deleted", "external_id_changed", "name_changed"].map((event) => `organization.${event}`),
  ...[
    "created",
    "deleted",
    "identity_changed",
    "identity_created",
    "identity_deleted",
    "merged",
    "organization_membership_created",
    "organization_membership_deleted",
    "role_changed",
  ].map((event) => `user.${event}`),
].map((event) => `zen:event-type:${event}`);

/** Makes sure that there is exactly one webhook of ours, and that we can check what it signs. */
export async function ensureSubscription(subdomain: Subdomain, options: SubscriptionOptions): Promise<void> {
  const { source, store, seal } = options;
  // 128 bits: the endpoint cannot be guessed.
  const fresh = Buffer.from(options.randomBytes(16)).toString("hex");
  const { path, endpoint } = await store.intend(subdomain, fresh, options.base);
  const ours = (await source.listWebhooks(subdomain)).filter((webhook) =>
    webhook.endpoint.endsWith(`/webhooks/zendesk/${path}`),
  );
  const kept = ours.find(
    (webhook) => webhook.endpoint === endpoint && webhook.subscriptions.includes(ticketCreated) === options.tickets,
  );
  // Doubles of a try that got no answer, those of an address that we had before, and one that hears too much or too little.
  for (const { id } of ours.filter((webhook) => webhook !== kept)) await source.deleteWebhook(subdomain, id);
  const wanted = options.tickets ? [...subscriptions, ticketCreated] : subscriptions;
  const webhookId =
    kept?.id ?? (await source.createWebhook(subdomain, { name: "ml-connector", endpoint, subscriptions: wanted }));
  const secret = await source.readSigningSecret(subdomain, webhookId);
  await store.activate(subdomain, {
    webhookId,
    sealedSecret: await seal.seal(secret, secretBinding(subdomain)),
    tickets: options.tickets,
  });
}

export function secretBinding(subdomain: Subdomain) {
  return { table: "zendesk_webhook", row: subdomain, field: "secret" };
}

/** Zendesk reaches us at an https address; a simulator on this machine, at any. */
export function webhookBase(of: { publicUrl: string; bothSystemsLocal: boolean }): string | undefined {
  return of.publicUrl.startsWith("https://") || of.bothSystemsLocal ? of.publicUrl : undefined;
}
