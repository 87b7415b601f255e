import { planEnded, planList, planResult } from "@ml-connector/contract";
import type { Command } from "commander";
import { OperatorError } from "../../domain/index.ts";
import type { PlanState, ProposedPlan } from "../../sync/reconcile/index.ts";
import { planSummaryRow, planView } from "../../views/index.ts";
import type { Application } from "../application.ts";
import { connectionOption, jsonOption, type SharedOptions } from "../arguments.ts";
import { chooseConnection } from "../choose-connection.ts";
import { layoutOf, planListText } from "../output/index.ts";
import type { Session } from "../session.ts";
import { type Approval, approvalText, approveAndLoad, planWithNames } from "./approve-and-load.ts";
import { choosePlan } from "./follow-plan.ts";

export function registerPlan(program: Command, session: Session): void {
  const plan = program.command("plan").description("what connecting or a change of rules would write");
  plan
    .command("show")
    .description("show the latest plan")
    .option("--again", "work it out anew first, with the answers given since")
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((options: SharedOptions & { again?: true }) =>
      session.withApplication((application) => show(session, application, options)),
    );
  plan
    .command("list")
    .description("all plans, newest first")
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((options: SharedOptions) => session.withApplication((application) => list(session, application, options)));
  plan
    .command("discard")
    .description("set the proposed plan aside; nothing is written")
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((options: SharedOptions) =>
      session.withApplication((application) => discard(session, application, options)),
    );
  plan
    .command("approve")
    .description("approve the proposed plan and apply it")
    .option("--yes", "without asking")
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((options: SharedOptions & { yes?: true }) =>
      session.withApplication((application) => approve(session, application, options)),
    );
}

async function list({ terminal }: Session, application: Application, options: SharedOptions): Promise<void> {
  const { id } = await chooseConnection(application.connections, options.connection);
  const plans = await application.plans.list(id);
  const result = { connectionId: id, plans: plans.map(planSummaryRow) };
  terminal.report(planList, result, () => planListText(result, layoutOf(terminal)));
}

async function discard({ terminal, who }: Session, application: Application, options: SharedOptions): Promise<void> {
  const { plan } = await choosePlan(application, options, undefined);
  if (!(await application.plans.discard(plan.id, who)))
    throw new OperatorError(`Plan ${plan.id} is ${plan.state}: it cannot be set aside.`);
  const { id: planId, connectionId } = plan;
  terminal.report(
    planEnded,
    { planId, connectionId, state: "discarded" },
    () => `Plan ${planId} is set aside. A new one: ml-connector plan show --again --connection ${connectionId}`,
  );
}

async function show(
  { terminal }: Session,
  application: Application,
  options: SharedOptions & { again?: true },
): Promise<void> {
  const plan = options.again ? await planAnew(application, options) : await latestPlan(application, options);
  const drawn = await planWithNames(terminal, application, plan.connectionId, planView(plan));
  const closing: Record<PlanState, string> = {
    drafted: "This plan is still being worked out.",
    proposed: approvalText({ approved: false, load: null }, plan.connectionId, terminal),
    trying: "A few cards of this plan are tried.",
    approved: "This plan is approved.",
    applying: "This plan is being applied.",
    stopped: "This plan was stopped: what was done is done, the rest stays as before.",
    applied: "This plan is applied.",
    discarded: "This plan was discarded.",
    restoring: "This plan is being undone.",
    restored: "This plan was undone.",
  };
  terminal.report(
    planResult,
    { plan: planView(plan), approved: isApproved(plan.state), load: null },
    () => `${drawn}\n\n${closing[plan.state]}`,
  );
}

async function approve(
  session: Session,
  application: Application,
  options: SharedOptions & { yes?: true },
): Promise<void> {
  const { terminal } = session;
  const plan = await latestPlan(application, options);
  if (plan.state !== "proposed")
    throw new OperatorError(`The latest plan is ${plan.state} already: there is nothing to approve.`);
  terminal.show(`${await planWithNames(terminal, application, plan.connectionId, planView(plan))}\n`);
  const approval: Approval = await approveAndLoad(session, application, plan, options.yes === true);
  const { connectionId } = plan;
  if (terminal.json) terminal.say(approvalText(approval, connectionId, terminal));
  terminal.report(
    planResult,
    { plan: { ...planView(plan), state: approval.approved ? "approved" : plan.state }, ...approval },
    () => approvalText(approval, connectionId, terminal),
  );
}

function isApproved(state: PlanState): boolean {
  return state === "approved" || state === "applying" || state === "applied";
}

/** Only before the first approval: later, what would be written is asked of `sync --dry-run`. */
async function planAnew(application: Application, { connection }: SharedOptions): Promise<ProposedPlan> {
  const { id, state } = await chooseConnection(application.connections, connection);
  if (state !== "planned")
    throw new OperatorError(
      `No plan of connection ${id} waits for approval. To see what would be written now: ml-connector sync --dry-run --connection ${id}`,
    );
  return application.proposePlan(id);
}

async function latestPlan(application: Application, { connection }: SharedOptions): Promise<ProposedPlan> {
  const { id } = await chooseConnection(application.connections, connection);
  const plan = await application.plans.latest(id);
  if (!plan)
    throw new OperatorError("There is no plan yet: both systems are still being read. See: ml-connector status");
  return plan;
}
