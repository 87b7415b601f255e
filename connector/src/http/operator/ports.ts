// What the operator API needs of the product: the same calls as the commands, and where asked-for work is kept. Boot fills it.
import type {
  AlertTargetAdded,
  AlertTargets,
  AlertTargetView,
  AlertTest,
  BroughtClient,
  ClientsView,
  DisconnectPreview,
  DoctorResult,
  KeysRotated,
  KeysView,
  PingResult,
  TaskKind,
} from "@ml-connector/contract";
import type {
  ConnectionId,
  Json,
  JsonObject,
  MappingDocument,
  MappingProblem,
  OrganizationId,
  PartyKey,
  Settings,
  Subdomain,
  System,
} from "../../domain/index.ts";
import type { Erasure } from "../../oversight/erasure/index.ts";
import type { VerifyReport, VerifyStage } from "../../oversight/verify/index.ts";
import type { ListedOrganization } from "../../sync/directory/index.ts";
import type {
  BulkProposal,
  BulkRule,
  IgnorePattern,
  LinkStore,
  PossibleDuplicate,
  ReviewStore,
} from "../../sync/links/index.ts";
import type { PlanDesk, PlanProgress, PlanStore, ProposedPlan } from "../../sync/reconcile/index.ts";
import type { ConnectionFacts, FitReport, historyView, previewView, ViewSources } from "../../views/index.ts";

/** Each call as the command line has it: see cli/application.ts for what it promises. */
export interface OperatorApplication extends ViewSources {
  connections: ViewSources["connections"] & { get(id: ConnectionId): Promise<ConnectionFacts | undefined> };
  links: ViewSources["links"] &
    Pick<LinkStore, "linksOf" | "linksTo" | "parked" | "storeAnswer" | "undoAnswer" | "ignoreRules">;
  review: ReviewStore;
  proposeAnswers(connection: { id: ConnectionId; subdomain: Subdomain }, rule: BulkRule): Promise<BulkProposal>;
  partiesLike(connectionId: ConnectionId, pattern: IgnorePattern): Promise<{ party: PartyKey; displayName: string }[]>;
  possibleDuplicates(connectionId: ConnectionId, limit: number): Promise<{ found: PossibleDuplicate[]; more: boolean }>;
  plans: Pick<PlanStore, "read" | "list" | "effects" | "approve" | "approveChanged" | "stop" | "discard">;
  planDesk: PlanDesk;
  applyProgress(connectionId: ConnectionId, planId: number): AsyncIterable<PlanProgress>;
  mapping: {
    versions(connectionId: ConnectionId): Promise<Parameters<typeof historyView>[1]>;
    presets(): readonly { name: string; says: string; document: MappingDocument }[];
    check(
      connectionId: ConnectionId,
      json: unknown,
    ): Promise<{ document: MappingDocument | undefined; problems: MappingProblem[]; comparedWith: string | undefined }>;
    preview(
      connectionId: ConnectionId,
      party: PartyKey,
      candidate: MappingDocument | undefined,
    ): Promise<Parameters<typeof previewView>[1] | undefined>;
    save(
      connectionId: ConnectionId,
      document: MappingDocument,
      by: { who: string; note: string | undefined },
    ): Promise<{ version: number; plan: ProposedPlan | undefined }>;
  };
  life: {
    pause(id: ConnectionId, who: string): Promise<boolean>;
    resume(id: ConnectionId): Promise<string>;
    previewDisconnect(id: ConnectionId): Promise<Omit<DisconnectPreview, "connectionId">>;
    disconnect(
      id: ConnectionId,
      options: { mode: "leave" | "clear" | "purge"; who: string },
    ): AsyncIterable<{ left: number } | { ended: { revoked: string[]; notRevoked: string[] } }>;
  };
  /** Asks both sides whether the connection can do its work; nothing is written. */
  ping(id: ConnectionId): Promise<PingResult>;
  connecting: Connecting;
  /** Looks at everything that has to work; nothing is written. */
  doctor(): Promise<DoctorResult>;
  clients: {
    show(id: ConnectionId): Promise<ClientsView>;
    bring(id: ConnectionId, system: System, client: BroughtClient): Promise<ClientsView>;
    remove(id: ConnectionId, system: System): Promise<ClientsView>;
  };
  keys: { status(): Promise<KeysView>; rotate(): Promise<KeysRotated>; remove(kid: string): Promise<KeysView> };
  alerts: {
    targets(): Promise<AlertTargets>;
    add(target: Pick<AlertTargetView, "kind" | "least"> & { to: string }): Promise<AlertTargetAdded>;
    remove(id: number): Promise<AlertTargets>;
    test(): Promise<AlertTest>;
  };
  beginConnect(request: {
    subdomain: Subdomain;
    settings?: Partial<Pick<Settings, "scope">>;
    another?: boolean;
    readOnly?: boolean;
  }): Promise<{ connectionId: ConnectionId; quickbooksUrl: string; zendeskUrl: string | undefined }>;
  proposePlan(connectionId: ConnectionId): Promise<ProposedPlan>;
  erase(texts: readonly string[], who: string): Promise<Erasure>;
  requestPoll(connectionId: ConnectionId, who: string): Promise<void>;
  requestSweep(connectionId: ConnectionId, who: string): Promise<void>;
  requestMark(
    connectionId: ConnectionId,
    parties: readonly PartyKey[] | "everyone",
    who: string,
    what: string,
  ): Promise<void>;
  settleBacklog(connectionId: ConnectionId, options: { timeoutMs: number }): AsyncIterable<{ due: number }>;
  fit(connectionId: ConnectionId): Promise<FitReport>;
  dryRun(connectionId: ConnectionId): Promise<Pick<ProposedPlan, "counts" | "effects">>;
  verify(
    connectionId: ConnectionId,
    options: { calls: number | undefined; repair: boolean; who: string; onProgress: (stage: VerifyStage) => void },
  ): Promise<VerifyReport>;
  findOrganization(subdomain: Subdomain, text: string): Promise<ListedOrganization | undefined>;
  organization(subdomain: Subdomain, id: OrganizationId): Promise<ListedOrganization | undefined>;
}

