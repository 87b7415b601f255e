// Who may do what is journalled, too: rows of no connection, under the same guard, retention and erasure as all others.
import { type Kysely, sql } from "kysely";

const statements = [
  `alter table journal alter column connection_id drop not null`,
  `create index journal_access on journal (id desc) where connection_id is null`,
  // A database that slept for months has no partition of today.
  `select journal_make_months(2)`,
  // Those who were there before: what the first change to them is a change of.
  `insert into journal (action, who, outcome, after)
  select 'operator-known', 'the service', 'operator ' || o.id, jsonb_build_object('name', o.name, 'may', coalesce((
    select string_agg(g.role || ' on ' || coalesce('connection ' || g.connection_id, 'every connection'), ', '
      order by g.connection_id nulls first) from operator_grant g where g.operator_id = o.id), 'nothing'))
  from operator o where o.disabled_at is null order by o.id`,
  `insert into journal (action, who, outcome, after)
  select 'api-key-known', k.made_by, 'API key ' || k.id, jsonb_build_object('name', k.name, 'may', k.role || ' on ' || coalesce(
    'connections ' || array_to_string(k.connections, ', '), 'every connection'))
  from api_key k where k.revoked_at is null order by k.id`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}
