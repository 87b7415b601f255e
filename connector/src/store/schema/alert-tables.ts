// Rows: who is told of incidents, what has been said, and what is measured for them. Types of the columns: see columns.ts.
import type { Generated, GeneratedAlways } from "kysely";
import type { ConnectionId, Realm } from "../../domain/index.ts";
import type { InstantOrNull, InstantWithDefault } from "./columns.ts";

export interface AlertTargetTable {
  id: GeneratedAlways<number>;
  kind: "email" | "slack" | "webhook";
  /** For people: the address, or the host. */
  name: string;
  /** Where it goes, and what signs it. */
  sealed: string;
  least: "notice" | "degraded" | "stopped";
  created_at: InstantWithDefault;
}

export interface AlertTable {
  id: Generated<string>;
  /** Null: a test. */
  incident_id: number | null;
  target_id: number;
  event: "opened" | "resolved" | "test";
  state: Generated<"waiting" | "sent" | "given-up">;
  due_at: InstantWithDefault;
  attempts: Generated<number>;
  last_fault: string | null;
  created_at: InstantWithDefault;
  sent_at: InstantOrNull;
}

export interface MeteredReadsTable {
  client_id: string;
  month: string;
  realm: Realm;
  reads: number;
}

export interface ParkedSampleTable {
  connection_id: ConnectionId;
  at: InstantWithDefault;
  parked: number;
  parties: number;
}
