// What the mapping commands need of the product. Boot builds it.

import type { MappingVersion } from "../connections/index.ts";
import type {
  ConnectionId,
  FieldValues,
  MappingDocument,
  MappingFault,
  MappingProblem,
  OrganizationId,
  PartyKey,
} from "../domain/index.ts";
import type { ProposedPlan } from "../sync/reconcile/index.ts";

export interface MappingDesk {
  /** Newest first. */
  versions(connectionId: ConnectionId): Promise<{ inForce: number; versions: MappingVersion[] }>;
  presets(): readonly { name: string; says: string; document: MappingDocument }[];
  /** Everything that is wrong with it, also compared with the account's own fields where Zendesk can be asked. */
  check(
    connectionId: ConnectionId,
    json: unknown,
  ): Promise<{ document: MappingDocument | undefined; problems: MappingProblem[]; comparedWith: string | undefined }>;
  /** What a mapping makes of one card; without one, the mapping in force. Undefined: there is no such party. */
  preview(
    connectionId: ConnectionId,
    party: PartyKey,
    candidate: MappingDocument | undefined,
  ): Promise<MappingPreviewed | undefined>;
  /** Keeps it as a version and works out what it would change. No plan: it is in force already. Throws OperatorError where it is wrong. */
  save(
    connectionId: ConnectionId,
    document: MappingDocument,
    by: { who: string; note: string | undefined },
  ): Promise<{ version: number; plan: ProposedPlan | undefined }>;
}

export interface MappingPreviewed {
  organizationId: OrganizationId | undefined;
  /** Field key -> title, in the order in which agents see them. */
  titles: ReadonlyMap<string, string>;
  now: FieldValues;
  wanted: FieldValues;
  faults: MappingFault[];
}
