import type { OrganizationId } from "../../../domain/index.ts";
import type { ListedOrganization } from "../../directory/index.ts";
import type { OrganizationWrite } from "../ports.ts";
import type { Pending, Written } from "../settle/pending.ts";

/** A write that was logged, with what it sends and what it settles. */
export interface Logged {
  pending: Pending;
  writeId: number;
  item: OrganizationWrite;
}

/** A job says that it was done, and nothing of what is there now. */
export function writtenAsSent(
  { writeId, item }: Logged,
  organizationId: OrganizationId,
  requestId: string | undefined,
): Written {
  return { organizationId, writeId, requestId, name: item.name, fields: item.fields };
}

/** As Zendesk shows it. */
export function writtenFrom(
  { writeId }: Logged,
  organization: ListedOrganization,
  requestId: string | undefined,
): Written {
  return { organizationId: organization.id, writeId, requestId, name: organization.name, fields: organization.fields };
}
