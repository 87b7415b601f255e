import type { FieldValue, FieldValues, OrganizationId, Subdomain } from "../../../domain/index.ts";
import type { Decision } from "../decide/decision.ts";
import type { FormOfValue, WrittenValues } from "../ports.ts";
import type { Considered } from "./facts.ts";

/** After so many restores of one field of one card within 24 hours somebody else writes it, too: it is left alone. */
export const mostRestores = 3;

/** How a card's name is called among its fields. */
export const nameField = "name";

type Update = Extract<Decision, { kind: "update" }>;

/** What is known of a card's earlier writes. */
export interface Written {
  /** What we last wrote, by field, the name among them; absent: never written by us. */
  applied: FieldValues;
  /** How often each field was restored within the last 24 hours. */
  restores: ReadonlyMap<string, number>;
  /** Fields that hold what Zendesk makes of the value that is wanted. */
  storedForms: ReadonlySet<string>;
}

/**
 * Takes out of an update what would be written in vain: values that Zendesk always stores in a form of its own, and fields that somebody
 * else writes again and again. A value that has changed on our side is always written. Pure.
 */
export function withoutFutile(
  update: Update,
  { applied, restores, storedForms }: Written,
): { decision: Decision; restored: string[]; leftAlone: string[] } {
  const restored: string[] = [];
  const leftAlone: string[] = [];
  const isWorthIt = (field: string, wanted: FieldValue): boolean => {
    if (storedForms.has(field)) return false;
    // Not what we wrote last: news, not a restore.
    if (!Object.hasOwn(applied, field) || (applied[field] ?? null) !== wanted) return true;
    if ((restores.get(field) ?? 0) >= mostRestores) {
      leftAlone.push(field);
      return false;
    }
    restored.push(field);
    return true;
  };
  const kept = Object.keys(update.changed).filter((field) => isWorthIt(field, update.changed[field] ?? null));
  const name = update.name && isWorthIt(nameField, update.name.value) ? update.name : undefined;
  if (kept.length === 0 && !name) {
    const { organization, links, families, facts, unlinked } = update;
    const decision: Decision = { kind: "unchanged", organizationId: organization.id, links, families, facts, unlinked };
    return { decision, restored, leftAlone };
  }
  const only = (values: FieldValues): FieldValues =>
    Object.fromEntries(kept.map((field) => [field, values[field] ?? null]));
  return {
    decision: { ...update, name, changed: only(update.changed), before: only(update.before) },
    restored,
    leftAlone,
  };
}

/** Asked only where something is to be written. */
export async function withoutFutileWrites(
  values: WrittenValues,
  subdomain: Subdomain,
  considered: readonly Considered[],
): Promise<Considered[]> {
  const updates = considered.flatMap(({ decision }) => (decision.kind === "update" ? [decision] : []));
  if (updates.length === 0) return [...considered];
  const ids = updates.map(({ organization }) => organization.id);
  const [applied, restores, forms] = await Promise.all([
    values.appliedTo(subdomain, ids),
    values.restoresOf(subdomain, ids),
    values.knownForms(subdomain, updates.flatMap(formsIn)),
  ]);
  const known = new Set(forms.map(formText));
  const writtenTo = (update: Update): Written => ({
    applied: applied.get(update.organization.id) ?? {},
    restores: restores.get(update.organization.id) ?? new Map(),
    storedForms: new Set(formsIn(update).flatMap((form) => (known.has(formText(form)) ? [form.field] : []))),
  });
  return considered.map((one) => {
    if (one.decision.kind !== "update") return one;
    const { decision, restored, leftAlone } = withoutFutile(one.decision, writtenTo(one.decision));
    return { ...one, decision, upkeep: { organizationId: one.decision.organization.id, restored, leftAlone } };
  });
}

/** What of a card was restored with its write, and what was left to whoever else writes it. */
export interface Upkeep {
  organizationId: OrganizationId;
  restored: string[];
  leftAlone: string[];
}

function formsIn({ changed, before }: Update): FormOfValue[] {
  return Object.keys(changed).map((field) => ({ field, sent: changed[field] ?? null, stored: before[field] ?? null }));
}

function formText({ field, sent, stored }: FormOfValue): string {
  return JSON.stringify([field, sent, stored]);
}
