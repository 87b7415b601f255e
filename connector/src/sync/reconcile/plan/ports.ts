import type { ConnectionId, FieldValues, Json, JsonObject, OrganizationId, PartyKey } from "../../../domain/index.ts";

/** What a plan is about. Everything else is as any pass would have it. */
export type PlanChange =
  | { kind: "first-load" }
  | { kind: "mapping"; version: number }
  | { kind: "settings"; patch: JsonObject }
  | { kind: "restore"; ofPlan: number };

/**
 * What becomes of one card. `adopt`: an organization that was there gets a link and our fields; `rename`: it also gets another name.
 * Of a restore: `restore`: former values come back; `remove`: an organization that the plan created goes; `leave`: it stays as it is.
 */
export type EffectKind =
  | "create"
  | "adopt"
  | "rename"
  | "update"
  | "unchanged"
  | "parked"
  | "ignored"
  | "out-of-scope"
  | "clear"
  | "gone"
  | "restore"
  | "remove"
  | "leave";

/** What makes a card worth trying first: see `chooseCanaries`. */
export type Trait = "family" | "vendor-only" | "customer-and-vendor" | "mixed-currency" | "members" | "joined";

/** One effect that applying would have, as the plan shows it. */
export interface PlannedEffect {
  /** The top of a family, or a vendor. */
  party: string;
  /** The first party of its organization, or the top of its family where the plan changes families: what shares it is written together. */
  card: string;
  effect: EffectKind;
  organizationId: OrganizationId | undefined;
  /** The organization's name: the one to be created, or the one that is there. */
  organization: string | undefined;
  /** Parked: the reason. Linked: how it was found. Left: why. */
  because: string | undefined;
  /** Field key -> [before, after]. */
  changed: Record<string, Json[]>;
  traits: Trait[];
}

/** An effect with what became of it. */
export interface RecordedEffect extends PlannedEffect {
  position: number;
  canary: boolean;
  state: EffectState;
  /** State `changed`: what it would be now. */
  found: FoundEffect | undefined;
}

export interface FoundEffect {
  effect: EffectKind;
  organizationId: OrganizationId | null;
  organization: string | null;
}

/** How many cards get a value in a field, lose it, or get another one. */
export interface FieldDifference {
  set: number;
  changed: number;
  cleared: number;
}

export interface PlanCounts {
  parties: number;
  create: number;
  /** All organizations that get other values: those that are adopted or renamed among them. */
  update: number;
  adopt: number;
  rename: number;
  unchanged: number;
  clear: number;
  gone: number;
  /** Of a restore: organizations that go, and those that the plan created and that stay, because somebody uses them. */
  remove: number;
  leave: number;
  parked: number;
  ignored: number;
  outOfScope: number;
  rolledUp: number;
  members: number;
  fieldsToCreate: number;
  /** What the settings ask for beside cards: records of invoices and bills, ticket fields with their options, users of contacts. */
  recordsToWrite: number;
  recordsToRemove: number;
  ticketFieldsToCreate: number;
  ticketOptionsToAdd: number;
  usersToCreate: number;
  parkedByReason: Record<string, number>;
  linkedByStep: Record<string, number>;
  /** Field key -> how many cards differ. */
  fields: Record<string, FieldDifference>;
  /** What stands in the way, or has to be settled by a person, in sentences. */
  conflicts: string[];
  /** Organization writes and others that applying takes. */
  calls: number;
  /** At the pace of about 15 organizations a second seen in a recording of a live account (node-zendesk fixtures, 2023-10). */
  expectedSeconds: number;
}

/** What a change of kind restore finds to do. */
export interface PlanFacts {
  id: number;
  connectionId: ConnectionId;
  change: PlanChange;
  state: PlanState;
  counts: PlanCounts;
  proposedAt: Date;
  approvedBy: string | undefined;
  approvedAt: Date | undefined;
  endedAt: Date | undefined;
}

export interface ProposedPlan extends PlanFacts {
  effects: PlannedEffect[];
}

