// A small product in memory, for the tests of the commands: one active connection with a linked family, a parked customer and a vendor
// that shares a name with a customer. Only tests import this.
import { Decimal } from "decimal.js";
import {
  type Answer,
  type Disposition,
  type Document,
  type Party,
  type PartyKey,
  parseConnectionId,
  parseLocalDate,
  parseOrganizationId,
  parseRealm,
  parseSubdomain,
  partyKeyText,
} from "../../domain/index.ts";
import type { RecordedEntry } from "../../oversight/journal/index.ts";
import type { Link } from "../../sync/links/index.ts";
import type { PlanCounts, PlannedEffect, ProposedPlan } from "../../sync/reconcile/index.ts";
import type { Family } from "../../sync/replica/index.ts";
import type { Application, ConnectionFacts } from "../application.ts";

export const sampleNow = new Date("2026-11-22T20:00:00Z");
export const acmeOrganization = parseOrganizationId(35_436_000_000_001);
export const otherOrganization = parseOrganizationId(35_436_000_000_002);

const connectionId = parseConnectionId(1);
const subdomain = parseSubdomain("sample");
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
      pollMinutes: 5,
      maxAttempts: 12,
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
    unchanged: 0,
    parked: 1,
    ignored: 0,
    outOfScope: 1,
    rolledUp: 1,
    members: 2,
    fieldsToCreate: 23,
    parkedByReason: { "several-organizations": 1 },
    linkedByStep: { email: 1, created: 1 },
    calls: 26,
    expectedSeconds: 90,
  };
  const effects: PlannedEffect[] = [
    { party: "customer:12", effect: "update", organization: "Acme Ltd", because: "email" },
    { party: "vendor:5", effect: "create", organization: "Acme Ltd (vendor)", because: "created" },
    { party: "customer:20", effect: "parked", organization: "Boreal Inc", because: "several-organizations" },
    { party: "customer:30", effect: "out-of-scope", organization: undefined, because: undefined },
  ];
  return { id: 3, connectionId, counts, effects, state: "proposed" };
}

