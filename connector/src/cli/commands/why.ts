import { whyResult } from "@ml-connector/contract";
import type { Command } from "commander";
import { explainParty, knownZone } from "../../views/index.ts";
import { connectionOption, jsonOption, partyHelp, type SharedOptions } from "../arguments.ts";
import { chooseConnection } from "../choose-connection.ts";
import { layoutOf, whyText } from "../output/index.ts";
import type { Session } from "../session.ts";

export function registerWhy(program: Command, session: Session): void {
  program
    .command("why")
    .description("the chain from cause to each value that Zendesk shows for a customer or vendor")
    .argument("<party>", partyHelp)
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((party: string, options: SharedOptions) =>
      session.withApplication(async (application) => {
        const { terminal } = session;
        const connection = await chooseConnection(application.connections, options.connection);
        terminal.report(whyResult, await explainParty(application, connection, party), (why) =>
          whyText(why, knownZone(connection.zone), layoutOf(terminal)),
        );
      }),
    );
}
