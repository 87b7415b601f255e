import type { Clock } from "../clock.ts";
import type { ChangeEvent } from "../company/index.ts";
import { type Randomness, uuidFrom } from "../randomness.ts";
import { cloudEvents, isAnnounced, legacyNotifications, type QueuedEvent } from "./payload.ts";
import type { PostWebhook } from "./post.ts";
import { signatureOf } from "./signature.ts";

/*
 * One queue per app, as the vendor keeps it:
 *
 *   event -> waiting (delay, aggregation window) -> delivering -> delivered
 *                                                      |  ^
 *                                            not 2xx or 3 s late: retrying (10 s, 20 s, 30 s, 5 m ...)
 *
 * Head of line: while a delivery is not acknowledged, later events wait (docs/develop/webhooks/best-practices).
 */

export interface WebhookSettings {
  readonly url: string;
  readonly verifier: string;
  readonly format: "cloudevents" | "legacy";
  readonly delayMs: number;
  readonly enabled: boolean;
}

interface Attempt {
  readonly atMs: number;
  readonly outcome: string;
}

export interface Delivery {
  readonly id: string;
  readonly events: readonly QueuedEvent[];
  state: "delivering" | "retrying" | "delivered";
  readonly attempts: Attempt[];
}

export interface Webhooks {
  configure(settings: WebhookSettings | undefined): void;
  settings(): WebhookSettings | undefined;
  enqueue(realm: string, changes: readonly ChangeEvent[]): void;
  deliveries(): readonly Delivery[];
  waiting(): number;
  stop(): void;
}

// best-practices page; the last step repeats without an end that is documented.
const minuteMs = 60_000;
const retryWaitsMs = [
  10_000,
  20_000,
  30_000,
  5 * minuteMs,
  20 * minuteMs,
  120 * minuteMs,
  240 * minuteMs,
  360 * minuteMs,
];
const mostEventsADelivery = 100;
const mostDeliveriesKept = 20_000;

export function createWebhooks(world: { clock: Clock; randomness: Randomness; post: PostWebhook }): Webhooks {
  const { clock, randomness, post } = world;
  let settings: WebhookSettings | undefined;
  let waiting: { event: QueuedEvent; dueMs: number }[] = [];
  let kept: Delivery[] = [];
  let current: Delivery | undefined;
  let cancelAlarm: (() => void) | undefined;
  let stopped = false;

  function pump(): void {
    if (stopped || current !== undefined || settings === undefined) return;
    const [head] = waiting;
    if (head === undefined) return;
    if (head.dueMs > clock.now()) {
      cancelAlarm?.();
      cancelAlarm = clock.schedule(head.dueMs, pump);
      return;
    }
    current = { id: uuidFrom(randomness), events: take(head.event.realm), state: "delivering", attempts: [] };
    kept.push(current);
    if (kept.length > mostDeliveriesKept) kept = kept.slice(-mostDeliveriesKept / 2);
    void attempt(current);
  }

  /** What is due of one company: the vendor sends one company at a time. */
  function take(realm: string): QueuedEvent[] {
    const nowMs = clock.now();
    const taken: QueuedEvent[] = [];
    waiting = waiting.filter(({ event, dueMs }) => {
      const goes = event.realm === realm && dueMs <= nowMs && taken.length < mostEventsADelivery;
      if (goes) taken.push(event);
      return !goes;
    });
    return taken;
  }

  async function attempt(delivery: Delivery): Promise<void> {
    const chosen = settings;
    if (chosen === undefined || stopped) {
      current = undefined;
      return;
    }
    delivery.state = "delivering";
    const body = chosen.format === "legacy" ? legacyNotifications(delivery.events) : cloudEvents(delivery.events);
    const atMs = clock.now();
    const outcome = await post({ url: chosen.url, body, headers: headersOf(chosen, delivery, body, atMs) });
    delivery.attempts.push({ atMs, outcome });
    if (/^2\d\d$/.test(outcome)) {
      delivery.state = "delivered";
      current = undefined;
      pump();
      return;
    }
    delivery.state = "retrying";
    const waitMs = retryWaitsMs[Math.min(delivery.attempts.length, retryWaitsMs.length) - 1] ?? 0;
    if (!stopped) cancelAlarm = clock.schedule(clock.now() + waitMs, () => void attempt(delivery));
  }

  return {
    configure(next) {
      settings = next;
      if (next === undefined || !next.enabled) waiting = [];
      // A delivery that waits for its retry goes to the new address at once: the portal's "settings saved" is a fresh start.
      if (current?.state === "retrying") {
        cancelAlarm?.();
        void attempt(current);
      } else pump();
    },
    settings: () => settings,
    enqueue(realm, changes) {
      if (settings === undefined || !settings.enabled) return;
      const dueMs = clock.now() + settings.delayMs;
      for (const change of changes) {
        if (isAnnounced(change)) waiting.push({ event: { id: uuidFrom(randomness), realm, change }, dueMs });
      }
      pump();
    },
    deliveries: () => kept,
    waiting: () => waiting.length,
    stop() {
      stopped = true;
      waiting = [];
      cancelAlarm?.();
    },
  };
}

/** Names and forms of headers: Intuit's documentation, webhooks sample of 2016. */
function headersOf(settings: WebhookSettings, delivery: Delivery, body: string, atMs: number): Record<string, string> {
  return {
    "content-type": "application/json; charset=utf-8",
    accept: "application/json",
    "user-agent": "intuit_notification_server/0.1",
    "intuit-signature": signatureOf(settings.verifier, body),
    "intuit-t-id": delivery.id,
    "intuit-created-time": new Date(atMs).toISOString(),
    "intuit-notification-schema-version": "0.1",
  };
}
