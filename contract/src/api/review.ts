import { z } from "zod";
import { answerView, parkedView } from "../review.ts";
import { connectionId, organizationId, parkReason, party, partyText } from "../values.ts";
import { whyResult } from "../why.ts";
import { json, operation } from "./operation.ts";
import { connectionPath, nextCursor, page, partyPath } from "./paging.ts";

const operate = { role: "operator", on: "connection" } as const;
const see = { role: "viewer", on: "connection" } as const;

/** `share`: also where the organization shows another customer or vendor already. */
export const givenAnswer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("link"), organizationId, share: z.boolean().default(false) }),
  z.object({ kind: z.literal("join"), with: partyText }),
  z.object({ kind: z.literal("create") }),
  z.object({ kind: z.literal("ignore") }),
]);
export type GivenAnswer = z.infer<typeof givenAnswer>;

export const reviewOperations = {
  listParked: operation({
    method: "GET",
    path: "/connections/:connectionId/review",
    tag: "review",
    summary: "Customers and vendors that wait for a person, with the organizations that come into question",
    needs: see,
    params: connectionPath,
    query: page({ usual: 50, most: 500 }).extend({ reason: parkReason.optional() }),
    answer: json(200, z.object({ connectionId, parked: z.array(parkedView), next: nextCursor })),
  }),
  answerParty: operation({
    method: "PUT",
    path: "/connections/:connectionId/parties/:party/answer",
    tag: "review",
    summary: "Say which organization a party is; the answer before is replaced",
    needs: operate,
    params: partyPath,
    body: givenAnswer,
    answer: json(200, answerView),
  }),
  undoAnswer: operation({
    method: "DELETE",
    path: "/connections/:connectionId/parties/:party/answer",
    tag: "review",
    summary: "Take an answer back; the party is decided anew",
    needs: operate,
    params: partyPath,
    answer: json(200, answerView),
  }),
  findParties: operation({
    method: "GET",
    path: "/connections/:connectionId/parties",
    tag: "review",
    summary: "Customers and vendors by their whole display name, letter case aside; at most 20",
    needs: see,
    params: connectionPath,
    query: z.object({ name: z.string().min(1).max(500) }),
    answer: json(200, z.object({ parties: z.array(party) })),
  }),
  explainParty: operation({
    method: "GET",
    path: "/connections/:connectionId/parties/:party/why",
    tag: "review",
    summary: "The chain from cause to each value that Zendesk shows for a party",
    needs: see,
    params: partyPath,
    answer: json(200, whyResult),
  }),
};
