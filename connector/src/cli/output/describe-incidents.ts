import type { IncidentHistory } from "@ml-connector/contract";
import { ago, lasting, oneLine } from "../../views/index.ts";
import type { Layout } from "./layout.ts";
import { paragraphs, section } from "./sections.ts";
import { table } from "./table.ts";

export function incidentsText({ incidents, causes, before }: IncidentHistory, now: Date, layout: Layout): string {
  if (incidents.length === 0) return "There was no incident of this kind.";
  const rows = incidents.map((each) => [
    each.id,
    each.cause,
    each.connectionId ?? each.subdomain ?? "all",
    ago(each.openedAt, now),
    each.resolvedAt === null ? "open" : lasting(Date.parse(each.resolvedAt) - Date.parse(each.openedAt)),
    each.affected,
    oneLine(each.says),
  ]);
  const counts = causes.map(({ cause, times, open, affected }) => [cause, times, open, affected]);
  return paragraphs([
    table(
      [
        { head: "Number", align: "right", whole: true },
        { head: "Cause", whole: true },
        { head: "Connection", whole: true },
        { head: "Opened", whole: true },
        { head: "Lasted", whole: true },
        { head: "Affected", align: "right" },
        { head: "What" },
      ],
      rows,
      layout,
    ),
    section(
      "How often",
      table(
        [
          { head: "Cause" },
          { head: "Times", align: "right" },
          { head: "Open", align: "right" },
          { head: "Affected", align: "right" },
        ],
        counts,
        layout,
      ),
      layout,
    ),
    before === null ? undefined : `Older ones: add --before ${before}`,
  ]);
}
