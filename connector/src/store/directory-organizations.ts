import { type RawBuilder, sql } from "kysely";
import {
  type ConnectionId,
  type FieldValues,
  type OrganizationId,
  type PartyKey,
  parseOrganizationKey,
  partyKeyText,
  priorities,
  type Subdomain,
  type WaitKey,
} from "../domain/index.ts";
import type { ListedOrganization, NameForms, OrganizationPatch } from "../sync/directory/ports.ts";
import { arrayText, slicesOf, upsertRows } from "./bulk-rows.ts";
import type { Executor } from "./database.ts";
import { causeTime, databaseNow } from "./database-time.ts";
import { insertMarks } from "./mark-store.ts";
import { wakeWaiters } from "./waiter-store.ts";

/** How a name is folded: a rule of matching, given by boot. */
export type NameFolding = (name: string) => NameForms;

const sliceSize = 1_000;

interface OrganizationRow {
  id: OrganizationId;
  name: string;
  external_id: string | null;
  keys: string[];
  domains: string[];
  fields: FieldValues;
  notes_have_text: boolean | null;
  updated_at: Date | null;
  mail_addresses: string[];
}

export async function organizationsWhere(
  executor: Executor,
  subdomain: Subdomain,
  asked: number,
  condition: RawBuilder<unknown>,
): Promise<ListedOrganization[]> {
  if (asked === 0) return [];
  const { rows } = await sql<OrganizationRow>`
    select id, name, external_id, keys, domains, fields, notes_have_text, updated_at, mail_addresses from organization
    where subdomain = ${subdomain} and gone_at is null and ${condition} order by id`.execute(executor);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    externalId: row.external_id ?? undefined,
    keys: row.keys,
    domains: row.domains,
    fields: row.fields,
    notesHaveText: row.notes_have_text ?? undefined,
    updatedAt: row.updated_at?.toISOString(),
    ...(row.mail_addresses.length === 0 ? {} : { mailAddresses: row.mail_addresses }),
  }));
}

/**
 * Keeps organizations as Zendesk answered them to a question asked at `readAt`. A row that was seen later stays: the answer may be older
 * than what we wrote meanwhile. Marks whoever waits for one of those that changed, or for a name that one bore or bears now.
 */
export async function putOrganizations(
  executor: Executor,
  fold: NameFolding,
  subdomain: Subdomain,
  organizations: readonly ListedOrganization[],
  readAt: Date,
): Promise<void> {
  const newest = [...new Map(organizations.map((organization) => [organization.id, organization])).values()];
  for (const slice of slicesOf(newest, sliceSize)) {
    const ids = slice.map(({ id }) => id);
    const known = await organizationsWhere(executor, subdomain, ids.length, sql`id = any(${ids}::bigint[])`);
    const former = new Map(known.map((organization) => [organization.id, organization]));
    const forms = new Map(slice.map(({ name }) => [name, fold(name)]));
    const formsOf = ({ name }: ListedOrganization) => forms.get(name) ?? fold(name);
    await upsertRows({
      table: "organization",
      key: ["subdomain", "id"],
      rows: slice,
      columns: {
        subdomain: { wire: "text", of: () => subdomain },
        id: { wire: "bigint", of: ({ id }) => id },
        name: { wire: "text", of: ({ name }) => name },
        name_key: { wire: "text", of: (row) => formsOf(row).nameKey },
        name_stem: { wire: "text", of: (row) => formsOf(row).nameStem },
        near_keys: { wire: "text", cast: "text[]", of: (row) => arrayText(formsOf(row).nearKeys) },
        mail_addresses: { wire: "text", cast: "text[]", of: ({ mailAddresses = [] }) => arrayText(mailAddresses) },
        external_id: { wire: "text", of: ({ externalId }) => externalId },
        keys: { wire: "text", cast: "text[]", of: ({ keys }) => arrayText(keys) },
        domains: { wire: "text", cast: "text[]", of: ({ domains }) => arrayText(domains) },
        fields: { wire: "text", cast: "jsonb", of: ({ fields }) => JSON.stringify(fields) },
        notes_have_text: { wire: "boolean", of: ({ notesHaveText }) => notesHaveText },
        updated_at: { wire: "timestamptz", of: ({ updatedAt }) => updatedAt },
        seen_at: { wire: "timestamptz", of: () => readAt },
      },
      also: sql`gone_at = null`,
      onlyWhere: sql`organization.seen_at <= excluded.seen_at`,
    }).execute(executor);
    const changed = slice.filter((now) => evidenceText(now) !== evidenceText(former.get(now.id)));
    const waitKeys = changed.flatMap((now): WaitKey[] => {
      const names = [now.name, ...(former.has(now.id) ? [former.get(now.id)?.name ?? ""] : [])];
      const billed = [...(former.get(now.id)?.mailAddresses ?? []), ...(now.mailAddresses ?? [])];
      return [
        `organization:${now.id}`,
        ...names.map((name) => `name:${fold(name).nameStem}`),
        ...billed.map((text) => `address:${text.slice(text.indexOf(" ") + 1)}`),
      ];
    });
    await wakeWaiters(executor, subdomain, waitKeys);
  }
}

