import type { LoadResult, PlanView } from "@ml-connector/contract";
import { type ConnectionId, OperatorError, parsePartyKey } from "../../domain/index.ts";
import type { ProposedPlan } from "../../sync/reconcile/index.ts";
import { knownParties } from "../../views/index.ts";
import type { Application } from "../application.ts";
import { layoutOf, loadText, parkedExamples, planText, type Terminal } from "../output/index.ts";
import type { Session } from "../session.ts";

export interface Approval {
  approved: boolean;
  load: LoadResult | null;
}

/** Asks, unless `yes` was said beforehand, then applies. Where nobody can be asked, nothing is approved. */
export async function approveAndLoad(
  { terminal, who }: Pick<Session, "terminal" | "who">,
  application: Pick<Application, "approvePlan" | "loadProgress">,
  plan: ProposedPlan,
  yes: boolean,
): Promise<Approval> {
  const approved = yes || (terminal.canAsk && (await terminal.confirm("Apply this plan to Zendesk now?")));
  if (!approved) return { approved: false, load: null };
  if (!(await application.approvePlan(plan.id, who)))
    throw new OperatorError("This plan was replaced or approved meanwhile. Look at it again: ml-connector plan show");
  return { approved: true, load: await load(terminal, application, plan.connectionId) };
}

async function load(
  terminal: Terminal,
  application: Pick<Application, "loadProgress">,
  connectionId: ConnectionId,
): Promise<LoadResult> {
  const progress = terminal.progress();
  let reached: LoadResult = { done: 0, total: 0, created: 0, updated: 0, parked: 0 };
  try {
    for await (const { done, total, created, updated, parked } of application.loadProgress(connectionId)) {
      reached = { done, total, created, updated, parked };
      progress.at({ title: "Writing to Zendesk", done, total, says: `${created} created, ${updated} updated` });
    }
  } finally {
    progress.end();
  }
  return reached;
}

/** The plan as a table, with the names of the parked examples. */
export async function planWithNames(
  terminal: Terminal,
  application: Pick<Application, "replica">,
  connectionId: ConnectionId,
  plan: Pick<PlanView, "counts" | "effects">,
): Promise<string> {
  const examples = parkedExamples(plan).map(({ party }) => parsePartyKey(party));
  const known = await knownParties(application, connectionId, examples);
  const names = new Map(known.map(({ party, displayName }) => [`${party.kind}:${party.id}`, displayName]));
  return planText(plan, names, layoutOf(terminal));
}

/** The last words of a command that ended in a plan. */
export function approvalText({ load }: Approval, connectionId: ConnectionId, terminal: Terminal): string {
  return load === null
    ? `Nothing is written before the plan is approved. To approve it: ml-connector plan approve --yes --connection ${connectionId}`
    : loadText(load, layoutOf(terminal));
}
