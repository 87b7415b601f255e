import { sql } from "kysely";
import type { ConnectionId } from "../src/domain/index.ts";
import type { BenchDatabase, Simulator } from "./stage/index.ts";

export interface LinkedCustomer {
  id: string;
  organizationId: number;
  /** One that is open, and its total. */
  invoiceId: string;
  total: number;
}

/** Customers that are linked, each the only party of its card, with one of their open invoices. */
export async function linkedCustomers(
  { database }: BenchDatabase,
  connectionId: ConnectionId,
): Promise<LinkedCustomer[]> {
  const { rows } = await sql<{ id: string; organization_id: number; invoice_id: string; total: string }>`
    select distinct on (length(l.id), l.id) l.id, l.organization_id, d.id as invoice_id, d.total from link l
    join document d on d.connection_id = l.connection_id and d.party_kind = l.kind and d.party_id = l.id
      and d.entity = 'Invoice' and d.balance > 0
    where l.connection_id = ${connectionId} and l.kind = 'customer'
    order by length(l.id), l.id, d.id`.execute(database);
  return rows.map((row) => ({
    id: row.id,
    organizationId: row.organization_id,
    invoiceId: row.invoice_id,
    total: Number(row.total),
  }));
}

/** Up to so many invoices of each of these customers, the n-th of all before the next of any. */
export async function invoicesOf(
  { database }: BenchDatabase,
  connectionId: ConnectionId,
  customers: number,
  each: number,
): Promise<{ id: string; total: number }[]> {
  const { rows } = await sql<{ id: string; total: string }>`
    with ranked as (
      select d.id, d.total, d.party_id, row_number() over (partition by d.party_id order by d.id) as place
      from document d join link l on l.connection_id = d.connection_id and l.kind = d.party_kind and l.id = d.party_id
      where d.connection_id = ${connectionId} and d.entity = 'Invoice' and d.party_kind = 'customer' and not d.voided
    ), full_customers as (
      select party_id from ranked where place = ${each} order by length(party_id), party_id limit ${customers}
    )
    select id, total from ranked where place <= ${each} and party_id in (select party_id from full_customers)
    order by place, length(party_id), party_id`.execute(database);
  return rows.map(({ id, total }) => ({ id, total: Number(total) }));
}

export interface Change {
  /** Of the documents that QuickBooks announces: all have to be read before the card is right. */
  documentIds: string[];
}

/** In turns: a new invoice, a small payment on the open one, another total of the open one. No two leave a card with the same figures. */
export async function makeChange(quickbooks: Simulator, customer: LinkedCustomer, turn: number): Promise<Change> {
  const CustomerRef = { value: customer.id };
  const mutate = async (mutation: object) =>
    (await quickbooks.post<{ entity: { Id: string } }>("mutate", mutation)).entity.Id;
  const kind = turn % 3;
  if (kind === 0)
    return {
      documentIds: [
        await mutate({ entity: "Invoice", operation: "create", record: { CustomerRef, TotalAmt: 100 + turn } }),
      ],
    };
  if (kind === 1) {
    const Line = [{ Amount: 0.01, LinkedTxn: [{ TxnId: customer.invoiceId, TxnType: "Invoice" }] }];
    const record = { CustomerRef, TotalAmt: 0.01, Line };
    return { documentIds: [await mutate({ entity: "Payment", operation: "create", record }), customer.invoiceId] };
  }
  const record = { TotalAmt: Number((customer.total + turn + 1).toFixed(2)) };
  return { documentIds: [await mutate({ entity: "Invoice", operation: "update", id: customer.invoiceId, record })] };
}
