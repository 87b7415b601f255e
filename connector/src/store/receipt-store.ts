import { sql } from "kysely";
import {
  type Cause,
  type ConnectionId,
  priorities,
  type Realm,
  recordKeyText,
  type Subdomain,
} from "../domain/index.ts";
import type { Receipt, ReceiptStore } from "../sync/intake/ports.ts";
import { silentWebhooks } from "../sync/intake/ports.ts";
import type { Database, Executor } from "./database.ts";
import { joinedCauses } from "./mark-store.ts";
import { firstAndLatest } from "./merge-marks.ts";

interface Addressee {
  realm: Realm;
  connection_id: ConnectionId;
  subdomain: Subdomain | null;
  awake: boolean;
  /** Its row does not show yet that webhooks come. */
  unseen: boolean;
}

export function createReceiptStore(database: Database): ReceiptStore {
  return {
    async commitReceipts(receipts) {
      const ofApp = Map.groupBy(receipts, ({ clientId }) => clientId);
      const committed = await Promise.all(
        [...ofApp].map(async ([clientId, own]) => ({ own, addressees: await commitOfApp(database, clientId, own) })),
      );
      const addressees = committed.flatMap((each) => each.addressees);
      await noteWebhookSeen(database, addressees);
      return {
        subdomains: unique(addressees.flatMap(({ subdomain, awake }) => (awake && subdomain ? [subdomain] : []))),
        unknownRealms: unique(
          committed.flatMap(({ own, addressees: known }) => {
            const realms = new Set(known.map(({ realm }) => realm));
            return own.filter(({ realm }) => !realms.has(realm)).map(({ realm }) => realm);
          }),
        ),
      };
    },

    async makePollsDue(clientId, realms) {
      const { numAffectedRows } = await sql`
        update connection set poll_due_at = now()
        where state <> 'disconnected' and realm in (
          select subject from credential where system = 'quickbooks' and client_id = ${clientId})
          and (${realms === undefined} or realm = any(${realms ?? []}::text[]))`.execute(database);
      return Number(numAffectedRows ?? 0);
    },
  };
}

/**
 * One statement, so one round trip: finds the connections of these companies through this app, and marks the records for each. A paused
 * connection is marked, too, but nobody is woken for it. A 200 promises that nothing is lost: the commit waits for the disk whatever the
 * database's default is. Rows are marked in the order in which `insertMarks` marks them.
 */
async function commitOfApp(database: Database, clientId: string, receipts: readonly Receipt[]): Promise<Addressee[]> {
  const merged = mergeReceipts(receipts);
  const { rows } = await sql<Addressee>`
    with notice as (
      select * from unnest(${merged.map(({ realm }) => realm)}::text[], ${merged.map(({ key }) => key)}::text[],
        ${merged.map(({ causes }) => JSON.stringify(causes))}::text[], ${merged.map(({ causeCount }) => causeCount)}::int[]
      ) as n (realm, key, causes, cause_count)
    ), addressee as materialized (
      select c.realm, c.id as connection_id, c.subdomain, c.state in ('loading', 'planned', 'active') as awake,
        c.webhook_seen_at is null or c.webhook_seen_at < now() - interval '1 minute' as unseen
      from connection c
      join credential k on k.system = 'quickbooks' and k.client_id = ${clientId} and k.subject = c.realm
      where c.realm = any(${unique(merged.map(({ realm }) => realm))}::text[]) and c.state <> 'disconnected'
    ), marked as (
      insert into mark as m (connection_id, kind, key, priority, due_at, causes, cause_count)
      select a.connection_id, 'record', n.key, ${sql.lit(priorities.live)}, now(), n.causes::jsonb, n.cause_count
      from notice n join addressee a on a.realm = n.realm
        cross join (select set_config('synchronous_commit', 'on', true)) as durable
      order by a.connection_id, n.key collate "C"
      on conflict (connection_id, kind, key) do update set
        gen = m.gen + 1,
        priority = greatest(m.priority, excluded.priority),
        due_at = least(m.due_at, excluded.due_at),
        attempts = 0,
        causes = ${joinedCauses},
        cause_count = m.cause_count + excluded.cause_count
    )
    select * from addressee`.execute(database);
  return rows;
}

interface MergedReceipt {
  realm: Realm;
  key: string;
  causes: Cause[];
  causeCount: number;
}

/** A statement may meet a mark once only. */
function mergeReceipts(receipts: readonly Receipt[]): MergedReceipt[] {
  const merged = new Map<string, { realm: Realm; key: string; causes: Cause[] }>();
  for (const { realm, key: record, cause } of receipts) {
    const key = recordKeyText(record);
    const former = merged.get(`${realm} ${key}`);
    if (former) former.causes.push(cause);
    else merged.set(`${realm} ${key}`, { realm, key, causes: [cause] });
  }
  return [...merged.values()].map((each) => ({
    ...each,
    causes: firstAndLatest(each.causes),
    causeCount: each.causes.length,
  }));
}

/**
 * At most once a minute per connection: the row is shared with everybody, and a receipt must not queue for it. After the commit of the
 * marks: it says that webhooks come, and what it misses once the next delivery says.
 */
async function noteWebhookSeen(executor: Executor, addressees: readonly Addressee[]): Promise<void> {
  const ids = unique(addressees.flatMap(({ connection_id, unseen }) => (unseen ? [connection_id] : [])));
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
