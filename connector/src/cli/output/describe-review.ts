import type { AnswerResult, AnswerView, ReviewQueue } from "@ml-connector/contract";
import { ago, counted, oneLine } from "../../views/index.ts";
import type { Layout } from "./layout.ts";
import { paragraphs, section } from "./sections.ts";
import { reasonWords } from "./terms.ts";

/** Each parked party with its candidates; the number before a candidate is what `review link` takes. */
export function reviewText({ parked, more, containers }: ReviewQueue, now: Date, layout: Layout): string {
  if (parked.length === 0 && containers.length === 0) return "Nobody waits for an answer.";
  const entries = parked.map(({ party, displayName, reason, says, since, candidates }) => {
    const lines = [`Parked ${ago(since, now)}: ${reasonWords(reason)}.`, oneLine(says)].filter((line) => line !== "");
    for (const { number, name, organizationId, evidence } of candidates)
      lines.push(`  ${number}) ${oneLine(name)} (${organizationId}): ${oneLine(evidence.join("; "))}`);
    return section(`${oneLine(displayName)} (${party})`, lines.join("\n"), layout);
  });
  return paragraphs([
    ...containers.map((container) => containerText(container, layout)),
    ...entries,
    parked.length > 0 ? howToAnswer(parked) : undefined,
    more ? "There are more: raise --limit." : undefined,
  ]);
}

/** One question for all who wait because of it. */
function containerText(
  { organizationId, name, parties, examples }: ReviewQueue["containers"][number],
  layout: Layout,
): string {
  const some = examples.map(({ party, displayName }) => `${oneLine(displayName)} (${party})`).join(", ");
  const lines = [
    `${counted(parties, "customer or vendor", "customers or vendors")} are known there by users or name: ${some} ...`,
    `  ml-connector review several-clients ${organizationId}       it holds several clients: it is evidence for none of them`,
    `  ml-connector review answer link --organization ${organizationId}   it is one client: all of them are shown on it`,
    `  ml-connector review list --reason container          one by one`,
  ];
  return section(`Organization ${oneLine(name)} (${organizationId})`, lines.join("\n"), layout);
}

function howToAnswer(parked: ReviewQueue["parked"]): string {
  const example = parked.find(({ candidates }) => candidates.length > 0) ?? parked[0];
  const party = example?.party ?? "customer:12";
  return [
    `${counted(parked.length, "answer")} to give:`,
    `  ml-connector review link ${party} 1         this is candidate 1 (or an organization's id or exact name)`,
    `  ml-connector review join ${party} PARTY     show it on the card of another customer or vendor`,
    `  ml-connector review create ${party}         give it an organization of its own`,
    `  ml-connector review ignore ${party}         leave it out of Zendesk`,
  ].join("\n");
}

export function answersText({ answers }: AnswerResult): string {
  return answers.map(answerText).join("\n");
}

function answerText(view: AnswerView): string {
  const who = `${oneLine(view.displayName)} (${view.party})`;
  if (view.answer === null)
    return `${who}: the answer "${view.undone ?? ""}" is taken back; it is decided anew with the next pass.`;
  return `${who}: ${answerWords(view.answer)} with the next pass. To undo: ${view.undo ?? ""}`;
}

function answerWords(answer: NonNullable<AnswerView["answer"]>): string {
  switch (answer.kind) {
    case "link":
      return `goes to "${oneLine(answer.organization)}" (${answer.organizationId})`;
    case "join":
      return `goes to the organization of ${answer.with}`;
    case "create":
      return "gets an organization of its own";
    case "ignore":
      return "is left out of Zendesk";
  }
}
