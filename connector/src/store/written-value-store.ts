import { createHash } from "node:crypto";
import { type RawBuilder, sql } from "kysely";
import type { FieldValue, FieldValues, OrganizationId } from "../domain/index.ts";
import type { FormOfValue, Settlement, WrittenValues } from "../sync/reconcile/ports.ts";
import type { Database, Executor } from "./database.ts";

/** How often a value has to be stored in the same other form before that counts as its own. */
const timesSeen = 2;

export function createWrittenValueStore(database: Database): WrittenValues {
  return {
    async appliedTo(subdomain, organizations) {
      const { rows } = await sql<{ id: OrganizationId; applied: FieldValues; applied_name: string | null }>`
        select organization_id as id, applied, applied_name from card
        where subdomain = ${subdomain} and organization_id = any(${[...organizations]}::bigint[])`.execute(database);
      return new Map(
        rows.map(({ id, applied, applied_name: name }) => [id, name === null ? applied : { ...applied, name }]),
      );
    },

    async restoresOf(subdomain, organizations) {
      const { rows } = await sql<{ id: OrganizationId; field: string; times: number }>`
        select organization_id as id, field, count(*)::int as times from restore
        where subdomain = ${subdomain} and organization_id = any(${[...organizations]}::bigint[])
          and restored_at > now() - interval '24 hours'
        group by organization_id, field`.execute(database);
      const restores = new Map<OrganizationId, Map<string, number>>();
      for (const { id, field, times } of rows)
        restores.set(id, (restores.get(id) ?? new Map<string, number>()).set(field, times));
      return restores;
    },

    async knownForms(subdomain, asked) {
      const { rows: fields } = await sql<{ field: string }>`
        select distinct field from stored_form where subdomain = ${subdomain} and seen >= ${timesSeen}`.execute(
        database,
      );
      const odd = new Set(fields.map(({ field }) => field));
      const doubtful = asked.filter(({ field }) => odd.has(field));
      if (doubtful.length === 0) return [];
      const { rows } = await sql<{ place: number }>`
        select n.place::int as place from unnest(
          ${doubtful.map(({ field }) => field)}::text[], ${doubtful.map(({ sent }) => hashOf(sent))}::bytea[],
          ${doubtful.map(({ stored }) => hashOf(stored))}::bytea[]) with ordinality as n (field, sent, stored, place)
        join stored_form f on f.subdomain = ${subdomain} and f.field = n.field and f.sent = n.sent and f.stored = n.stored
        where f.seen >= ${timesSeen}`.execute(database);
      return rows.flatMap(({ place }) => doubtful[place - 1] ?? []);
    },

    async formsToBeKnown(subdomain, forms) {
      if (forms.length === 0) return [];
      const { rows } = await sql<{ field: string }>`
        select distinct f.field from ${formRows(distinctForms(forms))}
        join stored_form f on f.subdomain = ${subdomain} and f.field = n.field and f.sent = n.sent and f.stored = n.stored
        where f.seen = ${timesSeen - 1}`.execute(database);
      return rows.map(({ field }) => field);
    },

    async noteForms(subdomain, forms) {
      if (forms.length === 0) return [];
      // Another form than last time is none to rely on: it is counted anew.
      const { rows } = await sql<{ field: string; seen: number }>`
        insert into stored_form as f (subdomain, field, sent, stored)
        select ${subdomain}, * from ${formRows(distinctForms(forms))}
        order by field, sent
        on conflict (subdomain, field, sent) do update set stored = excluded.stored, seen_at = now(),
          seen = case when f.stored = excluded.stored then f.seen + 1 else 1 end
        returning field, seen`.execute(database);
      return [...new Set(rows.filter(({ seen }) => seen === timesSeen).map(({ field }) => field))];
    },
  };
}

/** The last of each value of a field: a statement may meet a row once only. */
function distinctForms(forms: readonly FormOfValue[]): FormOfValue[] {
  return [...new Map(forms.map((form) => [`${form.field} ${hashOf(form.sent).toString("hex")}`, form])).values()];
}

function formRows(forms: readonly FormOfValue[]): RawBuilder<unknown> {
  return sql`unnest(
    ${forms.map(({ field }) => field)}::text[], ${forms.map(({ sent }) => hashOf(sent))}::bytea[],
    ${forms.map(({ stored }) => hashOf(stored))}::bytea[]) as n (field, sent, stored)`;
}

/** Values may be long, and are people's: only whether two are the same is kept. */
function hashOf(value: FieldValue): Buffer {
  return createHash("sha256").update(JSON.stringify(value)).digest();
}

/** With the settlement of the write that restored them. */
export async function putRestores(
  executor: Executor,
  subdomain: string,
  restores: Settlement["restores"],
): Promise<void> {
  if (restores.length === 0) return;
  await sql`insert into restore (subdomain, organization_id, field)
    select ${subdomain}, * from unnest(
      ${restores.map(({ organizationId }) => organizationId)}::bigint[], ${restores.map(({ field }) => field)}::text[])`.execute(
    executor,
  );
  await sql`delete from restore where subdomain = ${subdomain} and restored_at < now() - interval '24 hours'`.execute(
    executor,
  );
}
