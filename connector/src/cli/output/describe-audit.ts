import type { AccessAudit, AuditResult, AuditRow, FieldValueView } from "@ml-connector/contract";
import { moment, oneLine, shortened } from "../../views/index.ts";
import type { Layout } from "./layout.ts";
import { paragraphs } from "./sections.ts";
import { table } from "./table.ts";
import { causesWords } from "./terms.ts";

const shownChanges = 3;
const shownLetters = 30;

/** Newest first. `titles` name our fields; `zone` is the company's. */
export function auditText(
  { rows, before }: AuditResult,
  given: { titles: ReadonlyMap<string, string>; zone: string },
  layout: Layout,
): string {
  if (rows.length === 0) return "The journal has nothing of this.";
  const drawn = table(
    [
      { head: "Row", align: "right", whole: true },
      { head: "When", whole: true },
      { head: "What", whole: true },
      { head: "Of" },
      { head: "Change" },
      { head: "Cause" },
      { head: "Outcome" },
    ],
    rows.map((row) => [
      row.id,
      moment(row.at, given.zone),
      row.action,
      ofWords(row),
      changeWords(row, given.titles),
      row.who === "engine" ? causesWords(row.causes) : row.who,
      row.requestIds.zendesk === null ? row.outcome : `${row.outcome}, request ${row.requestIds.zendesk}`,
    ]),
    layout,
  );
  const older = before === null ? "" : ` Older rows: add --before ${before}`;
  return paragraphs([drawn, `Times are in ${given.zone}.${older}`]);
}

function ofWords({ parties, organizationId }: AuditRow): string {
  const who = partiesWords(parties);
  if (organizationId === null) return who;
  return who === "" ? `organization ${organizationId}` : `${who} in ${organizationId}`;
}

function partiesWords(parties: readonly string[]): string {
  const [first, second, ...others] = parties;
  if (first === undefined) return "";
  if (second === undefined) return first;
  return others.length === 0 ? `${first}, ${second}` : `${first} and ${others.length + 1} more`;
}

/** The first few fields as `title: before -> after`; JSON output has them all. */
export function changeWords({ before, after }: AuditRow, titles: ReadonlyMap<string, string>): string {
  const keys = Object.keys(after);
  const words = keys
    .slice(0, shownChanges)
    .map((key) => `${titles.get(key) ?? key}: ${valueWords(before[key] ?? null)} -> ${valueWords(after[key] ?? null)}`);
  if (keys.length > shownChanges) words.push(`and ${keys.length - shownChanges} more`);
  return words.join("; ");
}

export function valueWords(value: FieldValueView): string {
  if (value === null || value === "") return "(empty)";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return shortened(String(value), shownLetters);
}

export function accessAuditText({ rows, before }: AccessAudit, layout: Layout): string {
  if (rows.length === 0) return "Nobody has been given or taken any right.";
  const words = (given: Record<string, string>) =>
    Object.entries(given)
      .map(([key, value]) => `${key}: ${oneLine(value)}`)
      .join(", ");
  const drawn = table(
    [
      { head: "Row", align: "right", whole: true },
      { head: "When (UTC)", whole: true },
      { head: "What", whole: true },
      { head: "Of", whole: true },
      { head: "Before" },
      { head: "After" },
      { head: "By" },
    ],
    rows.map(({ id, at, action, of, who, ...changed }) => [
      id,
      moment(at, "UTC"),
      action,
      of,
      words(changed.before),
      words(changed.after),
      oneLine(who),
    ]),
    layout,
  );
  return paragraphs([drawn, before === null ? undefined : `Older rows: add --before ${before}`]);
}
