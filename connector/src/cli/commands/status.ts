import { type Status, status } from "@ml-connector/contract";
import type { Command } from "commander";
import { OperatorError } from "../../domain/index.ts";
import { readStatus } from "../../views/index.ts";
import type { Application } from "../application.ts";
import { connectionOption, jsonOption, type SharedOptions } from "../arguments.ts";
import { layoutOf, statusText } from "../output/index.ts";
import type { Session } from "../session.ts";

export function registerStatus(program: Command, session: Session): void {
  program
    .command("status")
    .description("connections, freshness, what became of every customer and vendor, what to do next")
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((options: SharedOptions) =>
      session.withApplication(async (application) => {
        const { terminal } = session;
        const now = session.now();
        terminal.report(status, await shownStatus(application, options, now), (read) =>
          statusText(read, now, layoutOf(terminal)),
        );
      }),
    );
}

async function shownStatus(application: Application, { connection }: SharedOptions, now: Date): Promise<Status> {
  const read = await readStatus(application, connection === undefined ? "all" : [connection], now);
  if (connection !== undefined && read.connections.length === 0)
    throw new OperatorError(`There is no connection ${connection}. To see them all: ml-connector status`);
  return read;
}
