import { z } from "zod";
import { fitResult } from "../fit.ts";
import { disconnectResult } from "../life.ts";
import { mappingSaved } from "../mapping.ts";
import { applyResult, dryRunResult, planSummaryRow, settingsResult } from "../plan.ts";
import { replayResult, syncResult } from "../sync.ts";
import { connectionId, count, instant, parkReason, partyText } from "../values.ts";
import { verifyResult } from "../verify.ts";
import { json, operation } from "./operation.ts";
import { connectionPath, nextCursor, page } from "./paging.ts";

/** `plan`: what it would change, for approval; null where it is in force already. */
const savedMapping = mappingSaved.extend({ plan: planSummaryRow.nullable() });

/** At most 1,000 effects that write something; `more` are counted and not listed. */
export const dryRunSummary = dryRunResult.extend({ more: count });
export type DryRunSummary = z.infer<typeof dryRunSummary>;

const asked = z.object({
  id: z.uuid(),
  connectionId,
  /** interrupted: the process ended meanwhile. What was asked of the engine goes on by itself; only its report is lost. */
  state: z.enum(["running", "done", "failed", "interrupted"]),
  askedBy: z.string(),
  askedAt: instant,
  endedAt: instant.nullable(),
  progress: z.object({ stage: z.string(), done: count, total: count.nullable(), says: z.string() }),
  error: z.object({ code: z.string(), says: z.string(), whatToDo: z.string().nullable() }).nullable(),
});

/** A long piece of work that somebody asked for. `result` is null until it is done. */
export const task = z.discriminatedUnion("kind", [
  asked.extend({ kind: z.literal("plan"), result: planSummaryRow.nullable() }),
  asked.extend({ kind: z.literal("apply"), result: applyResult.nullable() }),
  asked.extend({ kind: z.literal("settings"), result: settingsResult.nullable() }),
  asked.extend({ kind: z.literal("mapping"), result: savedMapping.nullable() }),
  asked.extend({ kind: z.literal("disconnect"), result: disconnectResult.nullable() }),
  asked.extend({ kind: z.literal("dry-run"), result: dryRunSummary.nullable() }),
  asked.extend({ kind: z.literal("fit"), result: fitResult.nullable() }),
  asked.extend({ kind: z.literal("sync"), result: syncResult.nullable() }),
  asked.extend({ kind: z.literal("replay"), result: replayResult.nullable() }),
  asked.extend({ kind: z.literal("verify"), result: verifyResult.nullable() }),
]);
export type Task = z.infer<typeof task>;
export type TaskKind = Task["kind"];

const timeoutSeconds = z.int().min(1).max(86_400).default(600);
const accepted = json(202, task);
const operate = { role: "operator", on: "connection" } as const;
const work = { tag: "work", params: connectionPath, needs: operate, answer: accepted };

export const taskOperations = {
  startSync: operation({
    ...work,
    method: "POST",
    path: "/connections/:connectionId/sync",
    summary: "Read what changed in QuickBooks, everything, or one party, and write it to Zendesk",
    body: z.discriminatedUnion("read", [
      z.object({ read: z.literal("changes"), timeoutSeconds }),
      z.object({ read: z.literal("full"), timeoutSeconds }),
      z.object({ read: z.literal("party"), party: partyText, timeoutSeconds }),
    ]),
  }),
  startReplay: operation({
    ...work,
    method: "POST",
    path: "/connections/:connectionId/replay",
    summary: "Have one party, the parked ones, or every card looked at again",
    body: z.discriminatedUnion("what", [
      z.object({ what: z.literal("party"), party: partyText, timeoutSeconds }),
      z.object({ what: z.literal("parked"), reason: parkReason.nullable().default(null), timeoutSeconds }),
      z.object({ what: z.literal("all"), timeoutSeconds }),
    ]),
  }),
  startVerify: operation({
    ...work,
    method: "POST",
    path: "/connections/:connectionId/verify",
    summary: "Compare QuickBooks, our copy and Zendesk",
    body: z.object({ repair: z.boolean().default(false), calls: z.int().min(1).max(1_000_000).optional() }),
  }),
  startDryRun: operation({
    ...work,
    method: "POST",
    path: "/connections/:connectionId/dry-run",
    summary: "Tell what a pass would write now; nothing is written",
  }),
  startFit: operation({
    ...work,
    method: "POST",
    path: "/connections/:connectionId/fit",
    summary: "Tell how the company fits the account: what would link, be created or wait, what is missing; only reads",
  }),
  listTasks: operation({
    method: "GET",
    path: "/connections/:connectionId/tasks",
    tag: "work",
    summary: "Work that was asked for, newest first; kept for a week",
    needs: { role: "viewer", on: "connection" },
    params: connectionPath,
    query: page({ usual: 20, most: 100 }),
    answer: json(200, z.object({ tasks: z.array(task), next: nextCursor })),
  }),
  readTask: operation({
    method: "GET",
    path: "/connections/:connectionId/tasks/:taskId",
    tag: "work",
    summary: "How far a piece of work is, and what came of it",
    needs: { role: "viewer", on: "connection" },
    params: connectionPath.extend({ taskId: z.uuid() }),
    answer: json(200, task),
  }),
};
