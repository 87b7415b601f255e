import type { Switches, Weather } from "../behaviour/index.ts";
import type { Clock } from "../clock.ts";
import type { ChangeEvent } from "../company/index.ts";
import { type Randomness, uuidFrom } from "../randomness.ts";
import { isAnnounced, payloadOf, type QueuedEvent } from "./payload.ts";
import type { PostWebhook } from "./post.ts";
import type { WebhookSettings } from "./settings.ts";
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
  /** What the vendor tells of these changes. */
  enqueue(realm: string, changes: readonly ChangeEvent[]): void;
  /** Tells them whatever they are. */
  tell(realm: string, changes: readonly ChangeEvent[]): void;
  deliveries(): readonly Delivery[];
  waiting(): number;
  stop(): void;
}

export interface WebhookWorld {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly post: PostWebhook;
  readonly weather: () => Weather;
  readonly switches: () => Switches;
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
const duplicateAfterMs = 2000;

interface Waiting {
  readonly event: QueuedEvent;
  readonly dueMs: number;
}

export function createWebhooks(world: WebhookWorld): Webhooks {
  const { clock, randomness } = world;
  let settings: WebhookSettings | undefined;
  let waiting: Waiting[] = [];
  let kept: Delivery[] = [];
  /** Not yet acknowledged: with head-of-line blocking at most one. */
  const open = new Map<Delivery, () => void>();
  let cancelPump: (() => void) | undefined;
  let stopped = false;

  function pump(): void {
    if (stopped || settings === undefined || waiting.length === 0) return;
    if (settings.headOfLine && open.size > 0) return;
    const nowMs = clock.now();
    const due = waiting.filter(({ dueMs }) => dueMs <= nowMs);
    const [first] = settings.reorder ? shuffled(due) : due;
    if (first === undefined) {
      cancelPump?.();
      cancelPump = clock.schedule(Math.min(...waiting.map(({ dueMs }) => dueMs)), pump);
      return;
    }
    const events = take(settings, first.event.realm, nowMs);
    const delivery: Delivery = { id: uuidFrom(randomness), events, state: "delivering", attempts: [] };
    open.set(delivery, () => {});
    kept.push(delivery);
    if (kept.length > mostDeliveriesKept) kept = kept.slice(-mostDeliveriesKept / 2);
    void attempt(delivery);
    pump();
  }

  /** What is due, of one company unless companies are mixed. */
  function take(chosen: WebhookSettings, realm: string, nowMs: number): QueuedEvent[] {
    const taken: QueuedEvent[] = [];
    waiting = waiting.filter(({ event, dueMs }) => {
      const fits = chosen.mixedRealms || event.realm === realm;
      const goes = fits && dueMs <= nowMs && taken.length < mostEventsADelivery;
      if (goes) taken.push(event);
      return !goes;
    });
    return chosen.reorder ? shuffled(taken) : taken;
  }

  function shuffled<T>(list: readonly T[]): T[] {
    const drawn = list.map((item) => ({ item, place: randomness.fraction() }));
    return drawn.sort((a, b) => a.place - b.place).map(({ item }) => item);
  }

  async function attempt(delivery: Delivery): Promise<void> {
    const chosen = settings;
    if (chosen === undefined || stopped) return void open.delete(delivery);
    delivery.state = "delivering";
    const body = payloadOf(delivery.events, { ...chosen, voidSpelling: world.switches().voidSpelling });
    const atMs = clock.now();
    const outcome = await world.post({ url: chosen.url, body, headers: headersOf(chosen, delivery, body, atMs) });
    delivery.attempts.push({ atMs, outcome });
    if (/^2\d\d$/.test(outcome)) {
      delivery.state = "delivered";
      open.delete(delivery);
      return pump();
    }
    delivery.state = "retrying";
    const waitMs = retryWaitsMs[Math.min(delivery.attempts.length, retryWaitsMs.length) - 1] ?? 0;
    if (!stopped)
      open.set(
        delivery,
        clock.schedule(clock.now() + waitMs, () => void attempt(delivery)),
      );
  }

  function tell(realm: string, changes: readonly ChangeEvent[]): void {
    if (settings === undefined || !settings.enabled) return;
    const weather = world.weather();
    const nowMs = clock.now();
    // The first event of a window opens it; those that come while it is open go with it.
    const windowMs = waiting.find(({ event, dueMs }) => event.realm === realm && dueMs > nowMs)?.dueMs;
    const ownMs = nowMs + settings.delayMs + weather.webhookDelayMs + settings.aggregationMs;
    const dueMs = settings.aggregationMs > 0 ? (windowMs ?? ownMs) : ownMs;
    for (const change of changes) {
      if (randomness.fraction() < weather.webhooksLost) continue;
      const event = { id: uuidFrom(randomness), realm, change };
      waiting.push({ event, dueMs });
      if (randomness.fraction() < Math.max(settings.duplicates, weather.webhooksDoubled)) {
        waiting.push({ event, dueMs: dueMs + duplicateAfterMs });
      }
    }
    pump();
  }

  return {
    configure(next) {
      settings = next;
      if (next === undefined || !next.enabled) waiting = [];
      // What waits for its retry goes to the new address at once: saved settings are a fresh start.
      for (const [delivery, cancel] of open) {
        if (delivery.state !== "retrying") continue;
        cancel();
        void attempt(delivery);
      }
      pump();
    },
    settings: () => settings,
    enqueue: (realm, changes) => tell(realm, changes.filter(isAnnounced)),
    tell,
    deliveries: () => kept,
    waiting: () => waiting.length,
    stop() {
      stopped = true;
      waiting = [];
      cancelPump?.();
      for (const cancel of open.values()) cancel();
    },
  };
}

/** Names and forms of headers: Intuit's documentation, webhooks sample of 2016. */
function headersOf(settings: WebhookSettings, delivery: Delivery, body: string, atMs: number): Record<string, string> {
  return {
    "content-type": settings.contentType,
    accept: "application/json",
    "user-agent": "intuit_notification_server/0.1",
    "intuit-signature": signatureOf(settings.verifier, body),
    "intuit-t-id": delivery.id,
    "intuit-created-time": new Date(atMs).toISOString(),
    "intuit-notification-schema-version": "0.1",
  };
}
