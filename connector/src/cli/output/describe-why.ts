import type { DocumentView, FieldExplained, LinkView, SideView, WhyResult } from "@ml-connector/contract";
import { amountWords, counted, moment, oneLine } from "../../views/index.ts";
import { valueWords } from "./describe-audit.ts";
import type { Layout } from "./layout.ts";
import { paragraphs, section } from "./sections.ts";
import { table } from "./table.ts";
import { causesWords, reasonWords, stepWords } from "./terms.ts";

const shownRelatives = 5;

/** The chain, in the order in which it came about: party, link, documents, fields. `zone` is the company's. */
export function whyText(why: WhyResult, zone: string, layout: Layout): string {
  const { card } = why;
  return paragraphs([
    section(`${oneLine(why.displayName)} (${why.party})`, standingLines(why).join("\n"), layout),
    card ? section("Its card in Zendesk", cardLines(card).join("\n"), layout) : undefined,
    card ? documentsText(card.documents, layout) : undefined,
    card ? fieldsText(card.fields, zone, layout) : undefined,
  ]);
}

function standingLines(why: WhyResult): string[] {
  return [...standingWords(why), ...answerLines(why), ...familyLines(why)];
}

function standingWords({ party, standing }: WhyResult): string[] {
  if (standing === null) return ["Nothing is decided yet: its first pass is still to come."];
  switch (standing.kind) {
    case "linked":
      return [`Linked to organization ${standing.organizationId}.`];
    case "rolled-up":
      return [`Part of the family of ${standing.into}: its figures are in that one's organization.`];
    case "ignored":
      return [`Ignored by ${oneLine(standing.by)}. To take that back: ml-connector review undo ${party}`];
    case "out-of-scope":
      return [
        standing.because === "project"
          ? "Out of scope: the setting families leaves projects out, with what is below them. Nothing is written for it."
          : "Out of scope: no recent documents, or inactive. Nothing is written for it.",
      ];
    case "parked":
      return [
        `Parked: ${reasonWords(standing.reason)}. ${oneLine(standing.says)}`,
        ...standing.candidates.map(
          ({ number, name, organizationId, evidence }) =>
            `  ${number}) ${oneLine(name)} (${organizationId}): ${oneLine(evidence.join("; "))}`,
        ),
        ...(standing.waitsFor.length > 0
          ? [`It is looked at again when one of these changes: ${oneLine(standing.waitsFor.join(", "))}`]
          : []),
      ];
  }
}

function answerLines({ party, answer }: WhyResult): string[] {
  if (answer === null) return [];
  return [`${oneLine(answer.who)} answered "${answer.kind}". To take it back: ml-connector review undo ${party}`];
}

function familyLines({ family }: WhyResult): string[] {
  if (family.length === 0) return [];
  const some = family.slice(0, shownRelatives).map(({ party, displayName }) => `${oneLine(displayName)} (${party})`);
  const more = family.length > some.length ? `, and ${family.length - some.length} more` : "";
  return [`Family: ${some.join(", ")}${more}`];
}

type Card = NonNullable<WhyResult["card"]>;

function cardLines({ organizationId, name, read, links }: Card): string[] {
  const remark = read === "live" ? "" : " Zendesk does not answer now: the values below are those last seen.";
  return [`Organization ${oneLine(name)} (${organizationId}).${remark}`, ...links.map(linkLine)];
}

function linkLine({ party, displayName, origin, step, evidence, confirmedBy }: LinkView): string {
  const who = displayName === null ? party : `${oneLine(displayName)} (${party})`;
  const how = step === "created" ? stepWords(step) : `found by ${stepWords(step)}`;
  const ours = origin === "created" ? "" : ", adopted";
  const shown = evidence.length > 0 ? `: ${oneLine(evidence.join("; "))}` : "";
  const person = confirmedBy === null ? "" : `, confirmed by ${oneLine(confirmedBy)}`;
  return `- ${who}: ${how}${shown}${ours}${person}`;
}

