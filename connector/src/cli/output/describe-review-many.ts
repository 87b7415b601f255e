import type {
  BatchList,
  BulkResult,
  BulkRuleView,
  DuplicateList,
  IgnoreList,
  IgnoreRuleResult,
  SeveralClients,
} from "@ml-connector/contract";
import { ago, counted, oneLine } from "../../views/index.ts";
import { paragraphs } from "./sections.ts";
import { reasonWords } from "./terms.ts";

/** Before it is stored, and after. */
export function bulkText({ rule, answers, applied, examples, shared, undo }: BulkResult): string {
  if (answers === 0) return `Nobody who waits fits: ${ruleWords(rule)}.`;
  const some = examples.map(({ party, displayName, organization }) => {
    const target = organization === null ? "" : `: "${oneLine(organization.name)}" (${organization.organizationId})`;
    return `  ${oneLine(displayName)} (${party})${target}`;
  });
  const more = answers > examples.length ? [`  and ${answers - examples.length} more`] : [];
  const together = shared.map(
    ({ name, organizationId, parties }) =>
      `  "${oneLine(name)}" (${organizationId}) shows ${counted(parties, "customer or vendor", "customers or vendors")} then`,
  );
  return paragraphs([
    `${counted(answers, "answer")}: ${ruleWords(rule)}.`,
    [...some, ...more].join("\n"),
    together.length > 0 ? ["Organizations that several share:", ...together].join("\n") : undefined,
    applied
      ? `Stored; they are decided with the next pass. To undo: ${undo ?? ""}`
      : "Nothing is stored yet: add --yes.",
  ]);
}

function ruleWords({ answer, reason, kind, name, organizationId, candidates, sameDomain }: BulkRuleView): string {
  const verb = { link: "link to the only candidate", create: "give an organization of its own", ignore: "leave out" };
  const who = [
    kind === null ? "everybody who waits" : `every ${kind} that waits`,
    reason === null ? "" : `because ${reasonWords(reason)}`,
    name === null ? "" : `named ${oneLine(name)}`,
    candidates === null ? "" : `with ${candidates === "none" ? "no candidate" : "one candidate"}`,
    sameDomain ? "of the same e-mail domain" : "",
    organizationId === null ? "" : `with candidate ${organizationId}`,
  ];
  return `${verb[answer]} ${who.filter((words) => words !== "").join(" ")}`;
}

export function batchesText({ batches }: BatchList, now: Date): string {
  if (batches.length === 0) return "No answers were given by a rule yet.";
  return batches
    .map(({ batch, rule, answers, who, at, undone }) => {
      const end = undone === null ? "" : `; undone by ${oneLine(undone.who)} ${ago(undone.at, now)}`;
      return `${batch}) ${ago(at, now)}, ${oneLine(who)}, ${counted(answers, "answer")}: ${ruleWords(rule)}${end}`;
    })
    .join("\n");
}

export function severalClientsText({ organizations }: SeveralClients): string {
  if (organizations.length === 0) return "Of no organization somebody said that it holds several clients.";
  const lines = organizations.map(
    ({ organizationId, name, who }) => `  ${oneLine(name)} (${organizationId}), said ${oneLine(who)}`,
  );
  return ["These hold several clients, and are evidence for none of them:", ...lines].join("\n");
}

export function ignoredText({ rules, parties, more }: IgnoreList): string {
  if (rules.length === 0 && parties.length === 0) return "Nobody is left out.";
  const ruleLines = rules.map(
    ({ rule, name, kind, who }) =>
      `  ${rule}) ${kind === null ? "" : `${kind}s `}named ${oneLine(name)}, by ${oneLine(who)}`,
  );
  const partyLines = parties.map(
    ({ party, displayName, by }) => `  ${oneLine(displayName)} (${party}), by ${oneLine(by)}`,
  );
  return paragraphs([
    rules.length > 0
      ? ["Rules (to end one: ml-connector review end-rule NUMBER):", ...ruleLines].join("\n")
      : undefined,
    parties.length > 0 ? ["Left out now:", ...partyLines].join("\n") : undefined,
    more ? "There are more: raise --limit." : undefined,
  ]);
}

export function ignoreRuleText({ rule, name, applied, parties, linked, examples }: IgnoreRuleResult): string {
  const some = examples.map(({ party, displayName }) => `  ${oneLine(displayName)} (${party})`);
  const more = parties > examples.length ? [`  and ${parties - examples.length} more`] : [];
  const cleared = linked > 0 ? `; what was written for ${linked} of them is cleared` : "";
  return paragraphs([
    `Named ${oneLine(name)}: ${counted(parties, "customer or vendor", "customers or vendors")} now${cleared}.`,
    parties > 0 ? [...some, ...more].join("\n") : undefined,
    applied
      ? `Rule ${rule} is stored. To end it: ml-connector review end-rule ${rule}`
      : "Nothing is stored yet: add --yes.",
  ]);
}

export function duplicatesText({ pairs, more }: DuplicateList): string {
  if (pairs.length === 0) return "No two organizations look alike.";
  const entries = pairs.map(({ score, name, organizationId, party, other, join, dismiss }) =>
    [
      `${Math.round(score * 100)} %  ${oneLine(name)} (${organizationId}, ${party})  and  ${oneLine(other.name)} (${other.organizationId}${other.party === null ? "" : `, ${other.party}`})`,
      `      one client: ${join}`,
      `      two clients: ${dismiss}`,
    ].join("\n"),
  );
  return paragraphs([...entries, more ? "There are more: raise --limit." : undefined]);
}