/** How far applying has come, in cards that are to be written. */
export interface PlanProgress {
  state: PlanState;
  /** Effects by what became of them, those that write nothing among them. */
  planned: number;
  done: number;
  failed: number;
  changed: number;
  left: number;
  /** What is still to be done beside organizations: parties whose records or contacts are looked at now, record jobs, ticket fields. */
  beside: number;
}

export interface PlanStore {
  /** Begins a plan; drafts that were never finished are discarded. */
  draft(connectionId: ConnectionId, change: PlanChange): Promise<number>;
  addEffects(planId: number, effects: readonly PlannedEffect[], from: number): Promise<void>;
  /** drafted -> proposed. Discards what was proposed before; a loading connection is planned by that. */
  propose(planId: number, counts: PlanCounts): Promise<void>;
  /** Without drafts. */
  latest(connectionId: ConnectionId): Promise<ProposedPlan | undefined>;
  read(planId: number): Promise<PlanFacts | undefined>;
  /** Newest first, without drafts. */
  list(connectionId: ConnectionId): Promise<PlanFacts[]>;
  /** In the plan's order; `states`: only these. */
  effects(
    planId: number,
    filter: { states?: readonly EffectState[]; canary?: boolean; after?: number; limit: number },
  ): Promise<RecordedEffect[]>;
  progress(planId: number): Promise<PlanProgress | undefined>;
  /**
   * One transaction: the plan may be applied, its change is in force, the connection is active, every card is marked, the journal told.
   * Goes on with one that was tried or stopped. False: it is not to be approved (any more), or another one is under way.
   */
  approve(planId: number, who: string): Promise<boolean>;
  /** Applies the effects of these cards alone. False: it was not proposed any more, or another one is under way. */
  tryOut(planId: number, cards: readonly string[], who: string): Promise<boolean>;
  /** Puts a change in force where nothing has been approved yet. */
  putInForce(connectionId: ConnectionId, change: PlanChange): Promise<void>;
  /** What is done is done; the rest stays as before. False: it was not being applied. */
  stop(planId: number, who: string): Promise<boolean>;
  discard(planId: number, who: string): Promise<boolean>;
  /** Effects that are no longer what was approved: approved singly as they were found. Returns the parties. */
  approveChanged(planId: number, parties: readonly string[] | "all", who: string): Promise<string[]>;
}

/** What was to become of a tried card, and what Zendesk holds now. */
export interface TriedCard {
  effect: RecordedEffect;
  /** Undefined: Zendesk has no such organization (yet). */
  organization: { id: OrganizationId; name: string; fields: FieldValues } | undefined;
  /** Keys whose value is not the planned one. */
  different: string[];
}

/** Plans of everything that a person may change: worked out, tried, undone. What approves and stops them is the store's. */
export interface PlanDesk {
  /** Before the first approval the change is in force at once, and the first load is planned anew. Throws OperatorError. */
  proposeChange(
    connectionId: ConnectionId,
    change: Extract<PlanChange, { kind: "mapping" | "settings" }>,
    progress?: (parties: number) => void,
  ): Promise<ProposedPlan>;
  /** Settings that touch many organizations are planned; the others are in force at once, and undefined is returned. */
  changeSettings(connectionId: ConnectionId, patch: JsonObject): Promise<ProposedPlan | undefined>;
  /** What undoing a plan would do. Throws OperatorError where it cannot be undone. */
  proposeRestore(connectionId: ConnectionId, ofPlan: number): Promise<ProposedPlan>;
  /** Applies one card of each kind. False: the plan is not proposed any more, or another one is under way. */
  tryOut(planId: number, who: string): Promise<boolean>;
  tried(connectionId: ConnectionId, planId: number): Promise<TriedCard[]>;
}

export interface LookedUpEffect extends RecordedEffect {
  /** Of the effects that share its card at least one is not planned any more. */
  begun: boolean;
}

/** What the owner of an account asks of the plans of its connections. */
export interface PlanLookup {
  /** The effect of each party under its own key, else under that of its project or of the top of its family; by the asked keys. */
  effectsOf(
    planId: number,
    connectionId: ConnectionId,
    parties: readonly PartyKey[],
  ): Promise<Map<string, LookedUpEffect>>;
  /** approved -> applying; what is planned and has no mark gets one; applying -> applied once nothing is planned any more. */
  tend(planId: number): Promise<void>;
}

