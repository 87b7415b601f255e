// A small product in memory, for the tests of the commands: reads of the sample world, and a note of what was asked. Only tests import this.
import { Decimal } from "decimal.js";
import { type Disposition, type PartyKey, parseLocalDate, partyKeyText } from "../../domain/index.ts";
import type { Application } from "../application.ts";
import { sampleAccess } from "./sample-access.ts";
import { sampleMapping } from "./sample-mapping.ts";
import { samplePlans } from "./sample-plans.ts";
import { sampleReview } from "./sample-review.ts";
import { sampleUpkeep } from "./sample-upkeep.ts";
import {
  acme,
  acmeLink,
  acmeOrganization,
  boreal,
  connectionId,
  families,
  invoice,
  otherOrganization,
  paper,
  roof,
  type SampleWorld,
  sampleNow,
  samplePlan,
  subdomain,
} from "./sample-world.ts";

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
    access: sampleAccess(),
    erase: (texts, who) =>
      note(`erase ${texts.length} by ${who}`).then(() => ({
        places: [{ place: "journal", rows: 3 }],
        parties: [{ connectionId, party: { kind: "customer" as const, id: "12" } }],
      })),
    ...sampleUpkeep(),
    ...sampleReview(),
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
      severalClientsOf: () => Promise.resolve([]),
      ignoreRules: () => Promise.resolve([]),
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
      history: () =>
        Promise.resolve({
          incidents: [
            {
              id: 4,
              cause: "zendesk:quota",
              severity: "stopped" as const,
              says: "Zendesk asks us to wait.",
              subdomain,
              affected: 3,
              openedAt: sampleNow,
              lastSeenAt: sampleNow,
              resolvedAt: undefined,
            },
            {
              id: 3,
              cause: "clock-skew",
              severity: "degraded" as const,
              says: "Set both by NTP.",
              affected: 1,
              openedAt: new Date(sampleNow.getTime() - 3_600_000),
              lastSeenAt: sampleNow,
              resolvedAt: new Date(sampleNow.getTime() - 3_480_000),
            },
          ],
          causes: [
            { cause: "zendesk", times: 3, open: 1, affected: 9 },
            { cause: "clock-skew", times: 1, open: 0, affected: 1 },
          ],
        }),
      open: () =>
        Promise.resolve([
          {
            id: 4,
            cause: "zendesk:quota",
            severity: "stopped" as const,
            says: "Zendesk asks us to wait.",
            subdomain,
            affected: 3,
            openedAt: sampleNow,
            lastSeenAt: sampleNow,
          },
        ]),
    },
    ...sampleMapping(world),
    ...samplePlans(world),
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
    verify: (_, { repair, onProgress }) => {
      onProgress({ stage: "company", entity: "Customer", compared: 2 });
      return Promise.resolve({ ...world.verified, marked: repair ? 1 : 0 });
    },
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
    startService: () =>
      Promise.resolve({
        url: "http://127.0.0.1:8080",
        operatorKey: "/data/operator-key",
        setup: undefined,
        stopped: Promise.resolve(),
      }),
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
