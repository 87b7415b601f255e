import type { ConnectionId, OrganizationId, Subdomain, UserId } from "../../../domain/index.ts";
import type { FormerOrganization, InspectedOrganization } from "./decide-restore.ts";

export type { FormerOrganization, InspectedOrganization };

/** A restore that was approved, and has not ended. */
export interface RestoreUnderWay {
  planId: number;
  ofPlan: number;
  connectionId: ConnectionId;
  mappingVersion: number;
  approvedBy: string;
  approvedAt: Date;
}

export interface RestoreStore {
  /** What a plan wrote to, by organization; `after`: the last one seen. */
  formerOf(planId: number, after: OrganizationId | undefined, limit: number): Promise<FormerOrganization[]>;
  /** Those of them to which our directory knows users whom we did not make members ourselves. */
  withUsers(subdomain: Subdomain, organizations: readonly OrganizationId[]): Promise<OrganizationId[]>;
  /** Whom we made members of them, by organization. */
  membersMade(organizations: readonly OrganizationId[]): Promise<Map<OrganizationId, UserId[]>>;
  due(subdomain: Subdomain): Promise<RestoreUnderWay[]>;
  /** Organizations that are still to be restored. */
  next(restore: RestoreUnderWay, limit: number): Promise<FormerOrganization[]>;
  begin(planId: number): Promise<void>;
  /** When nothing is left to do: this plan is applied, the other one restored, and every card is looked at once more. */
  finish(restore: RestoreUnderWay): Promise<void>;
}

/** A user's place in an organization. */
export interface Membership {
  id: number;
  userId: UserId;
}

/** Zendesk, as undoing a plan asks it. All methods throw RemoteFailure. */
export interface OrganizationUndo {
  /** Those that exist, with what people may have added to them. At most 100. */
  inspect(subdomain: Subdomain, ids: readonly OrganizationId[]): Promise<InspectedOrganization[]>;
  related(subdomain: Subdomain, id: OrganizationId): Promise<{ users: number; tickets: number }>;
  memberships(subdomain: Subdomain, id: OrganizationId): Promise<Membership[]>;
  /** One that has ended already counts as ended. */
  endMembership(subdomain: Subdomain, id: number, deadline: number): Promise<{ requestId: string | undefined }>;
  /** Deletes organizations for good, at most 100 in one job. */
  removeMany(
    subdomain: Subdomain,
    ids: readonly OrganizationId[],
    deadline: number,
  ): Promise<{ jobId: string; requestId: string | undefined }>;
}
