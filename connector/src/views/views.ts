// From our words to the contract's: instants become text, "none" becomes null, candidates get the numbers by which they are taken.
import type {
  AccessAuditRow,
  AuditRow,
  CandidateView,
  DocumentView,
  FitResult,
  IncidentHistory,
  IncidentView,
  LinkView,
  PlanEffect,
  PlanSummaryRow,
  PlanView,
  SideView,
  TriedCardView,
} from "@ml-connector/contract";
import type { AccessRow } from "../access/index.ts";
import { type Candidate, type Document, type FieldValues, partyKeyText } from "../domain/index.ts";
import type { Incident, IncidentStore } from "../oversight/incidents/index.ts";
import type { RecordedEntry } from "../oversight/journal/index.ts";
import type { Link } from "../sync/links/index.ts";
import type { PlanFacts, PlannedEffect, ProposedPlan, TriedCard } from "../sync/reconcile/index.ts";
import type { FitReport, SideSummary } from "./ports.ts";

export function instantOrNull(at: Date | undefined): string | null {
  return at?.toISOString() ?? null;
}

/** In the order of the store, which is that of their scores: the list and the answer count alike. */
export function candidateViews(candidates: readonly Candidate[]): CandidateView[] {
  return candidates.map((candidate, at) => ({ number: at + 1, ...candidate }));
}

export function incidentView(incident: Incident): IncidentView {
  return {
    id: incident.id,
    cause: incident.cause,
    says: incident.says,
    connectionId: incident.connectionId ?? null,
    subdomain: incident.subdomain ?? null,
    affected: incident.affected,
    openedAt: incident.openedAt.toISOString(),
    lastSeenAt: incident.lastSeenAt.toISOString(),
  };
}

export function accessRow({ at, ...row }: AccessRow): AccessAuditRow {
  return { ...row, at: at.toISOString() };
}

/** `limit`: what was asked for; fewer are the end. */
export function incidentHistoryView(
  { incidents, causes }: Awaited<ReturnType<IncidentStore["history"]>>,
  limit: number,
): IncidentHistory {
  return {
    incidents: incidents.map((incident) => ({
      ...incidentView(incident),
      severity: incident.severity,
      resolvedAt: instantOrNull(incident.resolvedAt),
    })),
    causes,
    before: incidents.length < limit ? null : (incidents.at(-1)?.id ?? null),
  };
}

export function linkView(link: Link, displayName: string | undefined): LinkView {
  const { connectionId, origin, step, evidence } = link;
  return {
    party: partyKeyText(link.party),
    displayName: displayName ?? null,
    connectionId,
    origin,
    step,
    evidence,
    confirmedBy: link.confirmedBy ?? null,
  };
}

export function effectViews(effects: readonly PlannedEffect[]): PlanEffect[] {
  return effects.map(({ party, effect, organization, because }) => ({
    party,
    effect,
    organization: organization ?? null,
    because: because ?? null,
  }));
}

export function planView({ id, connectionId, change, state, counts, effects }: ProposedPlan): PlanView {
  return { id, connectionId, change, state, counts, effects: effectViews(effects) };
}

export function planSummaryRow(plan: PlanFacts): PlanSummaryRow {
  const { id, connectionId, change, state, counts } = plan;
  return {
    id,
    connectionId,
    change,
    state,
    counts,
    proposedAt: plan.proposedAt.toISOString(),
    approvedBy: plan.approvedBy ?? null,
    approvedAt: plan.approvedAt?.toISOString() ?? null,
    endedAt: plan.endedAt?.toISOString() ?? null,
  };
}

export function triedCardView({ effect, organization, different }: TriedCard): TriedCardView {
  return {
    party: effect.party,
    effect: effect.effect,
    state: effect.state,
    organizationId: organization?.id ?? null,
    organization: organization?.name ?? effect.organization ?? null,
    fields: organization?.fields ?? null,
    different,
  };
}

export function fitView(report: FitReport): FitResult {
  return { ...report, requestsPerMinute: report.requestsPerMinute ?? null };
}

export function requestIdViews(ids: RecordedEntry["requestIds"]): AuditRow["requestIds"] {
  return { zendesk: ids.zendesk ?? null, quickbooks: ids.quickbooks ?? null };
}

export function auditRow(entry: RecordedEntry): AuditRow {
  const { id, connectionId, action, parties, who, causes, outcome } = entry;
  return {
    id,
    at: entry.at.toISOString(),
    connectionId,
    action,
    parties,
    organizationId: entry.organizationId ?? null,
    who,
    causes,
    before: plainValues(entry.before),
    after: plainValues(entry.after),
    outcome,
    writeId: entry.writeId ?? null,
    requestIds: requestIdViews(entry.requestIds),
  };
}

export function documentView(document: Document): DocumentView {
  const { entity, id, number, date, dueDate, total, balance, currency } = document;
  return {
    entity,
    id,
    party: partyKeyText(document.party),
    number: number ?? null,
    date,
    dueDate: dueDate ?? null,
    total: total.toFixed(),
    balance: balance.toFixed(),
    currency,
  };
}

export function sideView({ side, status, documents, open, overdue, unappliedCredit }: SideSummary): SideView {
  return {
    side,
    status,
    documents,
    open: { count: open.count, amount: open.amount.toFixed() },
    overdue: { count: overdue.count, amount: overdue.amount.toFixed(), since: overdue.since ?? null },
    unappliedCredit: unappliedCredit.toFixed(),
  };
}

/** A copy without keys that are undefined: the contract knows null alone. */
function plainValues(values: FieldValues): FieldValues {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value ?? null]));
}
