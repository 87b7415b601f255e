import type { Cause, Realm, RecordKey, Subdomain } from "../../domain/index.ts";
import type { IncidentCause, IncidentStore } from "../../oversight/incidents/index.ts";
import { CommitQueue } from "./commit-queue.ts";
import type { Notification, NotifiedChange, Receipt, ReceiptStore } from "./ports.ts";
import { WakeUps } from "./wake-ups.ts";

/** A delivery whose signature fits one of our verifiers. */
export interface VerifiedDelivery {
  /** The Intuit app that this verifier belongs to. */
  clientId: string;
  /** The only companies that it may speak for; undefined: all that are connected through it. */
  realms?: ReadonlySet<string> | undefined;
  notification: Notification;
}

export interface ReceiptPorts {
  store: ReceiptStore;
  incidents: Pick<IncidentStore, "note">;
  /** Sends the account's reconcile job and notifies its running owner. Called after the commit, never before. */
  wake: (subdomain: Subdomain) => Promise<void>;
  monotonicMs: () => number;
}

/** What of a committed delivery meant nothing to us: the log says it once per delivery, an incident once a day. */
export interface Unheard {
  /** Companies that are not connected through the app that signed. */
  companies: Realm[];
  /** Events of unknown kinds. */
  events: number;
}

/** Since the process started. */
export interface ReceiptCounts {
  deliveries: number;
  changes: number;
  unknownEvents: number;
  unknownRealms: number;
  unreadable: number;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * The receipt path.
 *
 *   verified delivery -> waits with others -> one commit of their marks -> answered 200 -> one wake-up per account
 *
 * A promise that `receive` returned is kept only by the commit: 200 goes out when it resolves, never before. A wake-up that gets lost is
 * made good by the tick, which sends for every account with a due mark.
 */
export class Receipts {
  readonly #ports: ReceiptPorts;
  readonly #commits: CommitQueue<Receipt, Awaited<ReturnType<ReceiptStore["commitReceipts"]>>>;
  readonly #wakeUps: WakeUps;
  readonly #noted = new Map<string, number>();
  readonly #counts: ReceiptCounts = { deliveries: 0, changes: 0, unknownEvents: 0, unknownRealms: 0, unreadable: 0 };

  constructor(ports: ReceiptPorts) {
    this.#ports = ports;
    this.#commits = new CommitQueue((receipts) => ports.store.commitReceipts(receipts));
    this.#wakeUps = new WakeUps(ports.wake);
  }

  /** Resolves once everything that the delivery says is committed. Rejects where it is not: answer 503, Intuit delivers again. */
  async receive({ clientId, realms, notification }: VerifiedDelivery): Promise<Unheard> {
    this.#counts.deliveries += 1;
    if (notification.kind === "unreadable") {
      await this.#receiveUnreadable(clientId, realms);
      return { companies: [], events: 0 };
    }
    this.#counts.changes += notification.changes.length;
    this.#counts.unknownEvents += notification.unknown;
    const mayName = ({ realm }: NotifiedChange) => realms?.has(realm) ?? true;
    const heard = notification.changes.filter(mayName);
    const companies = await this.#commit(heard.flatMap((change) => receiptsOf(clientId, change)));
    companies.push(...(await this.#noteUnknown(notification.changes.filter((change) => !mayName(change)))));
    if (notification.unknown > 0)
      await this.#noteOnceADay(
        "webhook-unknown-event",
        "QuickBooks sends events of a kind that ml-connector does not know. They are passed over; the change poll still finds what they meant.",
      );
    return { companies, events: notification.unknown };
  }

  counts(): ReceiptCounts {
    return { ...this.#counts };
  }

  /** Ends after the last commit under way and the wake-ups it owes. */
  async close(): Promise<void> {
    await this.#commits.close();
    await this.#wakeUps.close();
  }

  /** Returns the companies that nobody has connected. */
  async #commit(receipts: readonly Receipt[]): Promise<Realm[]> {
    if (receipts.length === 0) return [];
    const committed = await this.#commits.add(receipts);
    this.#wakeUps.add(committed.subdomains);
    const realms = new Set(receipts.map(({ realm }) => realm));
    const unknown = committed.unknownRealms.filter((realm) => realms.has(realm));
    return this.#noteUnknown(unknown.map((realm) => ({ realm })));
  }

  async #noteUnknown(named: readonly { realm: Realm }[]): Promise<Realm[]> {
    const unknown = [...new Set(named.map(({ realm }) => realm))];
    this.#counts.unknownRealms += unknown.length;
    for (const realm of unknown) await this.#noteUnknownCompany(realm);
    return unknown;
  }

  async #receiveUnreadable(clientId: string, realms: ReadonlySet<string> | undefined): Promise<void> {
    this.#counts.unreadable += 1;
    await this.#ports.store.makePollsDue(clientId, realms && [...realms]);
    await this.#noteOnceADay(
      "webhook-unreadable",
      "QuickBooks sent a signed delivery that ml-connector cannot read. Every company of that app is polled for changes instead.",
    );
  }

  #noteUnknownCompany(realm: Realm): Promise<void> {
    return this.#noteOnceADay(
      `webhook-unknown-company:${realm}`,
      `QuickBooks reports changes of company ${realm}, which is not connected through the app that signed them. Connect it, or disconnect the app in that company.`,
    );
  }

  /** The process that sees it first each day speaks; a flood of bad events costs one statement. */
  async #noteOnceADay(cause: IncidentCause, says: string): Promise<void> {
    const now = this.#ports.monotonicMs();
    const last = this.#noted.get(cause);
    if (last !== undefined && now - last < dayMs) return;
    if (this.#noted.size >= mostCauses) this.#noted.clear();
    this.#noted.set(cause, now);
    await this.#ports.incidents.note({ cause, says });
  }
}

/** Bounds what unknown companies can make us remember. */
const mostCauses = 1000;

/** A merge concerns its survivor and its loser, of which only an id is left. */
function receiptsOf(clientId: string, change: NotifiedChange): Receipt[] {
  const cause: Cause = { kind: "webhook", eventId: change.eventId, type: change.type, at: change.at };
  const survivor: Receipt = { clientId, realm: change.realm, key: change.key, cause };
  if (change.deletedId === undefined) return [survivor];
  const loser: RecordKey = { entity: change.key.entity, id: change.deletedId };
  return [survivor, { ...survivor, key: loser, cause: { ...cause, mergedInto: change.key.id } }];
}