// The states of a plan, and of each of its effects. Complete tables: a state or an event that is missing here does not build, and the
// store names the states in which an event may come in the statement that writes the next one.
//
//   drafted --counted--> proposed --try--> trying --approve--> approved --begin--> applying --finish--> applied
//      \                    | \______________________________/      \______ _______/                      |
//       \---discard---------+--> discarded       |                   stop  v                              |
//                                                '--------stop------> stopped --approve--> approved       |
//                                                |                       |                                |
//                                                '------------------restore-------------------------------'--> restoring --undone--> restored
export const planTransitions = {
  drafted: {
    counted: "proposed",
    discard: "discarded",
    try: undefined,
    approve: undefined,
    begin: undefined,
    finish: undefined,
    stop: undefined,
    restore: undefined,
    undone: undefined,
  },
  proposed: {
    counted: undefined,
    discard: "discarded",
    try: "trying",
    approve: "approved",
    begin: undefined,
    finish: undefined,
    stop: undefined,
    restore: undefined,
    undone: undefined,
  },
  trying: {
    counted: undefined,
    discard: undefined,
    try: undefined,
    approve: "approved",
    begin: undefined,
    finish: undefined,
    stop: "stopped",
    restore: "restoring",
    undone: undefined,
  },
  approved: {
    counted: undefined,
    discard: undefined,
    try: undefined,
    approve: undefined,
    begin: "applying",
    finish: "applied",
    stop: "stopped",
    restore: undefined,
    undone: undefined,
  },
  applying: {
    counted: undefined,
    discard: undefined,
    try: undefined,
    approve: undefined,
    begin: undefined,
    finish: "applied",
    stop: "stopped",
    restore: undefined,
    undone: undefined,
  },
  stopped: {
    counted: undefined,
    discard: undefined,
    try: undefined,
    approve: "approved",
    begin: undefined,
    finish: undefined,
    stop: undefined,
    restore: "restoring",
    undone: undefined,
  },
  applied: {
    counted: undefined,
    discard: undefined,
    try: undefined,
    approve: undefined,
    begin: undefined,
    finish: undefined,
    stop: undefined,
    restore: "restoring",
    undone: undefined,
  },
  restoring: {
    counted: undefined,
    discard: undefined,
    try: undefined,
    approve: undefined,
    begin: undefined,
    finish: undefined,
    stop: undefined,
    restore: undefined,
    undone: "restored",
  },
  discarded: {
    counted: undefined,
    discard: undefined,
    try: undefined,
    approve: undefined,
    begin: undefined,
    finish: undefined,
    stop: undefined,
    restore: undefined,
    undone: undefined,
  },
  restored: {
    counted: undefined,
    discard: undefined,
    try: undefined,
    approve: undefined,
    begin: undefined,
    finish: undefined,
    stop: undefined,
    restore: undefined,
    undone: undefined,
  },
} as const satisfies Record<PlanState, Record<PlanEvent, PlanState | undefined>>;

export type PlanState =
  | "drafted"
  | "proposed"
  | "trying"
  | "approved"
  | "applying"
  | "stopped"
  | "applied"
  | "discarded"
  | "restoring"
  | "restored";
export type PlanEvent = "counted" | "discard" | "try" | "approve" | "begin" | "finish" | "stop" | "restore" | "undone";

/** The states in which this event moves a plan on. */
export function planStatesBefore(event: PlanEvent): PlanState[] {
  // a literal has the keys that it shows
  return (Object.keys(planTransitions) as PlanState[]).filter((state) => planTransitions[state][event] !== undefined);
}

/** Every event leads to one state, wherever it comes from. */
export function planStateAfter(event: PlanEvent): PlanState {
  for (const transition of Object.values(planTransitions))
    if (transition[event] !== undefined) return transition[event];
  throw new Error(`no plan state follows ${event}`);
}

/**
 *   planned --settled--> done | failed (parked after its last attempt)
 *      \------found to be another kind of effect------> changed --approved singly, or the planned kind again--> done
 *      '------a restore finds that people changed or use it------> left
 */
export type EffectState = "planned" | "done" | "failed" | "changed" | "left";
