import { sql } from "kysely";
import { type ConnectionId, priorities, type Realm, recordKeyText, type Subdomain } from "../domain/index.ts";
import type { Receipt, ReceiptStore } from "../sync/intake/ports.ts";
import { silentWebhooks } from "../sync/intake/ports.ts";
import type { Database, Executor } from "./database.ts";
import { insertMarks } from "./mark-store.ts";

interface Addressee {
  client_id: string;
  realm: Realm;
  connection_id: ConnectionId;
  subdomain: Subdomain | null;
  awake: boolean;
}

export function createReceiptStore(database: Database): ReceiptStore {
  return {
    commitReceipts: (receipts) =>
      database.transaction().execute(async (transaction) => {
        // A 200 promises that nothing is lost: never weaker, whatever the database's default is.
        await sql`set local synchronous_commit = on`.execute(transaction);
        const addressees = await addresseesOf(transaction, receipts);
        const of = (receipt: Receipt) =>
          addressees.filter(({ client_id, realm }) => client_id === receipt.clientId && realm === receipt.realm);
        await noteWebhookSeen(transaction, addressees);
        await insertMarks(
          transaction,
          receipts.flatMap((receipt) =>
            of(receipt).map(({ connection_id }) => ({
              connectionId: connection_id,
              kind: "record",
              key: recordKeyText(receipt.key),
              priority: priorities.live,
              causes: [receipt.cause],
            })),
          ),
        );
        return {
          subdomains: unique(addressees.flatMap(({ subdomain, awake }) => (awake && subdomain ? [subdomain] : []))),
          unknownRealms: unique(receipts.filter((receipt) => of(receipt).length === 0).map(({ realm }) => realm)),
        };
      }),

    async makePollsDue(clientId) {
      const { numAffectedRows } = await sql`
        update connection set poll_due_at = now()
        where state <> 'disconnected' and realm in (
          select subject from credential where system = 'quickbooks' and client_id = ${clientId})`.execute(database);
      return Number(numAffectedRows ?? 0);
    },
  };
}

/** The connections of these companies, through these apps. A paused connection is marked, too, but nobody is woken for it. */
async function addresseesOf(executor: Executor, receipts: readonly Receipt[]): Promise<Addressee[]> {
  const pairs = [
    ...new Map(receipts.map(({ clientId, realm }) => [`${realm} ${clientId}`, { clientId, realm }])).values(),
  ];
  const { rows } = await sql<Addressee>`
    select n.client_id, n.realm, c.id as connection_id, c.subdomain, c.state in ('loading', 'planned', 'active') as awake
    from unnest(${pairs.map(({ clientId }) => clientId)}::text[], ${pairs.map(({ realm }) => realm)}::text[]) as n (client_id, realm)
    join credential k on k.system = 'quickbooks' and k.client_id = n.client_id and k.subject = n.realm
    join connection c on c.realm = n.realm and c.state <> 'disconnected'`.execute(executor);
  return rows;
}

/** At most once a minute per connection: the row is shared with everybody, and a receipt must not queue for it. */
async function noteWebhookSeen(executor: Executor, addressees: readonly Addressee[]): Promise<void> {
  const ids = unique(addressees.map(({ connection_id }) => connection_id)).sort((a, b) => a - b);
  if (ids.length === 0) return;
  const { rows } = await sql<{ id: ConnectionId }>`update connection c set webhook_seen_at = now(), silent_since = null
    from (select id from connection where id = any(${ids}::bigint[])
        and (webhook_seen_at is null or webhook_seen_at < now() - interval '1 minute')
      order by id for no key update skip locked) as stale
    where c.id = stale.id returning c.id`.execute(executor);
  if (rows.length > 0)
    await sql`update incident set resolved_at = now() where cause = ${silentWebhooks} and resolved_at is null
      and connection_id = any(${rows.map(({ id }) => id)}::bigint[])`.execute(executor);
}

function unique<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}
