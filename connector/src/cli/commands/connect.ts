import { connectResult, fitResult } from "@ml-connector/contract";
import type { Command } from "commander";
import { OperatorError, type Subdomain } from "../../domain/index.ts";
import { fitView, planView } from "../../views/index.ts";
import type { Application, ConnectStep } from "../application.ts";
import { jsonOption, readSubdomain, readZone } from "../arguments.ts";
import { fitText, layoutOf } from "../output/index.ts";
import type { Session } from "../session.ts";
import { approvalText, approveAndLoad, planWithNames } from "./approve-and-load.ts";
import { readClients } from "./clients.ts";

interface ConnectOptions {
  yes?: true;
  another?: true;
  zone?: string;
  readOnly?: true;
  clients?: string;
}

export function registerConnect(program: Command, session: Session): void {
  program
    .command("connect")
    .description(
      "pair a QuickBooks company with a Zendesk account; ends in a plan, and writes nothing before it is approved",
    )
    .argument("<subdomain>", "of the Zendesk account: acme, or acme.zendesk.com", readSubdomain)
    .option("--yes", "approve the plan without asking")
    .option("--another", "a further company in this account, although an earlier connection could be gone on with")
    .option("--zone <name>", "the company's time zone, where QuickBooks names none: America/New_York", readZone)
    .option("--read-only", "ask Zendesk to let us read alone, and end in a fit report; run it again without to go on")
    .option("--clients <file>", "JSON with an Intuit app or a Zendesk client of its own: see docs/operations.md")
    .addOption(jsonOption())
    .action((subdomain: Subdomain, options: ConnectOptions) =>
      session.withApplication((application) => connect(session, application, subdomain, options)),
    );
}

async function connect(
  session: Session,
  application: Application,
  subdomain: Subdomain,
  options: ConnectOptions,
): Promise<void> {
  const { terminal } = session;
  const readOnly = options.readOnly === true;
  const clients = options.clients === undefined ? {} : await readClients(options.clients);
  const begun = await application.beginConnect({ subdomain, another: options.another === true, readOnly, clients });
  await follow(session, application.connectProgress(begun.connectionId, { zone: options.zone, readOnly }), begun);
  if (readOnly) {
    const report = fitView(await application.fit(begun.connectionId));
    terminal.report(fitResult, report, () => fitText(report, layoutOf(terminal)));
    return;
  }
  const plan = await application.plans.latest(begun.connectionId);
  if (!plan) throw new OperatorError("Both systems are connected, but no plan was made. See: ml-connector status");
  if (plan.state !== "proposed") {
    const again = { connectionId: plan.connectionId, plan: planView(plan), approved: true, load: null };
    terminal.report(
      connectResult,
      again,
      () => "Connected again. What has changed meanwhile is written by the running service, or by: ml-connector sync",
    );
    return;
  }
  terminal.show(`${await planWithNames(terminal, application, plan.connectionId, planView(plan))}\n`);
  const approval = await approveAndLoad(session, application, plan, options.yes === true);
  const { connectionId } = plan;
  if (terminal.json) terminal.say(approvalText(approval, connectionId, terminal));
  terminal.report(
    connectResult,
    { connectionId, plan: { ...planView(plan), state: approval.approved ? "approved" : plan.state }, ...approval },
    () => approvalText(approval, connectionId, terminal),
  );
}

const titles: Record<ConnectStep["stage"], string> = {
  quickbooks: "QuickBooks",
  zendesk: "Zendesk",
  directory: "Reading Zendesk",
  sweep: "Reading QuickBooks",
  plan: "Planning",
};

/** Shows each address when its consent is what is waited for, one after the other, and the progress of everything else. */
async function follow(
  { terminal }: Session,
  steps: AsyncIterable<ConnectStep>,
  urls: { quickbooksUrl: string; zendeskUrl: string | undefined },
): Promise<void> {
  const progress = terminal.progress();
  const shown = new Set<string>();
  try {
    for await (const step of steps) {
      const { stage, done, total, says } = step;
      const url = stage === "quickbooks" ? urls.quickbooksUrl : stage === "zendesk" ? urls.zendeskUrl : undefined;
      if (url !== undefined && waitsForPerson(step) && !shown.has(stage)) {
        shown.add(stage);
        progress.end();
        terminal.say(`Open this address and allow the connection in ${titles[stage]}:\n${url}`);
      }
      progress.at({ title: titles[stage], done, total, says });
    }
  } finally {
    progress.end();
  }
}

function waitsForPerson({ done, total }: ConnectStep): boolean {
  return total === undefined || done < total;
}