/** What of an organization is evidence for somebody: figures that we write are not. */
function evidenceText(organization: ListedOrganization | undefined): string {
  if (!organization) return "";
  const { id, name, keys, domains, mailAddresses = [] } = organization;
  return JSON.stringify([id, name, keys.toSorted(), domains.toSorted(), mailAddresses.toSorted()]);
}

/** Lays what we wrote or read of organizations over what is known of them; an organization that is not known yet is kept. */
export async function patchOrganizations(
  executor: Executor,
  fold: NameFolding,
  subdomain: Subdomain,
  patches: readonly OrganizationPatch[],
): Promise<void> {
  const ids = patches.map(({ id }) => id);
  const known = new Map(
    (await organizationsWhere(executor, subdomain, ids.length, sql`id = any(${ids}::bigint[])`)).map((organization) => [
      organization.id,
      organization,
    ]),
  );
  const merged = patches.map((patch) => mergeOrganization(known.get(patch.id), patch));
  await putOrganizations(executor, fold, subdomain, merged, await databaseNow(executor));
}

function mergeOrganization(known: ListedOrganization | undefined, patch: OrganizationPatch): ListedOrganization {
  const fields = patch.whole ? { ...patch.fields } : { ...known?.fields, ...patch.fields };
  const externalId = patch.externalId === undefined ? known?.externalId : (patch.externalId ?? undefined);
  return {
    id: patch.id,
    name: patch.name ?? known?.name ?? "",
    externalId,
    domains: patch.domains ?? known?.domains ?? [],
    fields,
    keys: keysIn(externalId, fields["qbo_key"]),
    notesHaveText: patch.notesHaveText ?? known?.notesHaveText,
    updatedAt: patch.updatedAt ?? known?.updatedAt,
    mailAddresses: known?.mailAddresses ?? [],
  };
}

function keysIn(externalId: string | undefined, keyField: FieldValues[string] | undefined): string[] {
  const words = [externalId ?? "", ...(typeof keyField === "string" ? keyField.split(/\s+/) : [])];
  return [...new Set(words.filter((word) => parseOrganizationKey(word) !== undefined))];
}

/** Cards whose organization bears other values, or another name, than we left there: their parties are looked at. */
export async function driftedOrganizations(
  executor: Executor,
  subdomain: Subdomain,
  organizations: readonly ListedOrganization[],
): Promise<number> {
  const found = new Map(organizations.map((organization) => [organization.id, organization]));
  const ids = [...found.keys()];
  if (ids.length === 0) return 0;
  const { rows: cards } = await sql<{ id: OrganizationId; applied: FieldValues; applied_name: string | null }>`
    select organization_id as id, applied, applied_name from card
    where subdomain = ${subdomain} and organization_id = any(${ids}::bigint[])`.execute(executor);
  const drifted = cards.filter(({ id, applied, applied_name: name }) => {
    const now = found.get(id);
    if (!now) return false;
    if (name !== null && name !== now.name) return true;
    const keys = new Set([...Object.keys(applied), ...Object.keys(now.fields)]);
    // As texts: the types of fields that only a mapping has are not known here.
    return [...keys].some((key) => String(now.fields[key] ?? "") !== String(applied[key] ?? ""));
  });
  const changed = drifted.map(({ id }) => id);
  await markLinked(executor, subdomain, changed, "organization changed");
  return changed.length;
}

async function markLinked(
  executor: Executor,
  subdomain: Subdomain,
  ids: readonly OrganizationId[],
  what: string,
): Promise<void> {
  const { rows } = await sql<PartyKey & { connection_id: ConnectionId }>`
    select connection_id, kind, id from link
    where subdomain = ${subdomain} and organization_id = any(${[...ids]}::bigint[])`.execute(executor);
  if (rows.length === 0) return;
  const at = await causeTime(executor);
  await insertMarks(
    executor,
    rows.map((row) => ({
      connectionId: row.connection_id,
      kind: "party",
      key: partyKeyText(row),
      priority: priorities.background,
      causes: [{ kind: "zendesk", what, at }],
    })),
  );
}

/** Deleted in Zendesk: their linked parties, and whoever waits for them or for their names, are looked at. */
export async function goneOrganizations(
  executor: Executor,
  subdomain: Subdomain,
  ids: readonly OrganizationId[],
): Promise<void> {
  if (ids.length === 0) return;
  const of = sql`subdomain = ${subdomain} and id = any(${[...ids]}::bigint[])`;
  const gone = await sql<{ name_stem: string }>`
    update organization set gone_at = now() where ${of} and gone_at is null returning name_stem`.execute(executor);
  // Nothing is shown there any more, and no due date turns there.
  await sql`delete from card where subdomain = ${subdomain} and organization_id = any(${[...ids]}::bigint[])`.execute(
    executor,
  );
  await markLinked(executor, subdomain, ids, "organization deleted");
  const waitKeys = [...ids.map((id) => `organization:${id}`), ...gone.rows.map((row) => `name:${row.name_stem}`)];
  await wakeWaiters(executor, subdomain, waitKeys);
}
