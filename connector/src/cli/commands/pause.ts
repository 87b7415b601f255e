import { pauseResult } from "@ml-connector/contract";
import type { Command } from "commander";
import { connectionOption, jsonOption, type SharedOptions } from "../arguments.ts";
import { chooseConnection } from "../choose-connection.ts";
import type { Session } from "../session.ts";

export function registerPause(program: Command, session: Session): void {
  const { terminal, who } = session;
  program
    .command("pause")
    .description("stop one connection until somebody resumes it; what changes meanwhile is remembered")
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((options: SharedOptions) =>
      session.withApplication(async (application) => {
        const { id } = await chooseConnection(application.connections, options.connection);
        await application.life.pause(id, who);
        const state = (await application.connections.get(id))?.state ?? "paused";
        terminal.report(pauseResult, { connectionId: id, state }, () =>
          state === "paused"
            ? "Paused. Webhooks are still accepted and remembered. To go on: ml-connector resume"
            : `Connection ${id} is ${state}: there is nothing to pause.`,
        );
      }),
    );
  program
    .command("resume")
    .description("go on with a paused connection: what has changed meanwhile is written")
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((options: SharedOptions) =>
      session.withApplication(async (application) => {
        const { id } = await chooseConnection(application.connections, options.connection);
        const state = await application.life.resume(id);
        terminal.report(pauseResult, { connectionId: id, state }, () => `Connection ${id} goes on: it is ${state}.`);
      }),
    );
}
