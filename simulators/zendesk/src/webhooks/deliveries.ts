import type { Account, Happening } from "../world/account.ts";
import { ulid } from "../world/ulid.ts";
import { type Attempt, retryDelayMs, type Said, type Send } from "./attempt.ts";
import { Breaker } from "./breaker.ts";
import { buildEvent, eventType, type WebhookEvent } from "./event.ts";
import { signPayload } from "./signature.ts";
import { authenticationHeaders, type Webhook } from "./webhook.ts";

// waiting --(its turn)--> sending --(2xx)--> success
//                            |  \--(retryable)--> waiting again
//                            \--(anything else)--> failed     lost = a switch swallowed it, paused = the breaker was open
export interface Invocation {
  id: string;
  webhookId: string;
  event: WebhookEvent;
  state: "waiting" | "sending" | "success" | "failed" | "lost" | "paused";
  createdAt: number;
  attempts: Attempt[];
}

const keptInvocations = 20_000;
const sendsAtOnce = 8;

/**
 * Sends what happens in an account to its webhooks: once if all goes well, in no promised order, twice or never where a
 * switch says so. Waiting is real time, stamps are simulated time.
 */
export class Deliveries {
  readonly webhooks = new Map<string, Webhook>();
  readonly #account: Account;
  readonly #send: Send;
  readonly #invocations: Invocation[] = [];
  readonly #queue: Invocation[] = [];
  readonly #breakers = new Map<string, Breaker>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #sending = 0;
  #isStopped = false;

  constructor(account: Account, send: Send) {
    this.#account = account;
    this.#send = send;
    account.listeners.push((happening) => this.#hear(happening));
  }

  invocationsOf(webhookId: string): Invocation[] {
    return this.#invocations.filter((invocation) => invocation.webhookId === webhookId);
  }

  all(): readonly Invocation[] {
    return this.#invocations;
  }

  /** Whether nothing is under way any more. */
  isIdle(): boolean {
    return this.#sending === 0 && this.#queue.length === 0 && this.#timers.size === 0;
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#queue.length = 0;
  }

  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#queue.length = 0;
    this.#invocations.length = 0;
    this.#breakers.clear();
  }

  /** Sends an event again as it is: the same event id in a new invocation. */
  repeat(invocation: Invocation): void {
    this.#plan(invocation.webhookId, invocation.event);
  }

  #hear(happening: Happening): void {
    if (happening.by === "api" && !this.#account.switches.echoOwnWrites) return;
    const type = eventType(happening.kind);
    const takers = [...this.webhooks.values()].filter(
      (webhook) => webhook.status === "active" && webhook.subscriptions.includes(type),
    );
    if (takers.length === 0) return;
    const event = buildEvent(this.#account, happening);
    for (const webhook of takers) {
      this.#plan(webhook.id, event);
      if (this.#account.random.next() < this.#account.switches.webhookDuplicates) this.#plan(webhook.id, event);
    }
  }

  #plan(webhookId: string, event: WebhookEvent): void {
    const { random, clock, switches } = this.#account;
    const invocation: Invocation = {
      id: ulid(clock.now(), random),
      webhookId,
      event,
      state: "waiting",
      createdAt: clock.now(),
      attempts: [],
    };
    this.#invocations.push(invocation);
    if (this.#invocations.length > keptInvocations) this.#invocations.splice(0, keptInvocations / 4);
    if (random.next() < switches.webhookLoss) invocation.state = "lost";
    else this.#later(invocation, switches.webhookDelayMs + random.next() * switches.webhookShuffleMs);
  }

  #later(invocation: Invocation, delayMs: number): void {
    if (this.#isStopped) return;
    if (delayMs <= 0) {
      this.#queue.push(invocation);
      queueMicrotask(() => this.#pump());
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#queue.push(invocation);
      this.#pump();
    }, delayMs);
    this.#timers.add(timer);
  }

  #pump(): void {
    while (this.#sending < sendsAtOnce && !this.#isStopped) {
      const invocation = this.#queue.shift();
      if (!invocation) return;
      this.#sending += 1;
      void this.#deliver(invocation).finally(() => {
        this.#sending -= 1;
        this.#pump();
      });
    }
  }

  async #deliver(invocation: Invocation): Promise<void> {
    const webhook = this.webhooks.get(invocation.webhookId);
    const breaker = this.#breakerOf(invocation.webhookId);
    const { clock, switches } = this.#account;
    if (!webhook || (switches.webhookBreaker && breaker.isOpen(clock.now()))) {
      invocation.state = webhook ? "paused" : "failed";
      return;
    }
    invocation.state = "sending";
    const sentAt = clock.now();
    const said = await this.#send({
      url: webhook.endpoint,
      method: "POST",
      ...signedRequest(this.#account, webhook, invocation),
      timeoutMs: switches.webhookTimeoutMs,
    });
    const attempt = readAnswer(said, invocation.attempts.length, sentAt, clock.now());
    invocation.attempts.push(attempt);
    breaker.note(clock.now(), attempt.outcome !== "success");
    const again = attempt.outcome === "success" ? undefined : retryDelayMs(invocation.attempts);
    if (again === undefined || !switches.webhookRetries) {
      invocation.state = attempt.outcome === "success" ? "success" : "failed";
      return;
    }
    invocation.state = "waiting";
    this.#later(invocation, again);
  }

  #breakerOf(webhookId: string): Breaker {
    const known = this.#breakers.get(webhookId);
    if (known) return known;
    const breaker = new Breaker();
    this.#breakers.set(webhookId, breaker);
    return breaker;
  }
}

/** https://developer.zendesk.com/documentation/webhooks/anatomy-of-a-webhook-request/ */
function signedRequest(
  account: Account,
  webhook: Webhook,
  invocation: Invocation,
): { headers: Record<string, string>; body: string } {
  const body = JSON.stringify(invocation.event);
  const timestamp = `${new Date(account.clock.now()).toISOString().slice(0, 19)}Z`;
  const headers = {
    ...webhook.custom_headers,
    ...authenticationHeaders(webhook),
    "content-type": "application/json; charset=utf-8",
    "user-agent": "Zendesk Webhook",
    "x-zendesk-account-id": String(account.id),
    "x-zendesk-webhook-id": webhook.id,
    "x-zendesk-webhook-invocation-id": invocation.id,
    "x-zendesk-webhook-signature": signPayload(webhook.secret, timestamp, body),
    "x-zendesk-webhook-signature-timestamp": timestamp,
  };
  return { headers, body };
}

function readAnswer(said: Said, index: number, sentAt: number, completedAt: number): Attempt {
  const isSuccess = said.status !== null && said.status >= 200 && said.status < 300;
  const outcome = said.problem ?? (isSuccess ? "success" : "failed");
  return {
    id: String(index + 1),
    status: said.status,
    outcome,
    sentAt,
    completedAt,
    retryAfterSeconds: said.retryAfterSeconds,
  };
}
