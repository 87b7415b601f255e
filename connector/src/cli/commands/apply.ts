import { type ApplyResult, applyResult, planEnded } from "@ml-connector/contract";
import { type Command, Option } from "commander";
import { OperatorError } from "../../domain/index.ts";
import type { PlanFacts, RecordedEffect } from "../../sync/reconcile/index.ts";
import { effectViews, triedCardView } from "../../views/index.ts";
import type { Application } from "../application.ts";
import { connectionOption, jsonOption, orUsage, type SharedOptions, wholeNumber } from "../arguments.ts";
import { applyText, layoutOf } from "../output/index.ts";
import type { Session } from "../session.ts";
import { choosePlan, followPlan } from "./follow-plan.ts";

interface ApplyOptions extends SharedOptions {
  canary?: true;
  stop?: true;
  changed?: string[] | true;
  yes?: true;
}

const shown = 1_000;

export function registerApply(program: Command, session: Session): void {
  program
    .command("apply")
    .description("apply a plan: whole, on one card of each kind, or what has changed since")
    .argument(
      "[plan]",
      "which plan; the latest one where none is named",
      orUsage(wholeNumber({ from: 1, to: 2 ** 40 })),
    )
    .addOption(
      new Option("--canary", "try one card of each kind, and show what Zendesk holds then").conflicts([
        "stop",
        "changed",
      ]),
    )
    .addOption(
      new Option("--stop", "stop: what is done is done, the rest stays as before").conflicts(["canary", "changed"]),
    )
    .addOption(
      new Option(
        "--changed [parties...]",
        "approve by themselves effects that are no longer as planned: these, or all",
      ).conflicts(["canary", "stop"]),
    )
    .option("--yes", "without asking")
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((plan: number | undefined, options: ApplyOptions) =>
      session.withApplication((application) => apply(session, application, plan, options)),
    );
}

async function apply(
  session: Session,
  application: Application,
  wanted: number | undefined,
  options: ApplyOptions,
): Promise<void> {
  const { plan } = await choosePlan(application, options, wanted);
  if (options.stop) {
    await stop(session, application, plan);
    return;
  }
  await approve(session, application, plan, options);
  await report(session, application, plan);
}

async function stop({ terminal, who }: Session, application: Application, plan: PlanFacts): Promise<void> {
  if (!(await application.plans.stop(plan.id, who)))
    throw new OperatorError(`Plan ${plan.id} is ${plan.state}: there is nothing to stop.`);
  terminal.report(
    planEnded,
    { planId: plan.id, connectionId: plan.connectionId, state: "stopped" },
    () =>
      `Plan ${plan.id} is stopped: what is done is done, the rest stays as before. Go on: ml-connector apply ${plan.id}. Undo: ml-connector restore ${plan.id}`,
  );
}

async function approve(
  { terminal, who }: Session,
  application: Application,
  plan: PlanFacts,
  options: ApplyOptions,
): Promise<void> {
  const { plans, planDesk } = application;
  if (plan.state === "approved" || plan.state === "applying") {
    if (options.changed === undefined) return;
  }
  const question = options.canary
    ? `Apply one card of each kind of plan ${plan.id} to Zendesk now?`
    : `Apply plan ${plan.id} to Zendesk now?`;
  if (options.yes !== true && !(terminal.canAsk && (await terminal.confirm(question))))
    throw new OperatorError(`Nothing was applied. To apply without being asked, add --yes.`);
  if (options.changed !== undefined) {
    const parties = options.changed === true ? ("all" as const) : options.changed;
    const approved = await plans.approveChanged(plan.id, parties, who);
    if (approved.length === 0) throw new OperatorError(`Nothing of plan ${plan.id} waits because it has changed.`);
  } else if (options.canary) {
    if (!(await planDesk.tryOut(plan.id, who)))
      throw new OperatorError(`Plan ${plan.id} is ${plan.state}, or another plan is under way: it cannot be tried.`);
  } else if (!(await plans.approve(plan.id, who)))
    throw new OperatorError(`Plan ${plan.id} is ${plan.state}, or another plan is under way: it cannot be applied.`);
}

async function report({ terminal }: Session, application: Application, plan: PlanFacts): Promise<void> {
  const progress = await followPlan(terminal, application, plan.connectionId, plan.id);
  const changed = await application.plans.effects(plan.id, { states: ["changed"], limit: shown });
  const tried = progress.state === "trying" ? await application.planDesk.tried(plan.connectionId, plan.id) : [];
  const result: ApplyResult = {
    planId: plan.id,
    connectionId: plan.connectionId,
    progress,
    changedSincePlan: changed.flatMap(changedView),
    tried: tried.map(triedCardView),
  };
  terminal.report(applyResult, result, () => applyText(result, layoutOf(terminal)));
}

function changedView(effect: RecordedEffect): ApplyResult["changedSincePlan"] {
  const [view] = effectViews([effect]);
  return view && effect.found ? [{ ...view, found: effect.found }] : [];
}
