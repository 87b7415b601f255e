import type { ConnectionId, Subdomain, System } from "../../domain/index.ts";
import type { IncidentCause, IncidentKind, Severity } from "./causes.ts";

export type { IncidentCause, Severity } from "./causes.ts";
export { severityOf } from "./causes.ts";

/** One cause that stops or degrades work. The same open cause counts up instead of opening twice. */
export interface IncidentReport {
  cause: IncidentCause;
  says: string;
  connectionId?: ConnectionId;
  subdomain?: Subdomain;
  /** How many more it concerns; default 1. */
  affected?: number;
  /** How many it concerns in all, where that is known. */
  affectedNow?: number;
}

export interface Incident {
  id: number;
  cause: string;
  says: string;
  severity: Severity;
  connectionId?: ConnectionId;
  subdomain?: Subdomain;
  openedAt: Date;
  lastSeenAt: Date;
  affected: number;
}

export interface IncidentStore {
  /** Opens it, together with the alerts that it calls for. One that was resolved within the last two minutes goes on instead. */
  note(report: IncidentReport): Promise<void>;
  /** Ends the open incident of this cause, if any. */
  resolve(cause: string, of: { connectionId?: ConnectionId; subdomain?: Subdomain }): Promise<void>;
  /** Of these kinds exactly these are open afterwards. False: another process is at it. */
  keepTrue(kinds: readonly IncidentKind[], holding: readonly IncidentReport[]): Promise<boolean>;
  /** Resolves what nobody has noted for so long. */
  fade(fading: readonly { kind: IncidentKind; afterMinutes: number }[]): Promise<void>;
  open(connectionId?: ConnectionId): Promise<Incident[]>;
  /** Open and resolved ones, newest first, and how often each kind of cause came among all that fit. */
  history(filter: IncidentFilter): Promise<{ incidents: PastIncident[]; causes: CauseCount[] }>;
}

export interface IncidentFilter {
  /** Of this connection and its account; undefined: of everything. */
  connectionId?: ConnectionId | undefined;
  /** With a connection: those of the whole deployment, too. */
  ofDeployment?: boolean | undefined;
  /** A kind, or a whole cause. */
  cause?: string | undefined;
  /** Open then or later. */
  since?: Date | undefined;
  openOnly?: boolean | undefined;
  /** Older than this one; counts are of all the same. */
  before?: number | undefined;
  limit: number;
}

export interface PastIncident extends Incident {
  resolvedAt: Date | undefined;
}

/** Of one kind of cause. */
export interface CauseCount {
  cause: string;
  times: number;
  open: number;
  affected: number;
}

/** What the watch reads of the database to know what is wrong. */
export interface WatchFacts {
  paused: { connectionId: ConnectionId; by: string; because: string | undefined }[];
  grants: {
    system: System;
    subject: string;
    way: "authorization-code" | "client-credentials" | "api-token";
    issuedAt: Date;
    refreshExpiresAt: Date | undefined;
    hardExpiresAt: Date | undefined;
    connections: number;
  }[];
  parked: { connectionId: ConnectionId; parked: number; before: number; parties: number }[];
  /** Since the month began. */
  reads: {
    clientId: string;
    reads: number;
    connections: number;
    /** An app that connections brought. */
    own?: { monthlyReads: number | undefined; sandbox: boolean } | undefined;
  }[];
  /** Alerts that wait for an hour or more, by the name of their target. */
  undelivered: { target: string; alerts: number }[];
  now: Date;
}

export interface WatchStore {
  facts(): Promise<WatchFacts>;
  /** Refused credentials whose connections still work: a process died between the two. */
  unpaused(): Promise<{ system: System; subject: string; because: string }[]>;
  /** Once an hour, how many are parked: what growth is measured against. */
  sampleParked(): Promise<void>;
}
