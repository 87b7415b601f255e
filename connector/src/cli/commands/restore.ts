import { type RestoreResult, restoreResult } from "@ml-connector/contract";
import type { Command } from "commander";
import { OperatorError } from "../../domain/index.ts";
import type { ProposedPlan, RecordedEffect } from "../../sync/reconcile/index.ts";
import type { Application } from "../application.ts";
import { connectionOption, jsonOption, orUsage, type SharedOptions, wholeNumber } from "../arguments.ts";
import { chooseConnection } from "../choose-connection.ts";
import { layoutOf, restoreText } from "../output/index.ts";
import type { Session } from "../session.ts";
import { followPlan } from "./follow-plan.ts";

interface RestoreOptions extends SharedOptions {
  yes?: true;
}

const everyEffect = 1_000_000;

export function registerRestore(program: Command, session: Session): void {
  program
    .command("restore")
    .description(
      "undo an applied plan: shows what would come back and what would go; writes only with --yes or when asked",
    )
    .argument("<plan>", "which plan: see plan list", orUsage(wholeNumber({ from: 1, to: 2 ** 40 })))
    .option("--yes", "do it without asking")
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((plan: number, options: RestoreOptions) =>
      session.withApplication((application) => restore(session, application, plan, options)),
    );
}

async function restore(
  session: Session,
  application: Application,
  ofPlan: number,
  options: RestoreOptions,
): Promise<void> {
  const { terminal, who } = session;
  const { id: connectionId } = await chooseConnection(application.connections, options.connection);
  const undo = await underWay(application, connectionId, ofPlan);
  const plan = undo ?? (await application.planDesk.proposeRestore(connectionId, ofPlan));
  const before = await resultOf(application, plan, ofPlan);
  const proposed = plan.state === "proposed";
  if (proposed) {
    terminal.show(`${restoreText(before, layoutOf(terminal))}\n`);
    const agreed =
      options.yes === true || (terminal.canAsk && (await terminal.confirm("Undo the plan in Zendesk now?")));
    if (!agreed) {
      terminal.report(
        restoreResult,
        before,
        () => `Nothing was written. To undo it: ml-connector restore ${ofPlan} --yes --connection ${connectionId}`,
      );
      return;
    }
    if (!(await application.plans.approve(plan.id, who)))
      throw new OperatorError(`Plan ${ofPlan} cannot be undone any more: something else was applied meanwhile.`);
  }
  const progress = await followPlan(terminal, application, connectionId, plan.id);
  const after = { ...(await resultOf(application, plan, ofPlan)), progress };
  terminal.report(restoreResult, after, () => restoreText(after, layoutOf(terminal)));
}

/** The same undoing, where somebody has begun it. */
async function underWay(
  application: Application,
  connectionId: Parameters<Application["plans"]["list"]>[0],
  ofPlan: number,
): Promise<Pick<ProposedPlan, "id" | "connectionId" | "counts" | "state"> | undefined> {
  const all = await application.plans.list(connectionId);
  return all.find(
    ({ change, state }) =>
      change.kind === "restore" && change.ofPlan === ofPlan && (state === "approved" || state === "applying"),
  );
}

async function resultOf(
  application: Application,
  plan: Pick<ProposedPlan, "id" | "connectionId" | "counts">,
  ofPlan: number,
): Promise<RestoreResult> {
  const effects = await application.plans.effects(plan.id, { limit: everyEffect });
  const leaves = ({ effect, state }: RecordedEffect) => effect === "leave" || state === "left";
  return {
    planId: plan.id,
    ofPlan,
    connectionId: plan.connectionId,
    restore: plan.counts.update,
    remove: effects.filter((one) => one.effect === "remove" && !leaves(one)).flatMap(organizationView),
    leave: effects.filter(leaves).flatMap(organizationView),
    kept: effects
      .filter(({ effect, because }) => effect === "restore" && because !== undefined)
      .flatMap(organizationView),
    progress: null,
  };
}

function organizationView({ organizationId, organization, because }: RecordedEffect): RestoreResult["remove"] {
  return organizationId === undefined
    ? []
    : [{ organizationId, organization: organization ?? null, because: because ?? null }];
}
