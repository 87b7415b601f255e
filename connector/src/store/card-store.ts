import { sql } from "kysely";
import type { OrganizationId, Subdomain } from "../domain/index.ts";
import type { CardRow } from "../sync/reconcile/ports.ts";
import type { Executor } from "./database.ts";

/** Lays what was applied over what each card had; an unchanged card only moves its time and its next flip. */
export async function putCards(executor: Executor, subdomain: Subdomain, cards: readonly CardRow[]): Promise<void> {
  if (cards.length === 0) return;
  const byOrganization = [...new Map(cards.map((card) => [card.organizationId, card])).values()];
  await sql`
    insert into card as c (subdomain, organization_id, connection_id, applied, applied_name, mapping_version, next_flip_on)
    select ${subdomain}, organization_id, connection_id, applied::jsonb, applied_name, mapping_version, next_flip_on
    from unnest(
      ${byOrganization.map((card) => card.organizationId)}::bigint[], ${byOrganization.map((card) => card.connectionId)}::bigint[],
      ${byOrganization.map((card) => JSON.stringify(card.applied))}::text[],
      ${byOrganization.map((card) => card.appliedName ?? null)}::text[],
      ${byOrganization.map((card) => card.mappingVersion)}::int[], ${byOrganization.map((card) => card.nextFlipOn ?? null)}::date[]
    ) as n (organization_id, connection_id, applied, applied_name, mapping_version, next_flip_on)
    order by organization_id
    on conflict (subdomain, organization_id) do update set
      applied = c.applied || excluded.applied,
      applied_name = coalesce(excluded.applied_name, c.applied_name),
      mapping_version = excluded.mapping_version,
      next_flip_on = excluded.next_flip_on,
      settled_at = now()`.execute(executor);
}

/** Cards without parties are none. */
export async function dropCards(
  executor: Executor,
  subdomain: Subdomain,
  organizations: readonly OrganizationId[],
): Promise<void> {
  if (organizations.length === 0) return;
  await sql`delete from card where subdomain = ${subdomain} and organization_id = any(${[...organizations]}::bigint[])`.execute(
    executor,
  );
}
