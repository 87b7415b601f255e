// Mapping versions; plans with a change, with effects in rows of their own, and with what they wrote over.
import { type Kysely, sql } from "kysely";

const statements = [
  `create table mapping (
    connection_id bigint not null references connection on delete cascade,
    version integer not null check (version > 0),
    document jsonb not null,
    made_by text not null,
    made_at timestamptz not null default now(),
    note text,
    primary key (connection_id, version)
  )`,
  `alter table plan
    add column change jsonb not null default '{"kind": "first-load"}',
    add column before jsonb,
    add column ended_at timestamptz,
    drop constraint plan_state_check`,
  // Until now approving was all: everything that such a plan marked has been decided since.
  `update plan set state = 'applied', ended_at = approved_at where state = 'approved'`,
  `alter table plan add constraint plan_state_check check (state in
    ('drafted', 'proposed', 'trying', 'approved', 'applying', 'stopped', 'applied', 'discarded', 'restoring', 'restored'))`,
  `create index plan_connection on plan (connection_id, id desc)`,
  // One plan at a time decides what a connection's cards get.
  `create unique index plan_under_way on plan (connection_id) where state in ('trying', 'approved', 'applying', 'stopped')`,
  `create table plan_effect (
    plan_id bigint not null references plan on delete cascade,
    party text not null,
    position integer not null,
    card text not null,
    effect text not null,
    organization_id bigint,
    organization text,
    because text,
    changed jsonb not null default '{}',
    traits text[] not null default '{}',
    canary boolean not null default false,
    state text not null default 'planned' check (state in ('planned', 'done', 'failed', 'changed', 'left')),
    found jsonb,
    primary key (plan_id, party)
  )`,
  `create index plan_effect_open on plan_effect (plan_id, position) where state in ('planned', 'changed')`,
  `insert into plan_effect (plan_id, party, position, card, effect, organization, because, state)
    select distinct on (plan.id, effect ->> 'party')
      plan.id, effect ->> 'party', place, effect ->> 'party', effect ->> 'effect', effect ->> 'organization', effect ->> 'because',
      case when plan.state = 'applied' then 'done' else 'planned' end
    from plan cross join lateral jsonb_array_elements(plan.effects) with ordinality as listed (effect, place)
    order by plan.id, effect ->> 'party', place`,
  `alter table plan drop column effects`,
  // Kept for every organization before a plan writes to it for the first time. Values by field key, in canonical form.
  `create table plan_former (
    plan_id bigint not null references plan on delete cascade,
    organization_id bigint not null,
    party text not null,
    created boolean not null default false,
    former jsonb not null default '{}',
    written jsonb not null default '{}',
    former_name text,
    written_name text,
    primary key (plan_id, organization_id)
  )`,
  `create index plan_former_organization on plan_former (organization_id)`,
  `alter table write drop constraint write_kind_check,
    add constraint write_kind_check check (kind in ('create', 'update', 'membership', 'remove'))`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}
