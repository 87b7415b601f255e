import type { DifferenceView, VerifyResult } from "@ml-connector/contract";
import { counted, grouped, oneLine, shortened } from "../../views/index.ts";
import type { Layout } from "./layout.ts";
import { paragraphs, section } from "./sections.ts";
import { table } from "./table.ts";

const whatWords: Record<DifferenceView["what"], string> = {
  "record-missing": "our copy lacks it",
  "record-differs": "our copy is another",
  "record-gone": "QuickBooks has it no more",
  "fields-differ": "fields differ",
  "organization-missing": "has no organization",
  "organization-gone": "organization is gone",
  "left-over": "nobody is linked to it",
  "members-missing": "members are missing",
  "standing-differs": "is not what we remember",
  "stray-key": "bears a key of somebody else",
};

const reasonTitles: Record<DifferenceView["reason"], string> = {
  unexplained: "Unexplained",
  "edited-in-zendesk": "Changed by somebody in Zendesk",
  "day-turned": "The day turned, and the clock has not come to it",
  "not-polled-yet": "Changed in QuickBooks since the last poll",
  "being-written": "Being written now",
  due: "Marked, to be looked at now",
  "put-off": "Marked, put off to a later time",
  "not-approved": "Waiting for the plan to be approved",
  parked: "Parked: waiting for a person",
};
/** What needs somebody first. */
const order = Object.keys(reasonTitles) as DifferenceView["reason"][]; // the record has every reason as a key
const shownEach = 20;

export function verifyText(result: VerifyResult, { repaired }: { repaired: boolean }, layout: Layout): string {
  const { calls, records, cards, notCompared, more, marked } = result;
  const summary = [
    `${counted(records.compared, "record")} of QuickBooks compared with our copy: ${differing(records.different)}.`,
    `${counted(cards.compared, "card")} compared with Zendesk: ${differing(cards.different)}; ${grouped(cards.parked)} parked.`,
    `${counted(calls.quickbooks, "call")} to QuickBooks, ${grouped(calls.zendesk)} to Zendesk, of ${grouped(calls.budget)} allowed.`,
  ];
  if (repaired) summary.push(`${counted(marked, "key")} marked, to be looked at again.`);
  const left = notCompared.map(({ says }) => `- ${oneLine(says)}`);
  return paragraphs([
    summary.join("\n"),
    ...order.flatMap((reason) => reasonSection(result, reason, layout)),
    more === 0 ? undefined : `${counted(more, "further difference")} not listed.`,
    left.length === 0 ? undefined : section("Not compared", left.join("\n"), layout),
    repaired || !needsRepair(result)
      ? undefined
      : "To have what nothing else heals looked at again: ml-connector verify --repair",
  ]);
}

function differing(count: number): string {
  return count === 0 ? "all alike" : `${grouped(count)} differ`;
}

function needsRepair({ byReason }: VerifyResult): boolean {
  const reasons = ["unexplained", "edited-in-zendesk", "day-turned", "not-polled-yet"] as const;
  return reasons.some((reason) => (byReason[reason] ?? 0) > 0);
}

function reasonSection(result: VerifyResult, reason: DifferenceView["reason"], layout: Layout): string[] {
  const all = result.differences.filter((difference) => difference.reason === reason);
  if (all.length === 0) return [];
  const rows = all.slice(0, shownEach).map((difference) => [subject(difference), whatOf(difference), difference.says]);
  const drawn = table([{ head: "WHAT", whole: true }, { head: "DIFFERENCE" }, { head: "WHY" }], rows, layout);
  const rest = all.length > shownEach ? `\n... and ${counted(all.length - shownEach, "other")}: --json lists them` : "";
  return [section(`${reasonTitles[reason]} (${grouped(result.byReason[reason] ?? 0)})`, `${drawn}${rest}`, layout)];
}

function subject({ record, parties, organizationId }: DifferenceView): string {
  const [first] = parties;
  const others = parties.length > 1 ? ` +${parties.length - 1}` : "";
  return [record, first === undefined ? undefined : `${first}${others}`, record === null ? organizationId : undefined]
    .filter((one) => one !== undefined && one !== null)
    .join(" ");
}

function whatOf({ what, name, fields }: DifferenceView): string {
  const [first] = fields;
  if (!first) return name === null ? whatWords[what] : `${shortened(name, 40)}: ${whatWords[what]}`;
  const values = `${first.key} is ${value(first.found)}, should be ${value(first.wanted)}`;
  const more = fields.length > 1 ? `; ${counted(fields.length - 1, "more field")}` : "";
  return `${shortened(name ?? "", 40)}: ${values}${more}`;
}

function value(of: string | number | boolean | null): string {
  return of === null ? "empty" : shortened(String(of), 40);
}
