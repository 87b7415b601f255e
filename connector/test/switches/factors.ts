// The switches of both simulators that change what a call of ours answers or what an event carries, with the values that are tried;
// and those that are left out, each with the reason.
import type { Row } from "./covering-array.ts";

/** Of QuickBooks, by the names of the simulator. */
const quickbooks = {
  visibleAfterMs: [0, 1_500],
  mergeLoser: ["deleted", "inactive", "absent"],
  cdcSince: ["inclusive", "exclusive"],
  cdcFalseTombstones: [false, true],
  partyTimeMoves: [true, false],
  familyTimeMoves: [true, false],
  mergeTouchesDocuments: [false, true],
  renameTouchesDescendants: [true, false],
  paymentsAnnounceInvoices: [true, false],
  ripplesAnnounceParties: [false, true],
  inactivateEvent: ["updated", "deleted", "both"],
  voidSpelling: ["void", "voided"],
  batchCountsAs: ["one", "items"],
  shuffleBatch: [false, true],
  serverClockOffsetMs: [0, 120_000, -120_000],
  compress: [false, true],
} as const;

/** Of QuickBooks' webhooks. */
const webhooks = {
  format: ["cloudevents", "legacy"],
  contentType: ["application/json; charset=utf-8", "application/cloudevents-batch+json", "text/plain"],
  duplicates: [0, 0.5],
  reorder: [false, true],
  data: ["present", "absent"],
  timeDigits: [0, 9],
  eventId: ["named", "uuid"],
} as const;

/** Of Zendesk, by the names of the simulator. */
const zendesk = {
  jobPace: [0, 60],
  jobConcurrency: [30, 1],
  jobOrder: ["in-order", "shuffled"],
  jobResults: ["recorded", "documented"],
  jobFailures: ["indexed", "specified"],
  jobCutAfter: [null, 12],
  jobResultsLost: [false, true],
  externalIdUnique: [true, false],
  nameRaceMs: [0, 3_600_000],
  nameCase: ["insensitive", "sensitive"],
  unknownFieldKey: ["ignore", "refuse"],
  unknownOption: ["ignore", "refuse"],
  updateManyCountsAsUpdate: [false, true],
  showManyLagMs: [0, 1_500],
  organizationSearchLagMs: [0, 1_500],
  uncheckedReads: ["null", "false"],
  language: ["en", "de"],
  tagging: [true, false],
  eventPerField: [true, false],
  echoOwnWrites: [true, false],
  deletedInExport: [false, true],
  webhookShuffleMs: [0, 300],
  webhookLoss: [0, 1],
  webhookDuplicates: [0, 0.5],
} as const;

/** What happens to calls, and how changes come. */
const happenings = {
  /** The first create_many. */
  job: ["answered", "500 after commit", "cut after commit", "too many jobs"],
  /** The first single update and the first single create. */
  single: ["answered", "500 after commit", "429 as text", "429 as JSON"],
  /** A query of the first load, and one of the live part. */
  query: ["answered", "502 as HTML", "401 as XML"],
  events: ["delivered", "lost"],
  /** Whether a record that was read changes again within the second of its LastUpdatedTime. */
  secondChange: ["later", "in the same second"],
} as const;

export const factors = { ...quickbooks, ...webhooks, ...zendesk, ...happenings };
export type Chosen = Row<typeof factors>;

function pick<Name extends keyof Chosen>(chosen: Chosen, names: Readonly<Record<Name, unknown>>): Pick<Chosen, Name> {
  const entries = Object.keys(names).map((name) => [name, chosen[name as Name]]);
  return Object.fromEntries(entries) as Pick<Chosen, Name>; // the names of one part, which the row has all
}

export const quickbooksOf = (chosen: Chosen) => pick(chosen, quickbooks);
export const webhooksOf = (chosen: Chosen) => pick(chosen, webhooks);
export const zendeskOf = (chosen: Chosen) => pick(chosen, zendesk);

/** Every other switch of the simulators, and why no row turns it. */
export const leftOut: Readonly<Record<"quickbooks" | "webhooks" | "zendesk", Readonly<Record<string, string>>>> = {
  quickbooks: {
    concurrentRefreshRevokes: "OAuth: connections/credentials.test.ts",
    rotateEveryRefresh: "OAuth: connections/credentials.test.ts",
    dropRotatedAnswer: "OAuth: connections/credentials.test.ts",
    codeReuseRevokes: "OAuth: no flow uses a code twice",
    invalidClientStatus: "OAuth: no flow has a wrong client",
    pkce: "OAuth: no call of the flow",
    companyStatus: "an ended company pauses the connection for a person: failures.test.ts beside the client",
    documentOrder: "our pages name their order, and records that are read by id are placed by id",
    userAccess: "OAuth: failures.test.ts beside the client has the refusals that it leads to",
    refusedEntities: "an entity that is refused is noted once: intake/sweep.test.ts",
    longestInList: "our questions stay far below any limit that was seen",
    longestUrl: "our questions stay far below any limit that was seen",
    invalidEmailFailsPage: "damaged records have their own flow: intake/unreadable.test.ts",
    startPositionZero: "our pages start at 1",
    cdcBeyondLookBack: "we never ask beyond the look-back: poll.test.ts",
    gatewayFormat:
      "the 401 as XML is among the happenings; a 429 makes us wait for a minute: failures.test.ts beside the client",
  },
  webhooks: {
    url: "no switch",
    verifier: "no switch",
    enabled: "lost events are among the happenings",
    delayMs: "time alone, no content",
    aggregationMs: "time alone, no content",
    mixedRealms: "one company only: intake/webhooks.test.ts",
    headOfLine: "every delivery is answered at once",
  },
  zendesk: {
    jobStartDelayMs: "comes with the pace of jobs",
    tooManyJobsStatus: "the refusal is among the happenings; another status than 429 is documented nowhere",
    updateManyByExternalId: "we update by id",
    missingFeature: "both answers are asked in records/records.test.ts: no records are kept in this flow",
    recordListLagMs: "no records are kept in this flow: records/records.test.ts turns it",
    checkLookups: "no records are kept in this flow: records/records.test.ts turns it",
    deletedTargets: "no records are kept in this flow: records/records.test.ts turns it",
    searchLagMs: "we call neither search nor autocomplete",
    bulkUserImport: "we create no users",
    legacyTokens: "OAuth: connections/authorization.test.ts",
    accessTokenSeconds: "OAuth: connections/credentials.test.ts",
    refreshTokenSeconds: "OAuth: connections/credentials.test.ts",
    relatedScopes: "we ask for read and write",
    accountLimitBody: "both forms are among the happenings: a test that uses up a minute's budget takes minutes",
    nameLimit: "documented as 255; our names are cut there",
    decimalPlaces: "rounded amounts are not what an independent computation expects: failure/stored-values.test.ts",
    webhookDelayMs: "time alone, no content",
    webhookRetries: "every delivery is answered at once",
    webhookBreaker: "every delivery is answered at once",
    webhookTimeoutMs: "every delivery is answered at once",
  },
};
