import { fitResult } from "@ml-connector/contract";
import type { Command } from "commander";
import { fitView } from "../../views/index.ts";
import { connectionOption, jsonOption, type SharedOptions } from "../arguments.ts";
import { chooseConnection } from "../choose-connection.ts";
import { fitText, layoutOf } from "../output/index.ts";
import type { Session } from "../session.ts";

export function registerFit(program: Command, session: Session): void {
  program
    .command("fit")
    .description(
      "what connecting would mean: how many link, how many are created, what waits, what is missing; only reads",
    )
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((options: SharedOptions) =>
      session.withApplication(async (application) => {
        const { id } = await chooseConnection(application.connections, options.connection);
        const report = fitView(await application.fit(id));
        session.terminal.report(fitResult, report, () => fitText(report, layoutOf(session.terminal)));
      }),
    );
}
