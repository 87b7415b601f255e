import { z } from "zod";

/**
 * What the vendor does not document, or what others saw differently: each a switch, with the behaviour that is taken when
 * nobody says otherwise. The sources stand in README beside the same names.
 */
export const switchesSchema = z
  .object({
    // OAuth
    concurrentRefreshRevokes: z.boolean().describe("two refreshes with one token within a second revoke the grant"),
    rotateEveryRefresh: z.boolean().describe("the refresh token changes with every refresh, not after 24 hours"),
    dropRotatedAnswer: z.boolean().describe("the answer of a refresh that changed the token is cut off"),
    codeReuseRevokes: z.boolean().describe("using a code twice revokes what it brought"),
    invalidClientStatus: z.union([z.literal(400), z.literal(401)]),
    pkce: z.enum(["tolerated", "refused"]).describe("a code_challenge in the authorize request"),
    // The company and its user
    companyStatus: z.enum(["active", "ended"]).describe("ended: every call is a 6190"),
    userAccess: z
      .enum(["given", "lost"])
      .describe("lost: the user who connected may no longer see the company, 401 with 120"),
    refusedEntities: z.array(z.string()).describe("what the company's edition does not have: 5020"),
    // Query and change data capture
    startPositionZero: z.enum(["tolerated", "refused"]),
    documentOrder: z.enum(["changed", "id"]).describe("documents without ORDERBY: newest change first, or by id"),
    longestInList: z.number().int().min(0).describe("values in one IN, 0 for any number"),
    longestUrl: z.number().int().min(0).describe("characters of a request's address, 0 for any number; more is a 414"),
    invalidEmailFailsPage: z.boolean().describe("a page with an invoice of an invalid e-mail is a 4002"),
    visibleAfterMs: z.number().min(0).describe("queries and CDC see a change only so much later"),
    mergeLoser: z.enum(["deleted", "inactive", "absent"]).describe("how CDC and reads show the loser of a merge"),
    cdcSince: z.enum(["inclusive", "exclusive"]),
    cdcBeyondLookBack: z.enum(["refused", "shortened"]).describe("changedSince of more than 30 days ago"),
    cdcFalseTombstones: z.boolean().describe("the last live object of each block is shown as deleted"),
    // What changes with a change
    partyTimeMoves: z.boolean().describe("posting a transaction moves LastUpdatedTime of its party"),
    familyTimeMoves: z.boolean().describe("and of the customers above it"),
    mergeTouchesDocuments: z.boolean().describe("the loser's documents get a new time and SyncToken"),
    renameTouchesDescendants: z.boolean().describe("records below a renamed one get a new time"),
    // Events
    paymentsAnnounceInvoices: z.boolean().describe("a payment also sends updated events of what it settles"),
    ripplesAnnounceParties: z.boolean().describe("a transaction also sends an updated event of its party"),
    inactivateEvent: z.enum(["updated", "deleted", "both"]),
    voidSpelling: z.enum(["void", "voided"]),
    // Batch
    batchCountsAs: z.enum(["one", "items"]).describe("how limits and the month's quota count a batch"),
    shuffleBatch: z.boolean().describe("the items of a batch answer come in another order"),
    // Transport
    gatewayFormat: z.enum(["json", "xml"]).describe("401, 403 and 429 as XML even when JSON was asked for"),
    serverClockOffsetMs: z.number().describe("the vendor's clock against ours"),
    compress: z.boolean().describe("gzip for clients that accept it"),
  })
  .strict();

export type Switches = z.infer<typeof switchesSchema>;

/** The part that decides what a change does to others. */
export type WriteRules = Pick<
  Switches,
  | "partyTimeMoves"
  | "familyTimeMoves"
  | "mergeTouchesDocuments"
  | "mergeLoser"
  | "renameTouchesDescendants"
  | "paymentsAnnounceInvoices"
  | "ripplesAnnounceParties"
  | "inactivateEvent"
>;

export const defaultSwitches: Switches = {
  concurrentRefreshRevokes: false,
  rotateEveryRefresh: false,
  dropRotatedAnswer: false,
  codeReuseRevokes: true,
  invalidClientStatus: 401,
  pkce: "tolerated",
  companyStatus: "active",
  userAccess: "given",
  refusedEntities: [],
  startPositionZero: "tolerated",
  documentOrder: "changed",
  longestInList: 0,
  longestUrl: 0,
  invalidEmailFailsPage: false,
  visibleAfterMs: 0,
  mergeLoser: "deleted",
  cdcSince: "inclusive",
  cdcBeyondLookBack: "refused",
  cdcFalseTombstones: false,
  partyTimeMoves: true,
  familyTimeMoves: true,
  mergeTouchesDocuments: false,
  renameTouchesDescendants: true,
  paymentsAnnounceInvoices: true,
  ripplesAnnounceParties: false,
  inactivateEvent: "updated",
  voidSpelling: "void",
  batchCountsAs: "one",
  shuffleBatch: false,
  gatewayFormat: "json",
  serverClockOffsetMs: 0,
  compress: false,
};