const acme = party("customer", "12", "Acme Ltd");
const roof = { ...party("customer", "13", "Roof"), parentId: "12", topId: "12" };
const boreal = party("customer", "20", "Boreal");
const paper = party("vendor", "5", "Acme Ltd");
const families: Family[] = [family(acme, roof), family(boreal), family(paper)];
const invoice: Document = {
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
const acmeLink: Link = {
  connectionId,
  party: { kind: "customer", id: "12" },
  subdomain,
  organizationId: acmeOrganization,
  origin: "adopted",
  step: "email",
  evidence: ["e-mail jo@acme.example of 2 users"],
  confirmedBy: undefined,
};

export function sampleApplication(world: SampleWorld): Application {
  const { answers, requests } = world;
  const standings = (): Map<string, Disposition> =>
    new Map<string, Disposition>([
      ["customer:12", { kind: "linked", organizationId: acmeOrganization, step: "email" }],
      ["customer:13", { kind: "rolled-up", into: { kind: "customer", id: "12" } }],
      ["customer:20", world.parked],
      ["vendor:5", { kind: "out-of-scope" }],
    ]);
  const organizations = () => [
    organization(acmeOrganization, "Acme Ltd", world.zendeskFields),
    organization(otherOrganization, "Boreal Inc", {}),
  ];
  return {
    connections: {
      list: () => Promise.resolve(world.connections),
      get: (id) => Promise.resolve(world.connections.find((each) => each.id === id)),
    },
    links: {
      linksOf: (_, parties) => Promise.resolve(parties.some(({ id }) => id === "12") ? [acmeLink] : []),
      linksTo: (_, ids) => Promise.resolve(ids.includes(acmeOrganization) ? [acmeLink] : []),
      answersOf: (_, parties) =>
        Promise.resolve(
          parties.flatMap((key) => {
            const answer = answers.get(partyKeyText(key));
            return answer ? [{ party: key, answer, who: "jo" }] : [];
          }),
        ),
      dispositionsOf: (_, parties) => {
        const wanted = new Set(parties.map(partyKeyText));
        return Promise.resolve(new Map([...standings()].filter(([key]) => wanted.has(key))));
      },
      countDispositions: () =>
        Promise.resolve(
          [...standings().values()].map((each) => ({
            state: each.kind,
            reason: each.kind === "parked" ? each.reason : undefined,
            count: 1,
          })),
        ),
      parked: (_, { reason }) =>
        Promise.resolve(
          reason === undefined || reason === world.parked.reason
            ? [
                {
                  party: boreal,
                  displayName: "Boreal",
                  disposition: world.parked,
                  since: new Date("2026-11-22T19:00:00Z"),
                },
              ]
            : [],
        ),
      storeAnswer: (_, key, answer, who) => {
        answers.set(partyKeyText(key), answer);
        requests.push(`answer ${partyKeyText(key)} by ${who}`);
        return Promise.resolve();
      },
      undoAnswer: (_, key) => {
        const undone = answers.get(partyKeyText(key));
        answers.delete(partyKeyText(key));
        return Promise.resolve(undone);
      },
    },
    journal: {
      search: ({ limit, before, party: key, organizationId }) =>
        Promise.resolve(
          world.journal
            .filter((row) => before === undefined || row.id < before)
            .filter((row) => key === undefined || row.parties.includes(key))
            .filter((row) => organizationId === undefined || row.organizationId === organizationId)
            .sort((one, other) => other.id - one.id)
            .slice(0, limit),
        ),
    },
    incidents: {
      open: () =>
        Promise.resolve([
          {
            id: 4,
            cause: "zendesk:quota",
            says: "Zendesk asks us to wait.",
            subdomain,
            affected: 3,
            openedAt: sampleNow,
            lastSeenAt: sampleNow,
          },
        ]),
    },
    plans: { latest: () => Promise.resolve(world.plan) },
    marks: {
      countDue: () => Promise.resolve([{ connectionId, kind: "party", due: 2, waiting: 1, oldestDueAt: sampleNow }]),
    },
    replica: {
      familiesOf: (_, parties) =>
        Promise.resolve(
          families.filter(({ members }) => parties.some((key) => members.some((each) => isSame(each.party, key)))),
        ),
      counts: () => Promise.resolve({ customers: 3, families: 2, vendors: 1, documents: { Invoice: 1, Bill: 2 } }),
    },
    fieldTitles: new Map([
      ["qbo_status", "QuickBooks status"],
      ["qbo_open_amount", "QuickBooks open amount"],
      ["qbo_active", "QuickBooks active"],
    ]),
    beginConnect: () =>
      Promise.resolve({
        connectionId,
        quickbooksUrl: "http://localhost/quickbooks",
        zendeskUrl: "http://localhost/zendesk",
      }),
    async *connectProgress() {
      yield { stage: "quickbooks", done: 0, total: 1, says: "Waiting for you to allow it in QuickBooks" };
      yield { stage: "zendesk", done: 0, total: 1, says: "Waiting for you to allow it in Zendesk" };
      yield { stage: "sweep", done: 5, total: 10, says: "5 invoices" };
      yield { stage: "plan", done: 5, total: 5, says: "The plan is ready" };
    },
    proposePlan: () => Promise.resolve(samplePlan()),
    approvePlan: (planId, who) => {
      requests.push(`approve ${planId} by ${who}`);
      return Promise.resolve(world.plan?.state === "proposed");
    },
    async *loadProgress() {
      yield { done: 1, total: 2, created: 1, updated: 0, parked: 0 };
      yield { done: 2, total: 2, created: 1, updated: 1, parked: 1 };
    },
    requestPoll: () => note("poll"),
    requestSweep: () => note("sweep"),
    requestMark: (_, parties, who, what) =>
      note(`mark ${parties === "everyone" ? parties : parties.map(partyKeyText).join(" ")} by ${who}: ${what}`),
    async *settleBacklog() {
      yield { due: 2 };
      world.journal.push(...world.onSettle);
      yield { due: world.stillDue };
    },
    dryRun: () => Promise.resolve(samplePlan()),
    organization: (_, id) => Promise.resolve(organizations().find((each) => each.id === id)),
    findOrganization: (_, text) =>
      Promise.resolve(organizations().find(({ id, name }) => String(id) === text || name === text)),
    partiesNamed: (_, name) =>
      Promise.resolve(
        [acme, roof, boreal, paper]
          .filter(({ displayName }) => displayName.toLowerCase() === name.toLowerCase())
          .map(({ kind, id, displayName }) => ({ party: { kind, id }, displayName })),
      ),
    cardOf: (_, key) =>
      Promise.resolve(
        isSame(key, acme)
          ? {
              organizationId: acmeOrganization,
              name: "Acme Ltd",
              known: { qbo_open_amount: "100" },
              links: [acmeLink],
              wanted: { qbo_open_amount: "250", qbo_status: "qbo_status_overdue", qbo_active: false },
              documents: {
                currency: "USD",
                sides: [
                  {
                    side: "customer",
                    status: "overdue",
                    documents: 1,
                    open: { count: 1, amount: new Decimal(250) },
                    overdue: { count: 1, amount: new Decimal(250), since: parseLocalDate("2026-10-31") },
                    unappliedCredit: new Decimal(0),
                  },
                ],
                counts: { Invoice: 1 },
                open: [invoice],
                newest: [invoice],
              },
            }
          : undefined,
      ),
    startService: () => Promise.resolve({ url: "http://127.0.0.1:8080", stopped: Promise.resolve() }),
  };

  function note(request: string): Promise<void> {
    requests.push(request);
    return Promise.resolve();
  }
}

function isSame(one: PartyKey, other: PartyKey): boolean {
  return partyKeyText(one) === partyKeyText(other);
}

function organization(id: typeof acmeOrganization, name: string, fields: SampleWorld["zendeskFields"]) {
  return { id, name, externalId: undefined, domains: [], fields, keys: [], updatedAt: undefined };
}

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
  };
}
