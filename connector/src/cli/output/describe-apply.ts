import type { ApplyResult, PlanList, RestoreResult, SettingsResult } from "@ml-connector/contract";
import { counted, grouped, shortened } from "../../views/index.ts";
import type { Layout } from "./layout.ts";
import { paragraphs, section } from "./sections.ts";
import { table } from "./table.ts";

const namesShown = 20;

/** How far a plan is, what waits because it has changed, and what Zendesk holds of the cards that were tried. */
export function applyText(result: ApplyResult, layout: Layout): string {
  const { progress, planId } = result;
  const kinds: [string, number][] = [
    ["done", progress.done],
    ["still to do", progress.planned],
    ["failed: see review list", progress.failed],
    ["changed since the plan: not written", progress.changed],
  ];
  const drawn = table(
    [{ head: "Effects" }, { head: "Count", align: "right" }],
    kinds.filter(([, count]) => count > 0).map(([kind, count]) => [kind, grouped(count)]),
    layout,
  );
  return paragraphs([
    section(`Plan ${planId} is ${progress.state}`, drawn, layout),
    changedText(result, layout),
    triedText(result, layout),
    progress.state === "trying"
      ? `Go on with the rest: ml-connector apply ${planId}. Undo what was tried: ml-connector restore ${planId}`
      : undefined,
  ]);
}

function changedText({ changedSincePlan, planId }: ApplyResult, layout: Layout): string | undefined {
  if (changedSincePlan.length === 0) return undefined;
  const drawn = table(
    [{ head: "Of" }, { head: "Planned" }, { head: "Now it would" }, { head: "Organization" }],
    changedSincePlan
      .slice(0, namesShown)
      .map(({ party, effect, found }) => [party, effect, found.effect, shortened(found.organization ?? "", 40)]),
    layout,
  );
  return `${section("Changed since the plan: nothing was written for these", drawn, layout)}\nApprove them as they are now: ml-connector apply ${planId} --changed`;
}

function triedText({ tried }: ApplyResult, layout: Layout): string | undefined {
  if (tried.length === 0) return undefined;
  const drawn = table(
    [{ head: "Of" }, { head: "Effect" }, { head: "Organization" }, { head: "In Zendesk" }],
    tried.map(({ party, effect, organization, organizationId, different, state }) => [
      party,
      effect,
      organizationId === null ? "" : `${shortened(organization ?? "", 40)} (${organizationId})`,
      state === "planned" ? "not yet" : different.length === 0 ? "as planned" : `differs in ${different.join(", ")}`,
    ]),
    layout,
  );
  return section("Tried: what Zendesk holds now", drawn, layout);
}

export function restoreText(result: RestoreResult, layout: Layout): string {
  const done = result.progress !== null;
  const head = done ? `Plan ${result.ofPlan} was undone` : `Undoing plan ${result.ofPlan}`;
  const rows: [string, number][] = [
    ["get their former values back", result.restore],
    ["were created by the plan and go", result.remove.length],
    ["were created by the plan and stay, cleared, because somebody uses them", result.leave.length],
  ];
  const drawn = table(
    [{ head: "Organizations that" }, { head: "Count", align: "right" }],
    rows.map(([kind, count]) => [kind, grouped(count)]),
    layout,
  );
  return paragraphs([
    section(head, drawn, layout),
    named(done ? "Removed" : "Would be removed, unless somebody uses them by then", result.remove, layout),
    named("Stay, cleared of what we wrote", result.leave, layout),
    named("Keep what people changed since", result.kept, layout),
  ]);
}

function named(head: string, list: RestoreResult["remove"], layout: Layout): string | undefined {
  if (list.length === 0) return undefined;
  const drawn = table(
    [{ head: "Organization" }, { head: "Id", align: "right" }, { head: "Why" }],
    list
      .slice(0, namesShown)
      .map(({ organization, organizationId, because }) => [
        shortened(organization ?? "", 50),
        String(organizationId),
        because ?? "",
      ]),
    layout,
  );
  const more = list.length > namesShown ? `\nand ${counted(list.length - namesShown, "more", "more")}: see --json` : "";
  return `${section(head, drawn, layout)}${more}`;
}

export function planListText({ plans }: PlanList, layout: Layout): string {
  if (plans.length === 0) return "There is no plan yet.";
  const drawn = table(
    [
      { head: "Plan", align: "right" },
      { head: "About" },
      { head: "State" },
      { head: "Proposed", whole: true },
      { head: "Approved by" },
    ],
    plans.map(({ id, change, state, proposedAt, approvedBy }) => [
      String(id),
      changeWords(change),
      state,
      proposedAt.slice(0, 16).replace("T", " "),
      approvedBy ?? "",
    ]),
    layout,
  );
  return section("Plans, newest first", drawn, layout);
}

function changeWords(change: PlanList["plans"][number]["change"]): string {
  switch (change.kind) {
    case "first-load":
      return "first load";
    case "mapping":
      return `mapping version ${change.version}`;
    case "settings":
      return Object.entries(change.patch)
        .map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
        .join(", ");
    case "restore":
      return `undoing plan ${change.ofPlan}`;
  }
}

export function settingsText({ settings, planned }: SettingsResult, layout: Layout): string {
  const drawn = table(
    [{ head: "Setting" }, { head: "Value" }, { head: "A change of it" }],
    Object.entries(settings).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
      planned.includes(key) ? "is planned first" : "is in force at once",
    ]),
    layout,
  );
  return section("Settings", drawn, layout);
}
