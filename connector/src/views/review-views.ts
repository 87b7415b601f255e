// Answers for many, in the contract's words.
import type {
  BatchList,
  BulkResult,
  BulkRuleView,
  DuplicateList,
  IgnoreList,
  IgnoreRuleResult,
} from "@ml-connector/contract";
import { type ConnectionId, type PartyKey, partyKeyText } from "../domain/index.ts";
import type {
  BulkProposal,
  BulkRule,
  IgnorePattern,
  IgnoreRule,
  PossibleDuplicate,
  ReviewStore,
} from "../sync/links/index.ts";

const examples = 10;

type Batch = Awaited<ReturnType<ReviewStore["batches"]>>[number];
type Ignored = Awaited<ReturnType<ReviewStore["ignored"]>>[number];

export function bulkView(
  connectionId: ConnectionId,
  { rule, answers, shared }: BulkProposal,
  batch: number | null,
): BulkResult {
  return {
    connectionId,
    rule: ruleView(rule),
    applied: batch !== null,
    batch,
    answers: answers.length,
    examples: answers.slice(0, examples).map(({ party, displayName, answer, organization }) => ({
      party: partyKeyText(party),
      displayName,
      organization: answer.kind === "link" ? { organizationId: answer.organizationId, name: organization ?? "" } : null,
    })),
    shared,
    undo: batch === null ? null : `ml-connector review undo-batch ${batch} --connection ${connectionId}`,
  };
}

export function batchView(batch: Batch): BatchList["batches"][number] {
  return {
    batch: batch.id,
    rule: ruleView(batch.rule),
    answers: batch.answers,
    who: batch.who,
    at: batch.at.toISOString(),
    undone: batch.undone ? { who: batch.undone.who, at: batch.undone.at.toISOString() } : null,
  };
}

/** `limit` of the parties are shown; one more was asked for. */
export function ignoreListView(
  connectionId: ConnectionId,
  { rules, parties, limit }: { rules: readonly IgnoreRule[]; parties: readonly Ignored[]; limit: number },
): IgnoreList {
  return {
    connectionId,
    rules: rules.map(({ id: rule, pattern, who, at }) => ({
      rule,
      name: pattern.name,
      kind: pattern.kind ?? null,
      who,
      at: at.toISOString(),
    })),
    parties: parties
      .slice(0, limit)
      .map(({ party, displayName, by }) => ({ party: partyKeyText(party), displayName, by })),
    more: parties.length > limit,
  };
}

export function ignoreRuleView(
  connectionId: ConnectionId,
  { name }: IgnorePattern,
  found: { rule: number | null; affected: readonly { party: PartyKey; displayName: string }[]; linked: number },
): IgnoreRuleResult {
  return {
    connectionId,
    rule: found.rule,
    name,
    applied: found.rule !== null,
    parties: found.affected.length,
    linked: found.linked,
    examples: found.affected
      .slice(0, examples)
      .map(({ party, displayName }) => ({ party: partyKeyText(party), displayName })),
  };
}

export function duplicateViews(
  connectionId: ConnectionId,
  found: readonly PossibleDuplicate[],
): DuplicateList["pairs"] {
  return found.map((pair) => {
    const { score, organizationId, name, party, other } = pair;
    return {
      organizationId,
      name,
      score: Math.round(score * 100) / 100,
      party: partyKeyText(party),
      other: { ...other, party: other.party ? partyKeyText(other.party) : null },
      join: `${joining(pair)} --connection ${connectionId}`,
      dismiss: `ml-connector review not-duplicates ${organizationId} ${other.organizationId} --connection ${connectionId}`,
    };
  });
}

function joining({ party, other }: PossibleDuplicate): string {
  return other.party
    ? `ml-connector review join ${partyKeyText(party)} ${partyKeyText(other.party)}`
    : `ml-connector review link ${partyKeyText(party)} ${other.organizationId}`;
}

function ruleView({ filter, answer }: BulkRule): BulkRuleView {
  return {
    answer,
    reason: filter.reason ?? null,
    kind: filter.kind ?? null,
    name: filter.name ?? null,
    organizationId: filter.organizationId ?? null,
    candidates: filter.candidates ?? null,
    sameDomain: filter.sameDomain ?? false,
  };
}
