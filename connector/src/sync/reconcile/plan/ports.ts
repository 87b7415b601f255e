import type { ConnectionId } from "../../../domain/index.ts";

/** One effect that applying would have, as the plan shows it. */
export interface PlannedEffect {
  party: string;
  effect: "create" | "update" | "unchanged" | "parked" | "ignored" | "out-of-scope" | "clear" | "gone";
  /** The organization's name: the one to be created, or the one that is there. */
  organization: string | undefined;
  /** Parked: the reason. Linked: how it was found. */
  because: string | undefined;
}

export interface PlanCounts {
  parties: number;
  create: number;
  update: number;
  unchanged: number;
  parked: number;
  ignored: number;
  outOfScope: number;
  rolledUp: number;
  members: number;
  fieldsToCreate: number;
  parkedByReason: Record<string, number>;
  linkedByStep: Record<string, number>;
  /** Organization writes and others that applying takes. */
  calls: number;
  /** At the pace of about 15 organizations a second seen in a recording of a live account (node-zendesk fixtures, 2023-10). */
  expectedSeconds: number;
}

export interface ProposedPlan {
  id: number;
  connectionId: ConnectionId;
  counts: PlanCounts;
  effects: PlannedEffect[];
  state: "proposed" | "approved" | "discarded";
}

export interface PlanStore {
  /** Discards what was proposed before. */
  propose(
    connectionId: ConnectionId,
    kind: string,
    counts: PlanCounts,
    effects: readonly PlannedEffect[],
  ): Promise<number>;
  latest(connectionId: ConnectionId): Promise<ProposedPlan | undefined>;
  /** One transaction: the plan is approved, the connection active, every card marked, the journal told. False: it was not proposed any more. */
  approve(planId: number, who: string): Promise<boolean>;
}
