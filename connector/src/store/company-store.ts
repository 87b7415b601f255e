import { type Selectable, sql } from "kysely";
import type { Company, CompanyStore, CompanyZone } from "../connections/ports.ts";
import type { CompanySaid, ConnectionId } from "../domain/index.ts";
import type { Database, Executor } from "./database.ts";
import type { CompanyTable } from "./schema/connection-tables.ts";

/** `zone` is filled only once it is known; what is merely proposed stands in `zone_source`, behind this word. */
const proposedWord = "proposed:";

export function createCompanyStore(database: Database): CompanyStore {
  return {
    async read(realm) {
      const row = await database.selectFrom("company").selectAll().where("realm", "=", realm).executeTakeFirst();
      return row && toCompany(row);
    },

    async save(realm, facts, zone) {
      const said = { name: facts.name, country: facts.country ?? null, home_currency: facts.homeCurrency };
      const { zone: name, zone_source: source } = toColumns(zone);
      await database
        .insertInto("company")
        .values({ realm, ...said, zone: name, zone_source: source })
        .onConflict((conflict) =>
          conflict.column("realm").doUpdateSet({
            ...said,
            // What a person confirmed stays; what the company says replaces what it said before; a proposal replaces only a proposal.
            zone: sql`case when company.zone_source = 'confirmed' or (company.zone is not null and excluded.zone is null)
              then company.zone else excluded.zone end`,
            zone_source: sql`case when company.zone_source = 'confirmed' or (company.zone is not null and excluded.zone is null)
              then company.zone_source else excluded.zone_source end`,
          }),
        )
        .execute();
    },

    async confirmZone(realm, zone) {
      await database
        .updateTable("company")
        .set({ zone, zone_source: "confirmed" })
        .where("realm", "=", realm)
        .execute();
    },
  };
}

/** With the record that says it, in one transaction: whoever is marked by the record decides by the new row. A confirmed zone stays. */
export async function saveSaid(executor: Executor, connectionId: ConnectionId, said: CompanySaid): Promise<void> {
  const zone = sql`${said.zone ?? null}::text`;
  const follows = sql`${zone} is not null and zone_source is distinct from 'confirmed'`;
  await sql`update company set name = coalesce(${said.name ?? null}, name), country = coalesce(${said.country ?? null}, country),
      home_currency = coalesce(${said.homeCurrency ?? null}, home_currency),
      zone = case when ${follows} then ${zone} else zone end,
      zone_source = case when ${follows} then 'company' else zone_source end
    where realm = (select realm from connection where id = ${connectionId})`.execute(executor);
}

function toColumns(zone: CompanyZone): { zone: string | null; zone_source: string } {
  if (zone.kind === "known") return { zone: zone.name, zone_source: zone.source };
  return { zone: null, zone_source: `${proposedWord}${zone.name ?? ""}` };
}

function toCompany(row: Selectable<CompanyTable>): Company {
  const { zone, zone_source: source } = row;
  const proposed = source?.startsWith(proposedWord) ? source.slice(proposedWord.length) : "";
  return {
    realm: row.realm,
    name: row.name ?? undefined,
    country: row.country ?? undefined,
    homeCurrency: row.home_currency,
    zone:
      zone === null
        ? { kind: "proposed", name: proposed === "" ? undefined : proposed }
        : { kind: "known", name: zone, source: source === "confirmed" ? "confirmed" : "company" },
  };
}
