import { pingResult } from "@ml-connector/contract";
import type { Command } from "commander";
import type { ConnectionId } from "../../domain/index.ts";
import type { Application } from "../application.ts";
import { connectionOption, jsonOption, type SharedOptions } from "../arguments.ts";
import { chooseConnection } from "../choose-connection.ts";
import { checksText, fitText, layoutOf, paragraphs } from "../output/index.ts";
import type { Session } from "../session.ts";

async function only({ connections }: Application): Promise<ConnectionId> {
  return (await chooseConnection(connections, undefined)).id;
}

export function registerPing(program: Command, session: Session): void {
  const { terminal } = session;
  program
    .command("ping")
    .description("ask both sides of a connection whether it can do its work; nothing is written")
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action(({ connection }: SharedOptions) =>
      session.withApplication(async (application) => {
        // Also one that is not finished: why not is what is asked.
        const all = await application.connections.list();
        const id = connection ?? (all.length === 1 ? all[0]?.id : undefined) ?? (await only(application));
        const pinged = await application.ping(id);
        if (!pinged.ok) terminal.endWith(1);
        terminal.report(pingResult, pinged, ({ checks, fit, noFitBecause }) =>
          paragraphs([
            checksText(checks, layoutOf(terminal)),
            fit === null ? `There is no fit report: ${noFitBecause ?? ""}` : fitText(fit, layoutOf(terminal)),
          ]),
        );
      }),
    );
}
