import type { MappingHistory, MappingPreview, MappingProblemView, MappingShown } from "@ml-connector/contract";
import type { MappingVersion } from "../connections/index.ts";
import type {
  ConnectionId,
  FieldValues,
  MappingFault,
  MappingProblem,
  MappingRow,
  OrganizationId,
} from "../domain/index.ts";

export function mappingView(
  connectionId: ConnectionId,
  inForce: number,
  { version, who, at, note, document }: MappingVersion,
): MappingShown {
  return {
    connectionId,
    version,
    inForce,
    who,
    at: at.toISOString(),
    note: note ?? null,
    rows: document.rows.map(rowView),
    noteTemplate: document.note?.template ?? null,
    document: { ...document },
  };
}

function rowView({ target, value, when, empty = "clear" }: MappingRow): MappingShown["rows"][number] {
  return {
    key: target.key,
    type: target.type,
    title: target.title,
    from:
      "source" in value
        ? { kind: "source", text: value.source }
        : "expression" in value
          ? { kind: "expression", text: value.expression }
          : { kind: "template", text: value.template },
    when: when ?? null,
    empty: typeof empty === "string" ? empty : JSON.stringify(empty.constant),
  };
}

export function problemView({ at, key, line, column, says, suggestion }: MappingProblem): MappingProblemView {
  return {
    at,
    key: key ?? null,
    line: line ?? null,
    column: column ?? null,
    says,
    suggestion: suggestion ?? null,
  };
}

export function historyView(
  connectionId: ConnectionId,
  { inForce, versions }: { inForce: number; versions: readonly MappingVersion[] },
): MappingHistory {
  return {
    connectionId,
    inForce,
    versions: versions.map(({ version, who, at, note, document }) => ({
      version,
      who,
      at: at.toISOString(),
      note: note ?? null,
      fields: document.rows.length,
    })),
  };
}

/** Every field of the mapping, then those that it clears. */
export function previewView(
  asked: Pick<MappingPreview, "connectionId" | "party" | "displayName">,
  card: {
    organizationId: OrganizationId | undefined;
    titles: ReadonlyMap<string, string>;
    now: FieldValues;
    wanted: FieldValues;
    faults: readonly MappingFault[];
  },
): MappingPreview {
  const cleared = Object.keys(card.wanted).filter((key) => !card.titles.has(key) && isSet(card.now[key]));
  const faultOf = new Map(card.faults.map(({ key, says }) => [key, says]));
  return {
    ...asked,
    organizationId: card.organizationId ?? null,
    values: [...card.titles, ...cleared.map((key): [string, string] => [key, "no longer written: cleared"])].map(
      ([key, title]) => ({
        key,
        title,
        now: card.now[key] ?? null,
        wanted: card.wanted[key] ?? null,
        fault: faultOf.get(key) ?? null,
      }),
    ),
  };
}

function isSet(value: FieldValues[string] | undefined): boolean {
  return value !== undefined && value !== null && value !== false;
}
