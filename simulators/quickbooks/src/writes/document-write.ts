import type { EntityName } from "../company/index.ts";
import type { JsonRecord } from "../json.ts";

/** What somebody wants a document to be. */
export interface DocumentWrite {
  readonly entity: EntityName;
  readonly before: JsonRecord | undefined;
  readonly given: JsonRecord;
  /** A sparse update keeps what is not named, a full one clears it. */
  readonly sparse: boolean;
  /** A person's form fills in more than the API does: a line for a bare total, the customer's e-mail. */
  readonly person: boolean;
}
