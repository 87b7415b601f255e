import {
  type AlertTargets,
  type AlertTargetView,
  type AlertTest,
  alertTargetAdded,
  alertTargets,
  alertTest,
} from "@ml-connector/contract";
import { Argument, type Command, Option } from "commander";
import { jsonOption, wholeNumber } from "../arguments.ts";
import { type Layout, layoutOf, paragraphs, table } from "../output/index.ts";
import type { Session } from "../session.ts";

export function registerAlerts(program: Command, session: Session): void {
  const { terminal } = session;
  const alerts = program.command("alerts").description("who is told when something stops or works badly");

  alerts
    .command("list")
    .description("where alerts go")
    .addOption(jsonOption())
    .action(() =>
      session.withApplication(async (application) =>
        terminal.report(alertTargets, await application.alerts.targets(), (shown) =>
          targetsText(shown, layoutOf(terminal)),
        ),
      ),
    );

  alerts
    .command("add")
    .description("tell somebody of incidents from now on")
    .addArgument(new Argument("<kind>", "by which way").choices(["email", "slack", "webhook"]))
    .argument("<to>", "the e-mail address, or the address of the webhook")
    .addOption(
      new Option("--least <severity>", "tell of incidents that are at least so severe")
        .choices(["notice", "degraded", "stopped"])
        .default("degraded"),
    )
    .addOption(jsonOption())
    .action((kind: AlertTargetView["kind"], to: string, { least }: Pick<AlertTargetView, "least">) =>
      session.withApplication(async (application) =>
        terminal.report(alertTargetAdded, await application.alerts.add({ kind, to, least }), ({ name, secret }) =>
          paragraphs([
            `Alerts go to ${name} from now on. To try it: ml-connector alerts test`,
            secret === null
              ? undefined
              : `Each alert is signed (standardwebhooks.com). The secret is shown this once:\n${secret}`,
          ]),
        ),
      ),
    );

  alerts
    .command("remove")
    .description("tell somebody no more")
    .argument("<id>", "see alerts list", wholeNumber({ from: 1, to: 1_000_000_000 }))
    .addOption(jsonOption())
    .action((id: number) =>
      session.withApplication(async (application) =>
        terminal.report(alertTargets, await application.alerts.remove(id), (shown) =>
          targetsText(shown, layoutOf(terminal)),
        ),
      ),
    );

  alerts
    .command("test")
    .description("send a test to every target, and say who took it")
    .addOption(jsonOption())
    .action(() =>
      session.withApplication(async (application) => {
        const tested = await application.alerts.test();
        if (tested.results.some(({ delivered }) => !delivered)) terminal.endWith(1);
        terminal.report(alertTest, tested, (shown) => testText(shown, layoutOf(terminal)));
      }),
    );
}

function targetsText({ targets }: AlertTargets, layout: Layout): string {
  if (targets.length === 0)
    return "Nobody is told of incidents. To add somebody: ml-connector alerts add email ops@example.com";
  const rows = targets.map(({ id, kind, name, least }) => [id, kind, name, least]);
  const columns = [
    { head: "ID", align: "right" as const },
    { head: "KIND" },
    { head: "TO" },
    { head: "FROM SEVERITY" },
  ];
  return table(columns, rows, layout);
}

function testText({ results }: AlertTest, layout: Layout): string {
  const rows = results.map(({ kind, target, delivered, because }) => [
    kind,
    target,
    delivered ? "delivered" : `not delivered: ${because ?? ""}`,
  ]);
  return table([{ head: "KIND" }, { head: "TO" }, { head: "" }], rows, layout);
}