/** The steps of connecting one by one. */
export interface Connecting {
  /** Throws OperatorError and RemoteFailure. */
  consentAddresses(connectionId: ConnectionId): Promise<{ quickbooksUrl: string; zendeskUrl: string | undefined }>;
  /** The zone as it is known by now. */
  confirmZone(connectionId: ConnectionId, zone: string): Promise<string>;
  provision(
    asked: readonly { reference: string; subdomain: Subdomain; settings: JsonObject }[],
  ): Promise<{ reference: string; outcome: "made" | "known" | "other-account"; connectionId: ConnectionId | null }[]>;
}

export interface ProvisionStore {
  find(references: readonly string[]): Promise<Map<string, { connectionId: ConnectionId; subdomain: Subdomain }>>;
  /** False: another connection has this reference by now; this one is deleted. */
  keep(reference: string, connectionId: ConnectionId): Promise<boolean>;
}

export interface TaskProgress {
  stage: string;
  done: number;
  total: number | null;
  says: string;
}

export interface TaskError {
  code: string;
  says: string;
  whatToDo: string | null;
}

export interface StoredTask {
  id: string;
  connectionId: ConnectionId;
  kind: TaskKind;
  /** interrupted: its process has shown no sign of life for a while, or said that it stops. */
  state: "running" | "done" | "failed" | "interrupted";
  askedBy: string;
  askedAt: Date;
  endedAt: Date | undefined;
  progress: TaskProgress;
  result: Json | undefined;
  error: TaskError | undefined;
}

export interface NewTask {
  connectionId: ConnectionId;
  kind: TaskKind;
  askedBy: string;
  /** What was sent. */
  asked: Json;
  /** Of an `Idempotency-Key` header: the same person's same key names the same task, for as long as it is kept. */
  requestKey: string | undefined;
  progress: TaskProgress;
}

export type BegunTask =
  | { kind: "begun"; task: StoredTask }
  /** The key was used before: for the same wish, or for another one. */
  | { kind: "known"; task: StoredTask; same: boolean }
  /** So many run on this connection already. */
  | { kind: "busy"; running: number };

export interface TaskStore {
  begin(task: NewTask, mostRunning: number): Promise<BegunTask>;
  /** How far it is, and that its process is alive. */
  note(id: string, progress: TaskProgress): Promise<void>;
  finish(id: string, result: JsonObject): Promise<void>;
  fail(id: string, error: TaskError): Promise<void>;
  /** Its process ends before it does. */
  abandon(id: string): Promise<void>;
  read(connectionId: ConnectionId, id: string): Promise<StoredTask | undefined>;
  /** Newest first, those older than `before`. */
  list(connectionId: ConnectionId, page: { before: string | undefined; limit: number }): Promise<StoredTask[]>;
  /** Those that run or ended within the last minute. */
  recent(connectionIds: readonly ConnectionId[]): Promise<StoredTask[]>;
}
