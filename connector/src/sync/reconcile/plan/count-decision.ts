import type { Json } from "../../../domain/index.ts";
import type { Decision } from "../decide/decision.ts";
import type { PlanCounts, PlannedEffect } from "./ports.ts";

export function emptyCounts(): PlanCounts {
  return {
    parties: 0,
    create: 0,
    update: 0,
    adopt: 0,
    rename: 0,
    unchanged: 0,
    clear: 0,
    gone: 0,
    remove: 0,
    leave: 0,
    parked: 0,
    ignored: 0,
    outOfScope: 0,
    rolledUp: 0,
    members: 0,
    fieldsToCreate: 0,
    recordsToWrite: 0,
    recordsToRemove: 0,
    ticketFieldsToCreate: 0,
    ticketOptionsToAdd: 0,
    usersToCreate: 0,
    parkedByReason: {},
    linkedByStep: {},
    fields: {},
    conflicts: [],
    calls: 0,
    expectedSeconds: 0,
  };
}

/** Adds one decision to the counts; `effect`: the first of its effects. */
export function countDecision(counts: PlanCounts, decision: Decision, effect: PlannedEffect | undefined): void {
  if (effect?.effect === "adopt" || effect?.effect === "rename") counts[effect.effect] += 1;
  for (const [key, difference] of Object.entries(effect?.changed ?? {})) countField(counts, key, difference);
  switch (decision.kind) {
    case "rest":
      countResting(counts, decision);
      return;
    case "clear":
    case "gone":
      counts[decision.kind] += 1;
      return;
    case "create":
    case "update":
    case "unchanged":
      counts[decision.kind] += 1;
      counts.members += decision.facts.members.length;
      for (const { others } of decision.families) {
        counts.parties += 1 + others.length;
        counts.rolledUp += others.length;
      }
      for (const { step } of decision.links) counts.linkedByStep[step] = (counts.linkedByStep[step] ?? 0) + 1;
  }
}

function countResting(counts: PlanCounts, { standings }: Extract<Decision, { kind: "rest" }>): void {
  for (const { disposition } of standings) {
    counts.parties += 1;
    if (disposition.kind === "rolled-up") counts.rolledUp += 1;
    else if (disposition.kind === "out-of-scope") counts.outOfScope += 1;
    else if (disposition.kind === "ignored") counts.ignored += 1;
    else if (disposition.kind === "parked") {
      counts.parked += 1;
      counts.parkedByReason[disposition.reason] = (counts.parkedByReason[disposition.reason] ?? 0) + 1;
      if (disposition.reason === "name-taken") counts.conflicts.push(disposition.says);
    }
  }
}

function countField(counts: PlanCounts, key: string, [before, after]: readonly Json[]): void {
  const field = counts.fields[key] ?? { set: 0, changed: 0, cleared: 0 };
  if (before === null || before === undefined) field.set += 1;
  else if (after === null || after === undefined) field.cleared += 1;
  else field.changed += 1;
  counts.fields[key] = field;
}
