// What the views need of the product, and what they are made of. Boot builds it; the command line and the operator API pass it on.
import type { Decimal } from "decimal.js";
import type {
  ConnectionId,
  Document,
  DocumentEntity,
  FieldValues,
  LocalDate,
  OrganizationId,
  PartyKey,
  Realm,
  Settings,
  Subdomain,
} from "../domain/index.ts";
import type { IncidentStore } from "../oversight/incidents/index.ts";
import type { JournalStore } from "../oversight/journal/index.ts";
import type { ListedOrganization } from "../sync/directory/index.ts";
import type { Link, LinkStore } from "../sync/links/index.ts";
import type { MarkStore } from "../sync/marks/index.ts";
import type { ReplicaReader } from "../sync/replica/index.ts";

/** One company-account pair. Realm and subdomain are undefined until the two systems have agreed. */
export interface ConnectionFacts {
  id: ConnectionId;
  realm: Realm | undefined;
  subdomain: Subdomain | undefined;
  state: "connecting" | "loading" | "planned" | "active" | "paused" | "disconnected";
  /** Paused: by which cause. */
  pausedBy: string | undefined;
  companyName: string | undefined;
  zone: string | undefined;
  sweptAt: Date | undefined;
  polledAt: Date | undefined;
  settings: Settings;
}

/** What customers owe us, or what we owe vendors, in the currency of the summary. */
export interface SideSummary {
  side: "customer" | "vendor";
  status: string;
  documents: number;
  open: { count: number; amount: Decimal };
  overdue: { count: number; amount: Decimal; since: LocalDate | undefined };
  unappliedCredit: Decimal;
}

export interface DocumentSummary {
  /** ISO 4217, or `MIXED`: amounts are then in the company's home currency. */
  currency: string;
  sides: SideSummary[];
  counts: Partial<Record<DocumentEntity, number>>;
  /** Those with a balance, oldest due first, up to a limit. */
  open: Document[];
  /** Newest first, up to a limit. */
  newest: Document[];
}

/** The card of one linked party. */
export interface CardView {
  organizationId: OrganizationId;
  /** The organization's name and our fields, as the directory knows them. */
  name: string;
  known: FieldValues;
  /** All linked parties of the card, by rank. */
  links: Link[];
  /** What the mapping makes of the replica today. */
  wanted: FieldValues;
  documents: DocumentSummary;
}

/** The reads that views are made from. */
export interface ViewSources {
  connections: { list(): Promise<ConnectionFacts[]> };
  links: Pick<LinkStore, "countDispositions" | "dispositionsOf" | "answersOf">;
  journal: JournalStore;
  incidents: Pick<IncidentStore, "open" | "history">;
  marks: Pick<MarkStore, "countDue">;
  replica: Pick<ReplicaReader, "familiesOf" | "counts">;
  /** Our organization fields, key -> title, in the order in which agents see them. */
  fieldTitles: ReadonlyMap<string, string>;
  organization(subdomain: Subdomain, id: OrganizationId): Promise<ListedOrganization | undefined>;
  partiesNamed(connectionId: ConnectionId, displayName: string): Promise<{ party: PartyKey; displayName: string }[]>;
  cardOf(connectionId: ConnectionId, party: PartyKey): Promise<CardView | undefined>;
}

/** What connecting a company and an account would mean, worked out by reading both. */
export interface FitReport {
  connectionId: ConnectionId;
  parties: number;
  link: number;
  create: number;
  review: number;
  reviewByReason: Record<string, number>;
  linkedByStep: Record<string, number>;
  outOfScope: number;
  rolledUp: number;
  members: number;
  fieldsToCreate: number;
  calls: number;
  expectedSeconds: number;
  requestsPerMinute: number | undefined;
  /** What is missing, in sentences. */
  gaps: string[];
}
