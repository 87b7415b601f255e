import type { Cause, Disposition, FieldValues, OrganizationId } from "../../../domain/index.ts";
import type { ClaimedMark } from "../../marks/index.ts";
import type { Upkeep } from "../consider/futile-writes.ts";
import type { Decision } from "../decide/decision.ts";
import type { OwnedConnection } from "../ports.ts";

/** One decision with what caused it and the marks that it answers. */
export interface Pending {
  decision: Decision;
  connection: OwnedConnection;
  causes: Cause[];
  marks: ClaimedMark[];
  attempts: number;
  /** Of an update: which of its fields are restored, and which were left out. */
  upkeep: Upkeep | undefined;
  /** Its organization was deleted in Zendesk, and is made anew without asking. */
  startsAnew: boolean;
  /** Of the parties before this pass: tells a change from a confirmation. */
  previous: ReadonlyMap<string, Disposition>;
}

/** How a write ended well: what Zendesk holds now. */
export interface Written {
  organizationId: OrganizationId;
  writeId: number;
  requestId: string | undefined;
  /** As Zendesk answered it, or as sent where the answer carries no values. */
  name: string | undefined;
  fields: FieldValues;
}
