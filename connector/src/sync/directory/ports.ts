import type { Organization, OrganizationId, Subdomain, UserId } from "../../domain/index.ts";

/** One organization as Zendesk lists it, with our keys found in external_id and in field `qbo_key`. */
export interface ListedOrganization extends Organization {
  keys: string[];
  updatedAt: string | undefined;
}

export interface ListedUser {
  id: UserId;
  organizationId: OrganizationId | undefined;
  /** Lower case. */
  addresses: string[];
  /** Agents and admins: never moved, and no evidence. */
  agent: boolean;
}

/** Zendesk, as the directory reads it. Cursors are opaque; undefined = first page / no further page. */
export interface DirectorySource {
  listOrganizations(
    subdomain: Subdomain,
    cursor: string | undefined,
  ): Promise<{ organizations: ListedOrganization[]; next: string | undefined }>;
  listUsers(
    subdomain: Subdomain,
    cursor: string | undefined,
  ): Promise<{ users: ListedUser[]; next: string | undefined }>;
}
