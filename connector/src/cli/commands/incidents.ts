import { incidentHistory } from "@ml-connector/contract";
import { type Command, InvalidArgumentError } from "commander";
import { incidentHistoryView } from "../../views/index.ts";
import { connectionOption, jsonOption, type SharedOptions, wholeNumber } from "../arguments.ts";
import { incidentsText, layoutOf } from "../output/index.ts";
import type { Session } from "../session.ts";

interface IncidentsOptions extends SharedOptions {
  cause?: string;
  since?: (now: Date) => Date;
  open?: true;
  limit: number;
  before?: number;
}

export function registerIncidents(program: Command, { terminal, withApplication, now }: Session): void {
  program
    .command("incidents")
    .description("what stopped or degraded work, open and resolved, newest first, and how often each cause came")
    .option("--cause <cause>", "only of this one: see docs/operations.md, all causes")
    .option("--since <when>", "only those that were open then or later: 2026-11-01, or 36h, 7d", readSince)
    .option("--open", "only those that are open")
    .option("--limit <number>", "how many", wholeNumber({ from: 1, to: 500 }), 50)
    .option(
      "--before <number>",
      "only those older than this one",
      wholeNumber({ from: 1, to: Number.MAX_SAFE_INTEGER }),
    )
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action(({ connection, cause, since, open, limit, before }: IncidentsOptions) =>
      withApplication(async ({ incidents }) => {
        const found = await incidents.history({
          connectionId: connection,
          cause,
          since: since?.(now()),
          openOnly: open === true,
          before,
          limit,
        });
        terminal.report(incidentHistory, incidentHistoryView(found, limit), (view) =>
          incidentsText(view, now(), layoutOf(terminal)),
        );
      }),
    );
}

const hourMs = 3_600_000;

/** A day, an instant, or how long ago. */
function readSince(text: string): (now: Date) => Date {
  const span = /^(\d{1,4})([hd])$/.exec(text.trim());
  if (span) {
    const backMs = Number(span[1]) * (span[2] === "h" ? hourMs : 24 * hourMs);
    return (now) => new Date(now.getTime() - backMs);
  }
  const at = /^\d{4}-\d{2}-\d{2}([T ].*)?$/.test(text.trim()) ? new Date(text.trim()) : undefined;
  if (at === undefined || Number.isNaN(at.getTime()))
    throw new InvalidArgumentError("Write a day such as 2026-11-01, an instant, or a time such as 36h or 7d.");
  return () => at;
}
