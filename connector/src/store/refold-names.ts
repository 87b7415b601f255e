import { sql } from "kysely";
import {
  type ConnectionId,
  type OrganizationId,
  type PartyKey,
  partyKeyText,
  priorities,
  type Subdomain,
} from "../domain/index.ts";
import { arrayText, rowsOf } from "./bulk-rows.ts";
import type { Database, Executor } from "./database.ts";
import { causeTime } from "./database-time.ts";
import type { NameFolding } from "./directory-organizations.ts";
import { insertMarks } from "./mark-store.ts";
import { wakeWaiters } from "./waiter-store.ts";

const page = 1_000;

/**
 * Makes the forms by which names are found anew when the rules that make them have changed since this database last saw them: what was
 * stored by the old rules would not meet what the new ones ask for. Page by page; a start that is killed begins again. Whoever bears a name
 * whose form changed, or waits for one, is looked at. Returns how many rows changed.
 */
export async function refoldNames(
  database: Database,
  version: number,
  fold: { name: NameFolding; party: PartyFolding },
): Promise<number> {
  const { rows } = await sql<{ version: number }>`select version from name_folding`.execute(database);
  if (rows[0]?.version === version) return 0;
  const changed = (await refoldOrganizations(database, fold.name)) + (await refoldParties(database, fold.party));
  await sql`update name_folding set version = ${version}`.execute(database);
  return changed;
}

interface OrganizationForms {
  subdomain: Subdomain;
  id: OrganizationId;
  name: string;
  name_key: string;
  name_stem: string;
  near_keys: string[];
}

async function refoldOrganizations(database: Database, fold: NameFolding): Promise<number> {
  let changed = 0;
  let [subdomain, id] = ["", 0];
  for (;;) {
    const { rows } = await sql<OrganizationForms>`
      select subdomain, id, name, name_key, name_stem, near_keys from organization
      where (subdomain, id) > (${subdomain}, ${id}) order by subdomain, id limit ${page}`.execute(database);
    const last = rows.at(-1);
    if (!last) return changed;
    [subdomain, id] = [last.subdomain, last.id];
    const stale = rows.filter(({ name, name_key, name_stem, near_keys }) => {
      const { nameKey, nameStem, nearKeys } = fold(name);
      return name_key !== nameKey || name_stem !== nameStem || near_keys.join("\n") !== nearKeys.join("\n");
    });
    changed += stale.length;
    if (stale.length > 0) await database.transaction().execute((executor) => putForms(executor, fold, stale));
  }
}

async function putForms(executor: Executor, fold: NameFolding, stale: readonly OrganizationForms[]): Promise<void> {
  await sql`update organization o set name_key = n.name_key, name_stem = n.name_stem, near_keys = n.near_keys::text[]
    from ${rowsOf(stale, {
      subdomain: { wire: "text", of: ({ subdomain }) => subdomain },
      id: { wire: "bigint", of: ({ id }) => id },
      name_key: { wire: "text", of: ({ name }) => fold(name).nameKey },
      name_stem: { wire: "text", of: ({ name }) => fold(name).nameStem },
      near_keys: { wire: "text", of: ({ name }) => arrayText(fold(name).nearKeys) },
    })}
    where o.subdomain = n.subdomain and o.id = n.id`.execute(executor);
  for (const subdomain of new Set(stale.map((row) => row.subdomain))) {
    const stems = stale.flatMap((row) => (row.subdomain === subdomain ? [row.name_stem, fold(row.name).nameStem] : []));
    await wakeWaiters(
      executor,
      subdomain,
      stems.map((stem) => `name:${stem}`),
    );
  }
}

interface PartyForms extends PartyKey {
  connection_id: ConnectionId;
  display_name: string;
  company_name: string | null;
  fully_qualified_name: string;
  path_key: string;
  name_stems: string[];
}

type PartyFolding = (
  party: PartyKey & { displayName: string; companyName: string | undefined; fullyQualifiedName: string },
) => { pathKey: string; nameStems: string[] };

async function refoldParties(database: Database, fold: PartyFolding): Promise<number> {
  const foldRow = ({ kind, id, display_name, company_name, fully_qualified_name }: PartyForms) =>
    fold({
      kind,
      id,
      displayName: display_name,
      companyName: company_name ?? undefined,
      fullyQualifiedName: fully_qualified_name,
    });
  let changed = 0;
  let [connectionId, kind, id] = [0, "", ""];
  for (;;) {
    const { rows } = await sql<PartyForms>`
      select connection_id, kind, id, display_name, company_name, fully_qualified_name, path_key, name_stems from party
      where (connection_id, kind, id) > (${connectionId}, ${kind}, ${id})
      order by connection_id, kind, id limit ${page}`.execute(database);
    const last = rows.at(-1);
    if (!last) return changed;
    [connectionId, kind, id] = [last.connection_id, last.kind, last.id];
    const stale = rows.filter((row) => {
      const { pathKey, nameStems } = foldRow(row);
      return row.path_key !== pathKey || row.name_stems.toSorted().join("\n") !== nameStems.toSorted().join("\n");
    });
    changed += stale.length;
    if (stale.length > 0)
      await database.transaction().execute(async (executor) => {
        await sql`update party p set path_key = n.path_key, name_stems = n.name_stems::text[]
          from ${rowsOf(stale, {
            connection_id: { wire: "bigint", of: (row) => row.connection_id },
            kind: { wire: "text", of: (row) => row.kind },
            id: { wire: "text", of: (row) => row.id },
            path_key: { wire: "text", of: (row) => foldRow(row).pathKey },
            name_stems: { wire: "text", of: (row) => arrayText(foldRow(row).nameStems) },
          })}
          where p.connection_id = n.connection_id and p.kind = n.kind and p.id = n.id`.execute(executor);
        await markAll(executor, stale);
      });
  }
}

async function markAll(executor: Executor, parties: readonly PartyForms[]): Promise<void> {
  const causes = [{ kind: "healed" as const, what: "rules for names changed", at: await causeTime(executor) }];
  await insertMarks(
    executor,
    parties.map((party) => ({
      connectionId: party.connection_id,
      kind: "party",
      key: partyKeyText(party),
      priority: priorities.background,
      causes,
    })),
  );
}
