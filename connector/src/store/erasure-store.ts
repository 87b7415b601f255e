import { sql } from "kysely";
import type { ConnectionId, PartyKind } from "../domain/index.ts";
import type { ErasedPlace, ErasedTexts, ErasureStore, TouchedParty } from "../oversight/erasure/ports.ts";
import type { Database, Executor } from "./database.ts";

/** What is ours or the operators', not of the people in the two systems. */
const spared = new Set([
  "operator",
  "operator_grant",
  "session",
  "api_key",
  "invitation",
  "sign_in_failure",
  "credential",
  "oauth_state",
]);
/** By which rows are found: they hold ids and words of ours, and an address only where the row itself goes. */
const rowsOfAddresses = ["party_address", "zendesk_user_address", "contact_user"];

interface Column {
  table: string;
  name: string;
  type: "text" | "jsonb" | "text[]";
}

export function createErasureStore(database: Database): ErasureStore {
  return {
    async erase(texts) {
      return database.transaction().execute(async (transaction) => {
        const parties = await partiesWith(transaction, texts);
        const places: ErasedPlace[] = [];
        for (const table of rowsOfAddresses)
          places.push({ place: table, rows: await forgetAddresses(transaction, table, texts) });
        // From the catalogue: a table that is added later is not forgotten.
        for (const [table, columns] of byTable(await columnsOf(transaction)))
          if (!spared.has(table) && !rowsOfAddresses.includes(table) && table !== "journal")
            places.push({ place: table, rows: await eraseIn(transaction, table, columns, texts) });
        const { rows } = await sql<{ changed: number }>`
          select journal_erase(${texts.inJson}, ${texts.inText}, ${texts.put}) as changed`.execute(transaction);
        places.push({ place: "journal", rows: rows[0]?.changed ?? 0 });
        await forgetHashes(transaction, parties);
        return { places: places.filter((place) => place.rows > 0), parties };
      });
    },
  };
}

/** Before anything is changed: those that QuickBooks still had when it was last read. */
async function partiesWith(transaction: Executor, { inJson, inText }: ErasedTexts): Promise<TouchedParty[]> {
  const { rows } = await sql<{ connection_id: ConnectionId; kind: PartyKind; id: string }>`
    select connection_id, kind, id from party where deleted_at is null and (record::text ~* ${inJson} or display_name ~* ${inText})
    union
    select connection_id, party_kind, party_id from document
    where deleted_at is null and array_to_string(bill_addresses, ' ') ~* ${inText}
    order by 1, 2, 3`.execute(transaction);
  return rows.map(({ connection_id: connectionId, kind, id }) => ({ connectionId, party: { kind, id } }));
}

/** So that the next read counts as a change, though QuickBooks' record is as it was. */
async function forgetHashes(transaction: Executor, parties: readonly TouchedParty[]): Promise<void> {
  for (const { connectionId, party } of parties) {
    await sql`update party set content_hash = ''::bytea
      where connection_id = ${connectionId} and kind = ${party.kind} and id = ${party.id}`.execute(transaction);
    await sql`update document set content_hash = ''::bytea
      where connection_id = ${connectionId} and party_kind = ${party.kind} and party_id = ${party.id}`.execute(
      transaction,
    );
  }
}

async function columnsOf(transaction: Executor): Promise<Column[]> {
  const { rows } = await sql<Column>`
    select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      and format_type(a.atttypid, a.atttypmod) in ('text', 'jsonb', 'text[]') and c.relname not like 'kysely%'
    order by c.relname, a.attnum`.execute(transaction);
  return rows;
}

function byTable(columns: readonly Column[]): Map<string, Column[]> {
  const tables = new Map<string, Column[]>();
  for (const column of columns) tables.set(column.table, [...(tables.get(column.table) ?? []), column]);
  return tables;
}

/** Only rows that hold it are written: the others keep their versions, and the table its size. */
async function eraseIn(
  transaction: Executor,
  table: string,
  columns: readonly Column[],
  { inJson, inText, put }: ErasedTexts,
): Promise<number> {
  let rows = 0;
  for (const { name, type } of columns) {
    const { set, has } = changeOf(sql.ref(name), type, { inJson, inText, put });
    const { numAffectedRows } =
      await sql`update ${sql.table(table)} set ${sql.ref(name)} = ${set} where ${has}`.execute(transaction);
    rows += Number(numAffectedRows ?? 0);
  }
  return rows;
}

function changeOf(column: ReturnType<typeof sql.ref>, type: Column["type"], texts: Omit<ErasedTexts, "texts">) {
  const { inJson, inText, put } = texts;
  switch (type) {
    case "text":
      return { set: sql`regexp_replace(${column}, ${inText}, ${put}, 'gi')`, has: sql`${column} ~* ${inText}` };
    case "jsonb":
      return {
        set: sql`regexp_replace(${column}::text, ${inJson}, ${put}, 'gi')::jsonb`,
        has: sql`${column}::text ~* ${inJson}`,
      };
    case "text[]":
      return {
        set: sql`(select array_agg(regexp_replace(item, ${inText}, ${put}, 'gi') order by place)
          from unnest(${column}) with ordinality as each (item, place))`,
        has: sql`array_to_string(${column}, ' ') ~* ${inText}`,
      };
  }
}

async function forgetAddresses(transaction: Executor, table: string, { texts }: ErasedTexts): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from ${sql.table(table)} where lower(address) = any(${texts.map((text) => text.toLowerCase())})`.execute(
    transaction,
  );
  return Number(numAffectedRows ?? 0);
}
