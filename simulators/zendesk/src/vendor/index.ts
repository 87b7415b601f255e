// The vendor's API: what each operation takes, does and answers, one file per resource.
// Not the rules of the records themselves (records/), nor how requests travel (server/).
// Called by the router through `vendorOperations`.
import { oauthOperations } from "../oauth/operations.ts";
import type { Operation } from "../server/call.ts";
import { customFieldOperations } from "./custom-fields.ts";
import { customObjectOperations } from "./custom-objects.ts";
import { customRecordOperations } from "./custom-records.ts";
import { identityOperations } from "./identities.ts";
import { incrementalOperations } from "./incremental.ts";
import { jobStatusOperations } from "./job-statuses.ts";
import { lookupOperations } from "./lookups.ts";
import { membershipOperations } from "./memberships.ts";
import { mergeOperations } from "./merges.ts";
import { operationsNotBuilt } from "./not-built.ts";
import { organizationOperations } from "./organizations.ts";
import { searchOperations } from "./search.ts";
import { tagOperations } from "./tags.ts";
import { ticketFieldOperations } from "./ticket-fields.ts";
import { ticketOperations } from "./tickets.ts";
import { userRelationOperations } from "./user-relations.ts";
import { userOperations } from "./users.ts";
import { webhookOperations } from "./webhooks.ts";

const built: readonly Operation[] = [
  ...organizationOperations,
  ...mergeOperations,
  ...customFieldOperations,
  ...ticketOperations,
  ...ticketFieldOperations,
  ...searchOperations,
  ...customObjectOperations,
  ...customRecordOperations,
  ...lookupOperations,
  ...jobStatusOperations,
  ...membershipOperations,
  ...userOperations,
  ...userRelationOperations,
  ...identityOperations,
  ...tagOperations,
  ...incrementalOperations,
  ...webhookOperations,
  ...oauthOperations,
];

/** Every operation, built or only named. */
export const vendorOperations: readonly Operation[] = [...built, ...operationsNotBuilt(built)];
