import type { LoadResult, PlanEffect, PlanView } from "@ml-connector/contract";
import { counted, grouped, lasting, oneLine, shortened } from "../../views/index.ts";
import type { Layout } from "./layout.ts";
import { paragraphs, section } from "./sections.ts";
import { table } from "./table.ts";
import { reasonWords, stepWords } from "./terms.ts";

const examplesShown = 3;
const conflictsShown = 10;

type Plan = Pick<PlanView, "counts" | "effects">;

/** Counts by kind, parked ones by reason with examples, and what applying costs. `names` gives display names of the examples. */
export function planText(plan: Plan, names: ReadonlyMap<string, string>, layout: Layout): string {
  const { counts } = plan;
  const always: [string, number, string][] = [
    ["create", counts.create, "new organizations in Zendesk"],
    ["update", counts.update, "organizations that get other values"],
    ["unchanged", counts.unchanged, "organizations that are right already: no write"],
    ["parked", counts.parked, "customers and vendors that wait for a person"],
    ["rolled up", counts.rolledUp, "sub-customers and projects shown with their top customer"],
    ["ignored", counts.ignored, "customers and vendors that somebody set aside"],
    ["out of scope", counts.outOfScope, "customers and vendors without recent documents"],
  ];
  const some: [string, number, string][] = [
    ["of these adopted", counts.adopt, "were in Zendesk already and are linked now"],
    ["of these renamed", counts.rename, "organizations of ours that get another name"],
    ["cleared", counts.clear, "organizations that lose their last customer or vendor"],
    ["gone", counts.gone, "organizations that somebody deleted in Zendesk"],
    ["removed", counts.remove, "organizations that the undone plan created"],
    ["left", counts.leave, "organizations that the undone plan created and that somebody uses"],
  ];
  const rows = [...always.slice(0, 2), ...some.filter(([, count]) => count > 0), ...always.slice(2)];
  const kinds = table(
    [{ head: "Kind" }, { head: "Count", align: "right" }, { head: "What it is" }],
    rows.map(([kind, count, what]) => [kind, grouped(count), what]),
    layout,
  );
  return paragraphs([
    section(`The plan for ${counted(counts.parties, "customer or vendor", "customers and vendors")}`, kinds, layout),
    fieldsText(plan, layout),
    conflictsText(plan, layout),
    linkedText(plan, layout),
    parkedText(plan, names, layout),
    costText(plan),
  ]);
}

/** Where every organization gets a value for the first time, the fields say nothing that the counts do not. */
function fieldsText({ counts }: Plan, layout: Layout): string | undefined {
  const rows = Object.entries(counts.fields);
  if (!rows.some(([, { changed, cleared }]) => changed + cleared > 0)) return undefined;
  const drawn = table(
    [
      { head: "Field" },
      { head: "Set", align: "right" },
      { head: "Changed", align: "right" },
      { head: "Cleared", align: "right" },
    ],
    rows.map(([key, { set, changed, cleared }]) => [key, grouped(set), grouped(changed), grouped(cleared)]),
    layout,
  );
  return section("Organizations whose fields change", drawn, layout);
}

function conflictsText({ counts: { conflicts } }: Plan, layout: Layout): string | undefined {
  if (conflicts.length === 0) return undefined;
  const shown = conflicts.slice(0, conflictsShown).map((says) => `- ${oneLine(says)}`);
  const more =
    conflicts.length > conflictsShown ? [`and ${grouped(conflicts.length - conflictsShown)} more: see --json`] : [];
  return section("Conflicts", [...shown, ...more].join("\n"), layout);
}

function linkedText({ counts }: Plan, layout: Layout): string | undefined {
  const rows = Object.entries(counts.linkedByStep).filter(([, count]) => count > 0);
  if (rows.length === 0) return undefined;
  const drawn = table(
    [{ head: "How the organization is found" }, { head: "Count", align: "right" }],
    rows.map(([step, count]) => [stepWords(step), grouped(count)]),
    layout,
  );
  return section("Links", drawn, layout);
}

function parkedText({ counts, effects }: Plan, names: ReadonlyMap<string, string>, layout: Layout): string | undefined {
  const rows = Object.entries(counts.parkedByReason).filter(([, count]) => count > 0);
  if (rows.length === 0) return undefined;
  const drawn = table(
    [{ head: "Why it waits" }, { head: "Count", align: "right" }, { head: "For example" }],
    rows.map(([reason, count]) => [
      reasonWords(reason),
      grouped(count),
      examplesOf(effects, reason)
        .map(({ party }) => exampleWords(party, names.get(party)))
        .join(", "),
    ]),
    layout,
  );
  return section("Parked: nothing is written for them before somebody answers", drawn, layout);
}

/** The first few parked parties of a reason: what the plan shows, and whose names are looked up for it. */
export function examplesOf(effects: readonly PlanEffect[], reason: string): PlanEffect[] {
  return effects.filter(({ effect, because }) => effect === "parked" && because === reason).slice(0, examplesShown);
}

export function parkedExamples({ counts, effects }: Plan): PlanEffect[] {
  return Object.keys(counts.parkedByReason).flatMap((reason) => examplesOf(effects, reason));
}

function exampleWords(party: string, name: string | undefined): string {
  return name === undefined ? party : `${shortened(name, 40)} (${party})`;
}

function costText({ counts }: Plan): string {
  const parts = [
    counted(counts.calls, "Zendesk call"),
    `about ${lasting(counts.expectedSeconds * 1000)}`,
    `${counted(counts.fieldsToCreate, "organization field")} to be created`,
    `${counted(counts.members, "user")} without an organization to become a member`,
  ];
  const beside = [
    [
      counts.recordsToWrite,
      "record of an invoice or a bill to be written",
      "records of invoices and bills to be written",
    ],
    [counts.recordsToRemove, "record to be removed", "records to be removed"],
    [counts.ticketFieldsToCreate, "ticket field to be created", "ticket fields to be created"],
    [counts.ticketOptionsToAdd, "option for tickets to be added", "options for tickets to be added"],
    [counts.usersToCreate, "billing contact to become a user", "billing contacts to become users"],
  ] as const;
  for (const [count, one, many] of beside) if (count > 0) parts.push(counted(count, one, many));
  return `Applying takes: ${parts.join(", ")}.`;
}

/** How applying ended. */
export function loadText(load: LoadResult, layout: Layout): string {
  const drawn = table(
    [{ head: "Result" }, { head: "Count", align: "right" }],
    [
      ["organizations created", grouped(load.created)],
      ["organizations updated", grouped(load.updated)],
      ["customers and vendors parked", grouped(load.parked)],
      ["settled", `${grouped(load.done)} of ${grouped(load.total)}`],
    ],
    layout,
  );
  return section("The first load is done", drawn, layout);
}