function documentsText({ currency, counts, sides, open, newest }: Card["documents"], layout: Layout): string {
  const kinds = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([entity, count]) => `${count} ${entity}`);
  const lines = [
    kinds.length > 0 ? `In QuickBooks: ${kinds.join(", ")}` : "No documents in QuickBooks.",
    ...sides.map((side) => sideLine(side, currency)),
  ];
  const listed = new Set(open.map(documentKey));
  return paragraphs([
    section("The documents behind it", lines.join("\n"), layout),
    documentTable("Open, oldest due first", open, layout),
    documentTable(
      open.length > 0 ? "Newest of the others" : "Newest",
      newest.filter((document) => !listed.has(documentKey(document))),
      layout,
    ),
  ]);
}

function documentKey({ entity, id }: Pick<DocumentView, "entity" | "id">): string {
  return `${entity}:${id}`;
}

function sideLine({ side, status, open, overdue, unappliedCredit }: SideView, currency: string): string {
  const money = (amount: string) => `${amountWords(amount)} ${currency}`;
  const whose = side === "customer" ? "As customer" : "As vendor";
  const late =
    overdue.count === 0
      ? "nothing overdue"
      : `${overdue.count} overdue: ${money(overdue.amount)} since ${overdue.since ?? "an unknown day"}`;
  return `${whose}: ${status}; ${counted(open.count, "open document")}: ${money(open.amount)}; ${late}; credit not applied yet: ${money(unappliedCredit)}`;
}

function documentTable(title: string, documents: readonly DocumentView[], layout: Layout): string | undefined {
  if (documents.length === 0) return undefined;
  const drawn = table(
    [
      { head: "Document", whole: true },
      { head: "Number" },
      { head: "Of" },
      { head: "Date", whole: true },
      { head: "Due", whole: true },
      { head: "Total", align: "right" },
      { head: "Balance", align: "right" },
      { head: "Currency" },
    ],
    documents.map(({ entity, id, number, party, date, dueDate, total, balance, currency }) => [
      documentKey({ entity, id }),
      number ?? "",
      party,
      date,
      dueDate ?? "",
      amountWords(total),
      amountWords(balance),
      currency,
    ]),
    layout,
  );
  return section(title, drawn, layout);
}

function changeCause({ causes, who, requestIds }: NonNullable<FieldExplained["changed"]>): string {
  const words = [who === "engine" ? causesWords(causes) : oneLine(who)];
  if (requestIds.zendesk !== null) words.push(`Zendesk request ${oneLine(requestIds.zendesk)}`);
  return words.join("; ");
}

/** Fields that are empty, are to be empty and never held anything are counted, not listed. */
function fieldsText(fields: readonly FieldExplained[], zone: string, layout: Layout): string {
  const told = fields.filter(({ now, asWanted, changed }) => now !== null || !asWanted || changed !== null);
  const silent = fields.length - told.length;
  const drawn = table(
    [
      { head: "Field" },
      { head: "In Zendesk now" },
      { head: "Wanted" },
      { head: "Last changed", whole: true },
      { head: "From" },
      { head: "Cause" },
    ],
    told.map(({ title, now, wanted, asWanted, changed }) => [
      title,
      valueWords(now),
      asWanted ? "the same" : valueWords(wanted),
      changed === null ? "before our journal" : moment(changed.at, zone),
      changed === null ? "" : valueWords(changed.before),
      changed === null ? "" : changeCause(changed),
    ]),
    layout,
  );
  const differing = fields.filter(({ asWanted }) => !asWanted).length;
  return paragraphs([
    section(`The fields (times in ${zone})`, drawn, layout),
    silent > 0 ? `${counted(silent, "field")} empty, as wanted.` : undefined,
    differing > 0
      ? `${counted(differing, "field")} not as wanted: a write is under way or held up, see: ml-connector status`
      : undefined,
  ]);
}
