// What the tests of the commands speak of: one active connection with a linked family, a parked customer and a vendor that shares a name
// with a customer. Only tests import this.
import { Decimal } from "decimal.js";
import {
  type Answer,
  type Disposition,
  type Document,
  type Party,
  parseConnectionId,
  parseLocalDate,
  parseOrganizationId,
  parseRealm,
  parseSubdomain,
} from "../../domain/index.ts";
import type { RecordedEntry } from "../../oversight/journal/index.ts";
import type { Difference, VerifyReport } from "../../oversight/verify/index.ts";
import type { Link } from "../../sync/links/index.ts";
import type { PlanCounts, PlannedEffect, ProposedPlan } from "../../sync/reconcile/index.ts";
import type { Family } from "../../sync/replica/index.ts";
import type { ConnectionFacts } from "../../views/index.ts";

export const sampleNow = new Date("2026-11-22T20:00:00Z");
export const acmeOrganization = parseOrganizationId(35_436_000_000_001);
export const otherOrganization = parseOrganizationId(35_436_000_000_002);

export const connectionId = parseConnectionId(1);
export const subdomain = parseSubdomain("sample");
const eventCause = {
  kind: "webhook",
  eventId: "e-1",
  type: "qbo.invoice.updated.v1",
  at: "2026-11-22T18:00:00Z",
} as const;

/** What the commands did, and what the next read shows. */
export interface SampleWorld {
  connections: ConnectionFacts[];
  plan: ProposedPlan | undefined;
  answers: Map<string, Answer>;
  requests: string[];
  journal: RecordedEntry[];
  /** What the engine writes into the journal when it is asked to work. */
  onSettle: RecordedEntry[];
  stillDue: number;
  verified: VerifyReport;
  parked: Disposition & { kind: "parked" };
  zendeskFields: Record<string, string | number | boolean | null>;
}

export function sampleWorld(): SampleWorld {
  return {
    connections: [sampleConnection()],
    plan: samplePlan(),
    answers: new Map(),
    requests: [],
    journal: [sampleEntry(1, "updated", { after: { qbo_open_amount: "250" }, before: { qbo_open_amount: "100" } })],
    onSettle: [],
    stillDue: 0,
    verified: sampleReport([
      sampleDifference({ parties: ["customer:20"], reason: "parked", says: "Two organizations have its address." }),
    ]),
    parked: {
      kind: "parked",
      reason: "several-organizations",
      says: "Two organizations have users with its address.",
      candidates: [
        {
          organizationId: otherOrganization,
          name: "Boreal\u001B[31m Inc",
          score: 0.9,
          evidence: ["e-mail ann@boreal.example"],
        },
        { organizationId: acmeOrganization, name: "Acme Ltd", score: 0.4, evidence: ["e-mail bob@boreal.example"] },
      ],
      waitsFor: ["address:ann@boreal.example"],
    },
    zendeskFields: { qbo_open_amount: "250", qbo_status: "qbo_status_open" },
  };
}

export function sampleConnection(said: Partial<ConnectionFacts> = {}): ConnectionFacts {
  return {
    id: connectionId,
    realm: parseRealm("9130347"),
    subdomain,
    state: "active",
    pausedBy: undefined,
    companyName: "Sample & Sons",
    zone: "America/Los_Angeles",
    sweptAt: new Date("2026-11-22T10:00:00Z"),
    polledAt: new Date("2026-11-22T19:58:00Z"),
    settings: {
      scope: "default",
      families: "roll-up",
      tolerance: new Decimal(1),
      graceDays: 0,
      members: true,
      matchDomains: false,
      pollMinutes: 5,
      maxAttempts: 12,
      deletedInZendesk: "park",
      records: "off",
      recordDays: 90,
      ticketFields: [],
      contacts: false,
      ticketEvents: false,
      gatherSeconds: 0,
      freshnessSeconds: 5,
    },
    ...said,
  };
}

export function sampleEntry(
  id: number,
  action: RecordedEntry["action"],
  said: Partial<RecordedEntry> = {},
): RecordedEntry {
  return {
    id,
    at: new Date("2026-11-22T18:00:01Z"),
    connectionId,
    action,
    parties: ["customer:12"],
    organizationId: acmeOrganization,
    who: "engine",
    causes: [eventCause],
    before: {},
    after: {},
    outcome: "written",
    writeId: 7,
    requestIds: { zendesk: "zd-1" },
    ...said,
  };
}

