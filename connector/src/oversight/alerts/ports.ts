import type { ConnectionId } from "../../domain/index.ts";
import type { Severity } from "../incidents/ports.ts";

export type TargetKind = "email" | "slack" | "webhook";

/** Where alerts go. What it is exactly, an address of Slack for example, is a secret and lies sealed. */
export interface AlertTarget {
  id: number;
  kind: TargetKind;
  /** For people: the e-mail address, or the host. */
  name: string;
  sealed: string;
  /** Less severe incidents are not told. */
  least: Severity;
}

/** What is sealed of a target. */
export type Destination =
  | { kind: "email"; address: string }
  | { kind: "slack"; url: string }
  | { kind: "webhook"; url: string; secret: string };

export type AlertEvent = "opened" | "resolved" | "test";

/** One alert to one target, claimed for sending. The same id goes out however often it is tried. */
export interface DueAlert {
  id: string;
  event: AlertEvent;
  attempts: number;
  createdAt: Date;
  target: AlertTarget;
  /** Undefined: a test. */
  incident: AlertIncident | undefined;
}

export interface AlertIncident {
  id: number;
  cause: string;
  says: string;
  severity: Severity;
  affected: number;
  openedAt: Date;
  resolvedAt: Date | undefined;
  connectionId: ConnectionId | undefined;
  subdomain: string | undefined;
  company: string | undefined;
}

export interface AlertStore {
  targets(): Promise<AlertTarget[]>;
  /** `seal` is given the id of the new row, which the sealed text is bound to. */
  addTarget(target: Omit<AlertTarget, "id" | "sealed">, seal: (id: number) => Promise<string>): Promise<number>;
  removeTarget(id: number): Promise<boolean>;
  /** The alerts of a test, one for each of these targets. */
  addTests(targets: readonly number[]): Promise<string[]>;
  /** Alerts of incidents that were resolved two minutes ago: until then they may come back. */
  announceResolved(): Promise<void>;
  /** Due ones, put off by the lease: a process that dies while it sends leaves them to another one. */
  claimDue(limit: number, leaseMs: number): Promise<DueAlert[]>;
  sent(id: string): Promise<void>;
  /** `againInMs` undefined: given up. */
  failed(id: string, because: string, againInMs: number | undefined): Promise<void>;
  outcomes(ids: readonly string[]): Promise<AlertOutcome[]>;
}

export interface AlertOutcome {
  id: string;
  target: string;
  kind: TargetKind;
  state: "waiting" | "sent" | "given-up";
  attempts: number;
  because: string | undefined;
}

/** Sends one alert; rejects with a DeliveryFault where it was not taken. */
export type Channels = {
  [Kind in TargetKind]: (destination: Extract<Destination, { kind: Kind }>, message: AlertMessage) => Promise<void>;
};

/** What is said, in the forms that targets take. */
export interface AlertMessage {
  id: string;
  event: AlertEvent;
  at: Date;
  title: string;
  /** Sentences, one to a paragraph. */
  text: string[];
  incident: AlertIncident | undefined;
}

/** A target did not take an alert. Its message holds no secret: it is shown to operators. */
export class DeliveryFault extends Error {
  override name = "DeliveryFault";
}
