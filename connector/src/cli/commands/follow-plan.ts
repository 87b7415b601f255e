import type { PlanProgressView } from "@ml-connector/contract";
import { type ConnectionId, OperatorError } from "../../domain/index.ts";
import type { PlanFacts } from "../../sync/reconcile/index.ts";
import type { Application } from "../application.ts";
import type { SharedOptions } from "../arguments.ts";
import { chooseConnection, type PairedConnection } from "../choose-connection.ts";
import type { Terminal } from "../output/index.ts";

/** Works until the plan is carried out as far as it is approved, and shows how far it is. */
export async function followPlan(
  terminal: Terminal,
  application: Pick<Application, "applyProgress">,
  connectionId: ConnectionId,
  planId: number,
): Promise<PlanProgressView> {
  const progress = terminal.progress();
  let reached: PlanProgressView | undefined;
  try {
    for await (const step of application.applyProgress(connectionId, planId)) {
      reached = step;
      const done = step.done + step.failed + step.changed + step.left;
      progress.at({ title: "Applying", done, total: done + step.planned, says: goesOn(step) });
    }
  } finally {
    progress.end();
  }
  if (!reached) throw new OperatorError(`There is no plan ${planId}.`);
  return reached;
}

function goesOn({ planned, beside }: PlanProgressView): string {
  return planned > 0 || beside === 0 ? `${planned} to go` : `${beside} to go for records, contacts and ticket fields`;
}

/** The plan that is asked for, else the latest one of the connection. Undoings are asked for by their number. */
export async function choosePlan(
  application: Application,
  { connection }: SharedOptions,
  wanted: number | undefined,
): Promise<{ connection: PairedConnection; plan: PlanFacts }> {
  const chosen = await chooseConnection(application.connections, connection);
  const all = await application.plans.list(chosen.id);
  const plan =
    wanted === undefined ? all.find(({ change }) => change.kind !== "restore") : all.find(({ id }) => id === wanted);
  if (plan) return { connection: chosen, plan };
  throw new OperatorError(
    wanted === undefined
      ? "There is no plan yet: both systems are still being read. See: ml-connector status"
      : `Connection ${chosen.id} has no plan ${wanted}. See: ml-connector plan list`,
  );
}
