import { alertMessage } from "./message.ts";
import {
  type AlertIncident,
  type AlertStore,
  type Channels,
  DeliveryFault,
  type Destination,
  type DueAlert,
} from "./ports.ts";

export interface SendPorts {
  store: AlertStore;
  channels: Channels;
  /** Opens what is sealed of a target. */
  destinationOf(target: DueAlert["target"]): Promise<Destination>;
  reconnectUrl(incident: AlertIncident): Promise<string | undefined>;
  publicUrl: string;
  now(): Date;
}

const atOnce = 20;
/** Longer than any channel takes to give up. */
const leaseMs = 90_000;
const firstRetryMs = 5_000;
const longestRetryMs = 15 * 60_000;
/** What is older than a day is no alert any more. */
const givenUpAfterMs = 24 * 60 * 60_000;

/** When to try again; undefined: never. */
export function againInMs(attempts: number, ageMs: number): number | undefined {
  if (ageMs > givenUpAfterMs) return undefined;
  return Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(attempts, 20));
}

/**
 * Sends what is due. What dies between the sending and its note is sent again, with the same id: receivers drop doubles by it. How many were
 * sent.
 */
export async function sendDue(ports: SendPorts): Promise<number> {
  const { store } = ports;
  await store.announceResolved();
  const due = await store.claimDue(atOnce, leaseMs);
  // One target that hangs must not hold up the others.
  const sent = await Promise.all(due.map((alert) => sendOne(ports, alert)));
  return sent.filter(Boolean).length;
}

async function sendOne(ports: SendPorts, alert: DueAlert): Promise<boolean> {
  const { store, channels } = ports;
  const now = ports.now();
  try {
    const destination = await ports.destinationOf(alert.target);
    const reconnectUrl =
      alert.event === "opened" && alert.incident ? await ports.reconnectUrl(alert.incident) : undefined;
    const message = alertMessage(alert, { publicUrl: ports.publicUrl, now, reconnectUrl });
    switch (destination.kind) {
      case "email":
        await channels.email(destination, message);
        break;
      case "slack":
        await channels.slack(destination, message);
        break;
      case "webhook":
        await channels.webhook(destination, message);
        break;
    }
  } catch (fault) {
    // A target that cannot be opened, or that does not answer, is the target's matter: it shows there, and the others go on.
    const because = fault instanceof DeliveryFault ? fault.message : "the alert could not be made";
    const ageMs = now.getTime() - alert.createdAt.getTime();
    await store.failed(alert.id, because, alert.event === "test" ? undefined : againInMs(alert.attempts, ageMs));
    return false;
  }
  await store.sent(alert.id);
  return true;
}
