import { z } from "zod";

/** Where events go and in which of the vendor's many forms. */
export const webhookSettingsSchema = z
  .object({
    url: z.url({ protocol: /^https?$/ }),
    verifier: z.string().min(1),
    format: z.enum(["cloudevents", "legacy"]).default("cloudevents"),
    /** A JSON-only parser answers 415 to the second (Prompt-Library, webhooks-migration). */
    contentType: z
      .enum([
        "application/json; charset=utf-8",
        "application/cloudevents+json",
        "application/cloudevents-batch+json",
        "text/plain",
      ])
      .default("application/json; charset=utf-8"),
    enabled: z.boolean().default(true),
    delayMs: z.number().min(0).default(0),
    /** Events of this long after the first go together. */
    aggregationMs: z.number().min(0).default(0),
    /** One delivery holds several companies (maesn.com, 2026-06); the vendor's best-practices page says one at a time. */
    mixedRealms: z.boolean().default(false),
    /** While one delivery is not acknowledged, the next ones wait. */
    headOfLine: z.boolean().default(true),
    /** Share of events that are delivered again later, with the same id. */
    duplicates: z.number().min(0).max(1).default(0),
    /** Events of a delivery, and deliveries that wait, in no order. */
    reorder: z.boolean().default(false),
    /** `absent`: no `data` and no `datacontenttype`, as in the vendor's own sales-receipt example. */
    data: z.enum(["present", "absent"]).default("present"),
    /** Digits after the second in `time`: 0, 2, 3 and 9 were seen. */
    timeDigits: z.union([z.literal(0), z.literal(2), z.literal(3), z.literal(9)]).default(0),
    /** `uuid`: samples of 2025; `named`: `<uuid>-<Entity>-<id>`, docs of 2026. */
    eventId: z.enum(["uuid", "named"]).default("named"),
  })
  .strict();

export type WebhookSettings = z.infer<typeof webhookSettingsSchema>;
