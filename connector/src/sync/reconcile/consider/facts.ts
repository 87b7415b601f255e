import type { Document, LocalDate, OrganizationId, Party, PartyKey, Term } from "../../../domain/index.ts";
import type { Claimants, EvidencePorts, Link, LinkStore } from "../../links/index.ts";
import type { Family, Grouping, ReplicaReader } from "../../replica/index.ts";
import type { DecisionContext } from "../decide/card-snapshot.ts";
import type { Decision } from "../decide/decision.ts";
import type { Intent } from "../decide/intents.ts";
import type { OwnedConnection, WrittenValues } from "../ports.ts";
import type { Upkeep } from "./futile-writes.ts";
import type { MergePorts } from "./merged.ts";
import type { NamePorts } from "./naming.ts";
import type { StrayPorts } from "./strays.ts";

export interface ConsiderPorts extends EvidencePorts, NamePorts, StrayPorts, MergePorts {
  replica: EvidencePorts["replica"] &
    NamePorts["replica"] &
    StrayPorts["replica"] & {
      documentsOf(connectionId: OwnedConnection["id"], parties: readonly PartyKey[]): Promise<Document[]>;
      terms(connectionId: OwnedConnection["id"]): Promise<Term[]>;
      mergesOf: ReplicaReader["mergesOf"];
    };
  directory: EvidencePorts["directory"] & NamePorts["directory"] & StrayPorts["directory"] & MergePorts["directory"];
  links: LinkStore;
  values: WrittenValues;
}

/** One pass over one connection. */
export interface Pass {
  connection: OwnedConnection;
  /** All connections of the account whose parties compete for its organizations and names. */
  rivals: readonly Claimants[];
  context: Omit<DecisionContext, "terms">;
  today: LocalDate;
}

/** How the connection's families make cards in this pass. */
export function groupingOf({ id, settings }: Pick<OwnedConnection, "id" | "settings">): Grouping {
  return { id, families: settings.families };
}

export interface Adopted {
  looked: Looked;
  link: Link;
}

export interface Leaving {
  link: Pick<Link, "party" | "organizationId">;
  /** QuickBooks has the party no more: it was merged into another one, as far as we know this one. Absent: a person took it away. */
  vanished?: { into: PartyKey | undefined };
}

export interface Considered {
  decision: Decision;
  /** The families that the decision settles, by their tops. */
  tops: PartyKey[];
  /** Of an update. */
  upkeep?: Upkeep;
  /** The name that its organization, which we created, would have if no foreign one had it. */
  nameConflict?: { organizationId: OrganizationId; wanted: string } | undefined;
}

/** A family with what is to become of it. */
export interface Looked {
  family: Family;
  top: Party;
  intent: Intent;
}
