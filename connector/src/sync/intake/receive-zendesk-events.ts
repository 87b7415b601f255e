import type { Subdomain } from "../../domain/index.ts";
import { CommitQueue } from "./commit-queue.ts";
import type { NamedByEvent, ZendeskEventReceipt, ZendeskEventStore } from "./ports.ts";
import { WakeUps } from "./wake-ups.ts";

/** A delivery as it came; nothing of it is believed yet. */
export interface ZendeskDelivery {
  path: string;
  timestamp: string | undefined;
  signature: string | undefined;
  body: Uint8Array;
}

export interface ZendeskReceiptPorts {
  events: Pick<ZendeskEventStore, "byPath" | "receive">;
  openSecret(subdomain: Subdomain, sealed: string): Promise<string>;
  verify(delivery: ZendeskDelivery, secret: string): boolean;
  parse(body: Uint8Array): NamedByEvent | undefined;
  /** Called after the commit, never before: the directory has something to read ... */
  wake(subdomain: Subdomain): Promise<void>;
  /** ... or a client has to be read because somebody wrote a ticket. */
  wakeOwner(subdomain: Subdomain): Promise<void>;
  monotonicMs(): number;
}

export type ZendeskReceived = "received" | "bad-signature" | "unknown-path";

interface KnownWebhook {
  subdomain: Subdomain;
  secret: string;
  readAt: number;
}

/** How old what we know of a webhook may be: another process may have subscribed anew. */
const webhookFreshMs = 10_000;
/** One per account is in use. */
const mostWebhooks = 1_000;
/** Each event comes alone, those of our own writes among them: a job of a hundred is a hundred deliveries. */
const commitGatherMs = 25;
const wakeGatherMs = 250;

/**
 * The receipt path of Zendesk's events: what waits together is committed together, and wakes its accounts once. A webhook is read and its
 * secret opened every ten seconds, not for each delivery; before a signature is refused they are read anew.
 */
export class ZendeskReceipts {
  readonly #ports: ZendeskReceiptPorts;
  readonly #webhooks = new Map<string, KnownWebhook>();
  readonly #commits: CommitQueue<ZendeskEventReceipt, { marked: Subdomain[] }>;
  readonly #wakeUps: WakeUps;
  readonly #ownerWakeUps: WakeUps;

  constructor(ports: ZendeskReceiptPorts) {
    this.#ports = ports;
    this.#commits = new CommitQueue((events) => ports.events.receive(events), commitGatherMs);
    this.#wakeUps = new WakeUps((subdomain) => ports.wake(subdomain), wakeGatherMs);
    this.#ownerWakeUps = new WakeUps((subdomain) => ports.wakeOwner(subdomain));
  }

  /** `received` once what the event names is committed to be looked at: answer 200. Anything else: it is not from Zendesk. */
  async receive(delivery: ZendeskDelivery): Promise<ZendeskReceived> {
    const known = this.#webhooks.get(delivery.path);
    const isFresh = known !== undefined && this.#ports.monotonicMs() - known.readAt < webhookFreshMs;
    if (isFresh && this.#ports.verify(delivery, known.secret)) return this.#commit(delivery, known.subdomain);
    const webhook = await this.#read(delivery.path);
    if (webhook === undefined) return "unknown-path";
    if (!this.#ports.verify(delivery, webhook.secret)) return "bad-signature";
    return this.#commit(delivery, webhook.subdomain);
  }

  async close(): Promise<void> {
    await this.#commits.close();
    await this.#wakeUps.close();
    await this.#ownerWakeUps.close();
  }

  async #read(path: string): Promise<KnownWebhook | undefined> {
    const found = await this.#ports.events.byPath(path);
    this.#webhooks.delete(path);
    if (found === undefined) return undefined;
    const secret = await this.#ports.openSecret(found.subdomain, found.sealedSecret);
    const webhook = { subdomain: found.subdomain, secret, readAt: this.#ports.monotonicMs() };
    if (this.#webhooks.size >= mostWebhooks) this.#webhooks.clear();
    this.#webhooks.set(path, webhook);
    return webhook;
  }

  async #commit({ body }: ZendeskDelivery, subdomain: Subdomain): Promise<"received"> {
    const { marked } = await this.#commits.add([{ subdomain, named: this.#ports.parse(body) }]);
    this.#wakeUps.add([subdomain]);
    this.#ownerWakeUps.add(marked);
    return "received";
  }
}
