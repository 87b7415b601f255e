import { Decimal } from "decimal.js";
import { type RawBuilder, type Selectable, sql } from "kysely";
import {
  type ConnectionId,
  type Document,
  type DocumentEntity,
  type Families,
  type Party,
  type PartyKey,
  parseRecordKey,
  partyKeyText,
} from "../domain/index.ts";
import type { Family, FamilyMember, Grouping } from "../sync/replica/ports.ts";
import { familiesAsked, holderOf } from "./card-holder.ts";
import type { Executor } from "./database.ts";
import type { DocumentTable, PartyTable } from "./schema/replica-tables.ts";

type PartyRow = Selectable<PartyTable> & { addresses: string[]; holder_id: string };

/** One query: the families of the asked parties, each once, the top first. */
export async function familiesOf(
  executor: Executor,
  { id: connectionId, families: asked }: Grouping,
  parties: readonly PartyKey[],
): Promise<Family[]> {
  if (parties.length === 0) return [];
  const families = familiesAsked(connectionId, asked);
  const { rows } = await sql<PartyRow>`
    with asked as materialized (
      select distinct p.kind, p.top_id, ${holderOf("p", families)} as holder_id from unnest(
        ${parties.map(({ kind }) => kind)}::text[], ${parties.map(({ id }) => id)}::text[]) as n (kind, id)
      join party p on p.connection_id = ${connectionId} and p.kind = n.kind and p.id = n.id and p.deleted_at is null
    ), members as (
      select p.*, asked.holder_id from asked
      join party p on p.connection_id = ${connectionId} and p.kind = 'customer' and ${membership(families, asked)}
      where asked.kind = 'customer'
      union all
      select p.*, asked.holder_id from asked
      join party p on p.connection_id = ${connectionId} and p.kind = 'vendor' and p.id = asked.holder_id
      where asked.kind = 'vendor'
    )
    select m.*, array(select a.address from party_address a
      where a.connection_id = m.connection_id and a.kind = m.kind and a.id = m.id order by a.position) as addresses
    from members m where m.deleted_at is null
    order by m.kind, m.holder_id, m.id <> m.holder_id, length(m.id), m.id`.execute(executor);
  const found = new Map<string, Family>();
  for (const row of rows) {
    const top: PartyKey = { kind: row.kind, id: row.holder_id };
    const root: PartyKey = { kind: row.kind, id: row.top_id };
    const family = found.get(partyKeyText(top)) ?? { top, members: [], root };
    family.members.push(memberOf(row));
    found.set(partyKeyText(top), family);
  }
  return [...found.values()];
}

/** Separate customers are their families by themselves, and are not sought among all of theirs. */
function membership(families: RawBuilder<unknown>, asked: Families | undefined): RawBuilder<boolean> {
  if (asked === "separate") return sql<boolean>`p.id = asked.holder_id`;
  return sql<boolean>`p.top_id = asked.top_id and ${holderOf("p", families)} = asked.holder_id`;
}

function memberOf(row: PartyRow): FamilyMember {
  const party: Party = {
    kind: row.kind,
    id: row.id,
    displayName: row.display_name,
    companyName: row.company_name ?? undefined,
    givenName: row.given_name ?? undefined,
    familyName: row.family_name ?? undefined,
    fullyQualifiedName: row.fully_qualified_name,
    active: row.active,
    parentId: row.parent_id ?? undefined,
    topId: row.holder_id,
    isProject: row.is_project,
    currency: row.currency,
    balance: new Decimal(row.balance),
    addresses: row.addresses,
    phone: row.phone ?? undefined,
    billingAddress: row.billing_address ?? undefined,
    termsId: row.terms_id ?? undefined,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
  return { party, lastDocumentOn: row.last_document_on ?? undefined, record: row.record };
}

export async function documentsOf(
  executor: Executor,
  connectionId: ConnectionId,
  parties: readonly PartyKey[],
): Promise<Document[]> {
  if (parties.length === 0) return [];
  const { rows } = await sql<Selectable<DocumentTable>>`
    select d.* from unnest(
      ${parties.map(({ kind }) => kind)}::text[], ${parties.map(({ id }) => id)}::text[]) as n (kind, id)
    join document d on d.connection_id = ${connectionId} and d.party_kind = n.kind and d.party_id = n.id
    where d.deleted_at is null
    order by d.date, length(d.id), d.id, d.entity`.execute(executor);
  return rows.map((row) => ({
    entity: row.entity as DocumentEntity, // only documents are kept in this table
    id: row.id,
    party: { kind: row.party_kind, id: row.party_id },
    number: row.number ?? undefined,
    date: row.date,
    dueDate: row.due_date ?? undefined,
    termsId: row.terms_id ?? undefined,
    total: new Decimal(row.total),
    balance: new Decimal(row.balance),
    unapplied: new Decimal(row.unapplied),
    currency: row.currency,
    exchangeRate: row.exchange_rate === null ? undefined : new Decimal(row.exchange_rate),
    homeBalance: row.home_balance === null ? undefined : new Decimal(row.home_balance),
    voided: row.voided,
    billAddresses: row.bill_addresses,
    linked: row.linked.map(parseRecordKey),
    updatedAt: row.updated_at.toISOString(),
  }));
}
