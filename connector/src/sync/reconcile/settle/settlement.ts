import type { ListedOrganization, OrganizationPatch } from "../../directory/index.ts";
import type { Settlement } from "../ports.ts";

export function emptySettlement(): Settlement {
  return {
    closed: [],
    links: [],
    unlinked: [],
    merged: [],
    forgotten: [],
    standings: [],
    woken: [],
    cards: [],
    droppedCards: [],
    organizations: [],
    goneOrganizations: [],
    members: [],
    freedNames: [],
    restores: [],
    journal: [],
    settled: [],
    deferred: [],
    effects: [],
    restored: [],
  };
}

export function mergeSettlements(settlements: readonly Settlement[]): Settlement {
  const merged = emptySettlement();
  // both lists are of one key
  for (const settlement of settlements)
    for (const key of Object.keys(merged) as (keyof Settlement)[]) (merged[key] as unknown[]).push(...settlement[key]);
  return merged;
}

/** An organization as Zendesk answered it, for the directory. */
export function asPatch(organization: ListedOrganization): OrganizationPatch {
  return {
    id: organization.id,
    name: organization.name,
    externalId: organization.externalId ?? null,
    domains: organization.domains,
    fields: organization.fields,
    notesHaveText: organization.notesHaveText,
    whole: true,
    updatedAt: organization.updatedAt,
  };
}
