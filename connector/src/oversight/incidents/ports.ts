import type { ConnectionId, Subdomain } from "../../domain/index.ts";

/** One cause that stops or degrades work. The same open cause counts up instead of opening twice. */
export interface IncidentReport {
  cause: string;
  says: string;
  connectionId?: ConnectionId;
  subdomain?: Subdomain;
  affected?: number;
}

export interface Incident extends IncidentReport {
  id: number;
  openedAt: Date;
  lastSeenAt: Date;
  affected: number;
}

export interface IncidentStore {
  note(report: IncidentReport): Promise<void>;
  /** Ends the open incident of this cause, if any. */
  resolve(cause: string, of: { connectionId?: ConnectionId; subdomain?: Subdomain }): Promise<void>;
  open(connectionId?: ConnectionId): Promise<Incident[]>;
}
