import { verifyResult } from "@ml-connector/contract";
import { type Command, Option } from "commander";
import type { Reason, VerifyReport, VerifyStage } from "../../oversight/verify/index.ts";
import { verifyView } from "../../views/index.ts";
import { connectionOption, jsonOption, type SharedOptions, wholeNumber } from "../arguments.ts";
import { chooseConnection, requireCompared } from "../choose-connection.ts";
import { layoutOf, type Progress, verifyText } from "../output/index.ts";
import type { Session } from "../session.ts";

interface VerifyOptions extends SharedOptions {
  repair?: true;
  calls?: number;
}

/** These are on their way, or wait for a person: a script need not stop for them. */
const expected: ReadonlySet<Reason> = new Set(["being-written", "due", "put-off", "parked", "not-approved"]);

export function registerVerify(program: Command, session: Session): void {
  program
    .command("verify")
    .description("compare QuickBooks, our copy and Zendesk, and say why what differs does")
    .option("--repair", "have what differs looked at again; nothing is written to Zendesk by this command")
    .addOption(
      new Option(
        "--calls <number>",
        "how many calls it may make to both systems; default 250 per 10,000 cards",
      ).argParser(wholeNumber({ from: 1, to: 1_000_000 })),
    )
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((options: VerifyOptions) =>
      session.withApplication(async (application) => {
        const { terminal, who } = session;
        const connection = await chooseConnection(application.connections, options.connection);
        requireCompared(connection);
        const progress = terminal.progress();
        let report: VerifyReport;
        try {
          report = await application.verify(connection.id, {
            calls: options.calls,
            repair: options.repair === true,
            who,
            onProgress: (stage) => show(progress, stage),
          });
        } finally {
          progress.end();
        }
        if (report.differences.some(({ reason }) => !expected.has(reason))) terminal.endWith(1);
        terminal.report(verifyResult, verifyView(connection.id, report), (result) =>
          verifyText(result, { repaired: options.repair === true }, layoutOf(terminal)),
        );
      }),
    );
}

function show(progress: Progress, stage: VerifyStage): void {
  if (stage.stage === "company")
    progress.at({ title: "Comparing QuickBooks", done: stage.compared, says: `records, ${stage.entity} last` });
  else progress.at({ title: "Comparing Zendesk", done: stage.cards, says: "cards" });
}
