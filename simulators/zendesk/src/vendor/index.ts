// The vendor's API: what each operation takes, does and answers, one file per resource.
// Not the rules of the records themselves (records/), nor how requests travel (server/).
// Called by the router through `vendorOperations`.
import { oauthOperations } from "../oauth/operations.ts";
import type { Operation } from "../server/call.ts";
import { customFieldOperations } from "./custom-fields.ts";
import { identityOperations } from "./identities.ts";
import { incrementalOperations } from "./incremental.ts";
import { jobStatusOperations } from "./job-statuses.ts";
import { membershipOperations } from "./memberships.ts";
import { operationsNotBuilt } from "./not-built.ts";
import { organizationOperations } from "./organizations.ts";
import { tagOperations } from "./tags.ts";
import { userOperations } from "./users.ts";

const built: readonly Operation[] = [
  ...organizationOperations,
  ...customFieldOperations,
  ...jobStatusOperations,
  ...membershipOperations,
  ...userOperations,
  ...identityOperations,
  ...tagOperations,
  ...incrementalOperations,
  ...oauthOperations,
];

/** Every operation, built or only named. */
export const vendorOperations: readonly Operation[] = [...built, ...operationsNotBuilt(built)];
