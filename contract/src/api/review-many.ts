import { z } from "zod";
import {
  batchList,
  batchUndone,
  bulkResult,
  bulkRule,
  duplicateList,
  duplicatesDismissed,
  ignoreList,
  ignoreRuleEnded,
  ignoreRuleResult,
  reviewQueue,
  severalClients,
} from "../review-many.ts";
import { organizationId } from "../values.ts";
import { json, operation } from "./operation.ts";
import { connectionPath } from "./paging.ts";

const operate = { role: "operator", on: "connection" } as const;
const see = { role: "viewer", on: "connection" } as const;
const many = { tag: "review", params: connectionPath };
const some = z.object({ limit: z.coerce.number().int().min(1).max(10_000).default(50) });
/** Without it, it is only told whom it would be for. */
const apply = z.boolean().default(false);
const rule = bulkRule.partial().required({ answer: true });

export const reviewManyOperations = {
  listContainers: operation({
    ...many,
    method: "GET",
    path: "/connections/:connectionId/review/containers",
    summary: "Organizations that several unrelated clients claim: one question each",
    needs: see,
    answer: json(200, reviewQueue.pick({ connectionId: true, containers: true })),
  }),
  answerMany: operation({
    ...many,
    method: "POST",
    path: "/connections/:connectionId/review/batches",
    summary: "One answer for all who wait and fit a rule; told first, stored as one batch with `apply`",
    needs: operate,
    body: z.object({ rule, apply }),
    answer: json(200, bulkResult),
  }),
  listBatches: operation({
    ...many,
    method: "GET",
    path: "/connections/:connectionId/review/batches",
    summary: "Answers that were given by a rule, newest first; at most 100",
    needs: see,
    answer: json(200, batchList),
  }),
  undoBatch: operation({
    method: "DELETE",
    path: "/connections/:connectionId/review/batches/:batchId",
    tag: "review",
    summary: "Take all answers of a batch back; what stood before them stands again",
    needs: operate,
    params: connectionPath.extend({ batchId: z.coerce.number().int().positive() }),
    answer: json(200, batchUndone),
  }),
  listIgnored: operation({
    ...many,
    method: "GET",
    path: "/connections/:connectionId/review/ignored",
    summary: "Who is left out of Zendesk, by answer and by rule",
    needs: see,
    query: some,
    answer: json(200, ignoreList),
  }),
  ignoreNames: operation({
    ...many,
    method: "POST",
    path: "/connections/:connectionId/review/ignore-rules",
    summary: "Leave out everybody named so, now and later; told first, stored with `apply`",
    needs: operate,
    body: z.object({
      /** `*` stands for anything. */
      name: z.string().trim().min(1).max(100),
      kind: z.enum(["customer", "vendor"]).optional(),
      apply,
    }),
    answer: json(200, ignoreRuleResult),
  }),
  endIgnoreRule: operation({
    method: "DELETE",
    path: "/connections/:connectionId/review/ignore-rules/:ruleId",
    tag: "review",
    summary: "Take such a rule back; whom it left out is decided anew",
    needs: operate,
    params: connectionPath.extend({ ruleId: z.coerce.number().int().positive() }),
    answer: json(200, ignoreRuleEnded),
  }),
  listSeveralClients: operation({
    ...many,
    method: "GET",
    path: "/connections/:connectionId/review/several-clients",
    summary: "Organizations that hold several clients, as people said: evidence for none",
    needs: see,
    answer: json(200, severalClients),
  }),
  saySeveralClients: operation({
    method: "PUT",
    path: "/connections/:connectionId/review/several-clients/:organizationId",
    tag: "review",
    summary: "This organization holds several clients, or (several: false) one client after all",
    needs: operate,
    params: connectionPath.extend({ organizationId: z.coerce.number().int().positive() }),
    body: z.object({ several: z.boolean() }),
    answer: json(200, severalClients),
  }),
  listDuplicates: operation({
    ...many,
    method: "GET",
    path: "/connections/:connectionId/review/duplicates",
    summary: "Organizations that may be one client, the likeliest first; they block nothing",
    needs: see,
    query: some,
    answer: json(200, duplicateList),
  }),
  dismissDuplicates: operation({
    ...many,
    method: "POST",
    path: "/connections/:connectionId/review/not-duplicates",
    summary: "These two organizations are two clients",
    needs: operate,
    body: z.object({ organizations: z.tuple([organizationId, organizationId]) }),
    answer: json(200, duplicatesDismissed),
  }),
};
