// Webhooks: what is told of a change, in which form, signed, delivered and retried.
// Not the changes themselves (writes/), nor what a receiver does.
// Called by http (start) and control.
export { createWebhooks, type Webhooks } from "./deliveries.ts";
export { createPostWebhook } from "./post.ts";
export { webhookSettingsSchema } from "./settings.ts";