export function samplePlan(): ProposedPlan {
  const counts: PlanCounts = {
    parties: 5,
    create: 1,
    update: 1,
    adopt: 1,
    rename: 0,
    unchanged: 0,
    clear: 0,
    gone: 0,
    remove: 0,
    leave: 0,
    parked: 1,
    ignored: 0,
    outOfScope: 1,
    rolledUp: 1,
    members: 2,
    fieldsToCreate: 23,
    recordsToWrite: 7,
    recordsToRemove: 0,
    ticketFieldsToCreate: 1,
    ticketOptionsToAdd: 12,
    usersToCreate: 3,
    parkedByReason: { "several-organizations": 1 },
    linkedByStep: { email: 1, created: 1 },
    fields: { qbo_status: { set: 2, changed: 0, cleared: 0 } },
    conflicts: [],
    calls: 26,
    expectedSeconds: 90,
  };
  const effects: PlannedEffect[] = [
    sampleEffect({ party: "customer:12", effect: "adopt", organization: "Acme Ltd", because: "email" }),
    sampleEffect({ party: "vendor:5", effect: "create", organization: "Acme Ltd (vendor)", because: "created" }),
    sampleEffect({
      party: "customer:20",
      effect: "parked",
      organization: "Boreal Inc",
      because: "several-organizations",
    }),
    sampleEffect({ party: "customer:30", effect: "out-of-scope", organization: undefined, because: undefined }),
  ];
  return {
    id: 3,
    connectionId,
    change: { kind: "first-load" },
    counts,
    effects,
    state: "proposed",
    proposedAt: new Date("2026-11-22T17:00:00Z"),
    approvedBy: undefined,
    approvedAt: undefined,
    endedAt: undefined,
  };
}

function sampleEffect(of: Pick<PlannedEffect, "party" | "effect" | "organization" | "because">): PlannedEffect {
  return { ...of, card: of.party, organizationId: undefined, changed: {}, traits: [] };
}

export const acme = party("customer", "12", "Acme Ltd");
export const roof = { ...party("customer", "13", "Roof"), parentId: "12", topId: "12" };
export const boreal = party("customer", "20", "Boreal");
export const paper = party("vendor", "5", "Acme Ltd");
export const families: Family[] = [family(acme, roof), family(boreal), family(paper)];
export const invoice: Document = {
  entity: "Invoice",
  id: "96",
  party: { kind: "customer", id: "12" },
  number: "1001",
  date: parseLocalDate("2026-10-01"),
  dueDate: parseLocalDate("2026-10-31"),
  termsId: undefined,
  total: new Decimal("300.10"),
  balance: new Decimal(250),
  unapplied: new Decimal(0),
  currency: "USD",
  exchangeRate: undefined,
  homeBalance: undefined,
  voided: false,
  billAddresses: [],
  linked: [],
  updatedAt: "2026-10-01T08:00:00-07:00",
};
export const acmeLink: Link = {
  connectionId,
  party: { kind: "customer", id: "12" },
  subdomain,
  organizationId: acmeOrganization,
  origin: "adopted",
  step: "email",
  evidence: ["e-mail jo@acme.example of 2 users"],
  confirmedBy: undefined,
};

function party(kind: Party["kind"], id: string, displayName: string): Party {
  return {
    kind,
    id,
    displayName,
    companyName: undefined,
    givenName: undefined,
    familyName: undefined,
    fullyQualifiedName: displayName,
    active: true,
    parentId: undefined,
    topId: id,
    isProject: false,
    currency: "USD",
    balance: new Decimal(0),
    addresses: [],
    phone: undefined,
    billingAddress: undefined,
    termsId: undefined,
    createdAt: "2026-01-01T08:00:00-08:00",
    updatedAt: "2026-01-01T08:00:00-08:00",
  };
}

function family(top: Party, ...others: Party[]): Family {
  return {
    top: { kind: top.kind, id: top.id },
    members: [top, ...others].map((member) => ({ party: member, lastDocumentOn: undefined, record: {} })),
    root: { kind: top.kind, id: top.id },
  };
}

export function sampleReport(differences: Difference[]): VerifyReport {
  return {
    calls: { quickbooks: 14, zendesk: 1, budget: 250 },
    records: { compared: 5, different: differences.filter(({ record }) => record !== undefined).length },
    cards: { compared: 1, different: 0, parked: 1 },
    notCompared: [],
    differences,
    marked: 0,
  };
}

export function sampleDifference(more: Partial<Difference>): Difference {
  return {
    between: "copy-and-zendesk",
    what: "organization-missing",
    record: undefined,
    parties: ["customer:12"],
    organizationId: undefined,
    name: undefined,
    fields: [],
    reason: "unexplained",
    says: "Nothing has marked it, and no write of it is under way.",
    ...more,
  };
}
