import { startResult } from "@ml-connector/contract";
import type { Command } from "commander";
import { jsonOption } from "../arguments.ts";
import type { Session } from "../session.ts";

export function registerStart(program: Command, { terminal, withApplication }: Session): void {
  program
    .command("start")
    .description("run the service: listen for webhooks and keep Zendesk current until stopped")
    .addOption(jsonOption())
    .action(() =>
      withApplication(async (application) => {
        const { url, operatorKey, setup, stopped } = await application.startService();
        terminal.report(startResult, { listening: true, url, operatorKey, setup: setup ?? null }, () =>
          [
            `Listening on ${url}. Stop with Ctrl+C.`,
            `The operator API is at ${url}/api/docs; the key of this machine's operator is in ${operatorKey}.`,
            ...(setup === undefined
              ? []
              : [`Nobody can sign in yet. For one hour, the first operator chooses a password at:\n${setup}`]),
          ].join("\n"),
        );
        await stopped;
      }),
    );
}
