import type { FieldDefinition, FieldValues, OrganizationId, Subdomain, UserId } from "../../domain/index.ts";
import type { ListedOrganization } from "../directory/ports.ts";

/** What we send for one organization. Only what is named here is ever sent: everything else of it belongs to people. */
export interface OrganizationWrite {
  id?: OrganizationId;
  name?: string;
  externalId?: string;
  /** Canonical values by field key. */
  fields: FieldValues;
}

/** How one item of a job ended. `unknown`: the job does not say; read before writing again. */
export type ItemResult =
  | { kind: "done"; id: OrganizationId }
  | { kind: "failed"; code: string; duplicateName: boolean; says: string }
  | { kind: "unknown" };

export type JobState =
  | { state: "queued" | "working"; total: number; progress: number }
  | { state: "ended"; results: ItemResult[] }
  | { state: "expired" };

/** Zendesk, as reconcile writes to it. All methods throw RemoteFailure; `outcomeUnknown` says when an effect may exist all the same. */
export interface OrganizationWriter {
  /** At most 100 items, results in input order. `deadline` is a monotonic instant (performance.now) tested right before the first byte leaves. */
  createMany(
    subdomain: Subdomain,
    items: readonly OrganizationWrite[],
    deadline: number,
  ): Promise<{ jobId: string; requestId: string | undefined }>;
  updateMany(
    subdomain: Subdomain,
    items: readonly OrganizationWrite[],
    deadline: number,
  ): Promise<{ jobId: string; requestId: string | undefined }>;
  /** One poll for several jobs. The submitted items give each result its place where the answer carries no index. */
  readJobs(
    subdomain: Subdomain,
    jobs: readonly { jobId: string; items: readonly OrganizationWrite[] }[],
  ): Promise<Map<string, JobState>>;
  /** Ids of jobs that are queued or working now. */
  listOpenJobs(subdomain: Subdomain): Promise<string[]>;
  createOrUpdate(
    subdomain: Subdomain,
    item: OrganizationWrite,
    deadline: number,
  ): Promise<{ organization: ListedOrganization; requestId: string | undefined }>;
  update(
    subdomain: Subdomain,
    item: OrganizationWrite & { id: OrganizationId },
    deadline: number,
  ): Promise<{ organization: ListedOrganization; requestId: string | undefined }>;
  showByIds(subdomain: Subdomain, ids: readonly OrganizationId[]): Promise<ListedOrganization[]>;
  showByExternalIds(subdomain: Subdomain, externalIds: readonly string[]): Promise<ListedOrganization[]>;
  findByName(subdomain: Subdomain, name: string): Promise<ListedOrganization[]>;
  /** At most 100 memberships in one job; a user who is a member already is a success. */
  createMemberships(
    subdomain: Subdomain,
    items: readonly { userId: UserId; organizationId: OrganizationId }[],
    deadline: number,
  ): Promise<{ jobId: string; requestId: string | undefined }>;
  listFields(
    subdomain: Subdomain,
  ): Promise<{ key: string; type: string; options: { name: string; value: string }[] }[]>;
  createField(subdomain: Subdomain, field: FieldDefinition): Promise<void>;
}
