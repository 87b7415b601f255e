import { type FieldValues, type OrganizationId, parseOrganizationKey } from "../../../domain/index.ts";
import { changedFields, type OwnedField } from "../../../rules/mapping/index.ts";

/** An organization that a plan wrote to, with what we know of it. */
export interface FormerOrganization {
  organizationId: OrganizationId;
  /** The first of its parties: what the plan's effect is named after. */
  party: string;
  /** The plan created it, or linked it: with the plan undone, nothing of ours stays there. */
  created: boolean;
  linked: boolean;
  /** Every party that the plan linked to it. */
  parties: string[];
  former: FieldValues;
  formerName: string | undefined;
  /** Our key, where the plan took it away. */
  formerExternalId: string | undefined;
  /** The latest that we wrote, by this plan or since. */
  ours: FieldValues;
  ourName: string | undefined;
}

/** An organization as Zendesk has it now, with what tells whether people have made it theirs. */
export interface InspectedOrganization {
  id: OrganizationId;
  name: string;
  externalId: string | undefined;
  /** Our fields, canonical. */
  fields: FieldValues;
  /** To the letter: our block is put back into them as they are now. */
  notes?: string | undefined;
  /** What people may have added, in words: "tags", "domains", the keys of other fields. */
  additions: string[];
}

export type RestoreDecision =
  /** Zendesk has it no more. */
  | { kind: "gone" }
  /** As it was before: nothing to write. `kept`: fields that people changed since; they stay. */
  | { kind: "unchanged"; kept: string[] }
  | {
      kind: "write";
      name: string | undefined;
      changed: FieldValues;
      before: FieldValues;
      kept: string[];
      /** Undefined: it stays as it is. */
      externalId: string | null | undefined;
    }
  /** Created by the plan, and as far as this tells nobody's but ours: it goes, unless it has users or tickets. */
  | { kind: "remove" };

/**
 * What brings an organization back to what it was before the plan. A value that is neither what we wrote last nor the former one is
 * somebody's: it stays. An organization that we created goes if it is untouched. Pure.
 */
export function decideRestore(
  of: FormerOrganization,
  now: InspectedOrganization | undefined,
  owned: readonly OwnedField[],
  options: { mayRemove: boolean },
): RestoreDecision {
  if (!now) return { kind: "gone" };
  const former = of.created
    ? Object.fromEntries(Object.keys({ ...of.ours, ...now.fields }).map((key) => [key, null]))
    : of.former;
  const touched = Object.keys(former).flatMap((key) => owned.find((field) => field.key === key) ?? []);
  const differing = changedFields(touched, former, now.fields);
  // A write that a crash cut off from its settlement is remembered by nobody: what we created then counts as ours, as it is.
  const isKnown = Object.keys(of.ours).length > 0 || !of.created;
  const kept = differing.filter(
    (key) => isKnown && changedFields(touched, { [key]: of.ours[key] ?? null }, now.fields).length > 0,
  );
  const named = of.ourName !== undefined && of.ourName === now.name;
  const ours = now.externalId !== undefined && parseOrganizationKey(now.externalId) !== undefined;
  const untouched = kept.length === 0 && named && ours && now.additions.length === 0;
  if (of.created && untouched && options.mayRemove) return { kind: "remove" };
  const changing = differing.filter((key) => !kept.includes(key));
  const rename = !of.created && named && of.formerName !== undefined && of.formerName !== now.name;
  const externalId = of.created && ours ? null : now.externalId === undefined ? of.formerExternalId : undefined;
  if (changing.length === 0 && !rename && externalId === undefined) return { kind: "unchanged", kept };
  return {
    kind: "write",
    name: rename ? of.formerName : undefined,
    changed: pick(former, changing),
    before: pick(now.fields, changing),
    kept,
    externalId,
  };
}

function pick(values: FieldValues, keys: readonly string[]): FieldValues {
  return Object.fromEntries(keys.map((key) => [key, values[key] ?? null]));
}
