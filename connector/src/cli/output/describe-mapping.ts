import type {
  MappingChecked,
  MappingHistory,
  MappingPresets,
  MappingPreview,
  MappingProblemView,
  MappingShown,
} from "@ml-connector/contract";
import type { Layout } from "./layout.ts";
import { paragraphs } from "./sections.ts";
import { table } from "./table.ts";

export function mappingText(mapping: MappingShown, layout: Layout): string {
  const { version, inForce, who, note, connectionId } = mapping;
  const rows = mapping.rows.map(({ key, type, from, when, empty }) => [
    key,
    type,
    [from.text, when === null ? "" : `when ${when}`, empty === "clear" ? "" : `else ${empty}`]
      .filter(Boolean)
      .join("; "),
  ]);
  const said = note === null ? "" : ` (${note})`;
  return paragraphs([
    `Mapping ${version} of connection ${connectionId}, by ${who}${said}${version === inForce ? ", in force" : `; version ${inForce} is in force`}.`,
    table([{ head: "field", whole: true }, { head: "type" }, { head: "from" }], rows, layout),
    mapping.noteTemplate === null ? "No note." : `Note:\n${indented(mapping.noteTemplate)}`,
  ]);
}

export function presetsText({ presets }: MappingPresets, layout: Layout): string {
  return paragraphs([
    table(
      [{ head: "preset", whole: true }, { head: "fields", align: "right" }, { head: "note" }, { head: "for" }],
      presets.map(({ name, says, fields, note }) => [name, fields, note ? "yes" : "no", says]),
      layout,
    ),
    "To see what one would change: ml-connector mapping set --preset NAME",
  ]);
}

export function checkedText({ file, problems, comparedWith }: MappingChecked): string {
  const compared =
    comparedWith === null
      ? "It was not compared with Zendesk's own fields: Zendesk could not be asked."
      : `It was compared with the fields of ${comparedWith}.`;
  if (problems.length === 0) return `${file} can be used. ${compared}`;
  const count = problems.length === 1 ? "One thing is" : `${problems.length} things are`;
  return paragraphs([`${count} wrong with ${file}:`, problems.map(problemText).join("\n"), compared]);
}

function problemText({ at, key, line, column, says, suggestion }: MappingProblemView): string {
  const place = [at, key === null ? "" : `(${key})`, line === null ? "" : `line ${line}, column ${column}`];
  const meant = suggestion === null ? "" : ` Did you mean ${suggestion}?`;
  return `  ${place.filter(Boolean).join(" ")}: ${says}${meant}`;
}

export function previewText(preview: MappingPreview, layout: Layout): string {
  const { party, displayName, organizationId, values } = preview;
  const rows = values.map(({ title, now, wanted, fault }) => [
    title,
    shown(now),
    fault === null ? (now === wanted ? "=" : shown(wanted)) : `stays: ${fault}`,
  ]);
  const where = organizationId === null ? "It has no organization yet." : `Its organization is ${organizationId}.`;
  return paragraphs([
    `${displayName} (${party}). ${where}`,
    table([{ head: "field" }, { head: "now" }, { head: "then" }], rows, layout),
    "Nothing was written.",
  ]);
}

export function historyText({ connectionId, inForce, versions }: MappingHistory, layout: Layout): string {
  return paragraphs([
    table(
      [
        { head: "version", align: "right" },
        { head: "by" },
        { head: "at", whole: true },
        { head: "fields", align: "right" },
        { head: "note" },
      ],
      versions.map(({ version, who, at, fields, note }) => [
        version === inForce ? `${version} (in force)` : version,
        who,
        at,
        fields,
        note ?? "",
      ]),
      layout,
    ),
    `To go back to one: ml-connector mapping restore VERSION --connection ${connectionId}`,
  ]);
}

function shown(value: MappingPreview["values"][number]["now"]): string {
  if (value === null) return "-";
  return typeof value === "boolean" ? (value ? "yes" : "no") : String(value).replaceAll("\n", " / ");
}

function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
