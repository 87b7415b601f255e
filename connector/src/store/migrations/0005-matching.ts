// Matching, complete: where the hourly export of users stands, what near names and billing addresses are found by, answers in batches,
// and what people said about organizations and names once and for all.
import { type Kysely, sql } from "kysely";

const statements = [
  // user_export: {time, cursor}. An account that was loaded before goes on a day before its load: what was lost since then comes again.
  `alter table account add column user_export jsonb`,
  `update account set user_export = jsonb_build_object('time', floor(extract(epoch from directory_loaded_at - interval '1 day')))
    where directory_loaded_at is not null`,
  // near_keys: made in code; who shares one is worth a comparison. Asked for all at once, so in no index. mail_addresses: `field address` of the account's own fields.
  `alter table organization add column near_keys text[] not null default '{}', add column mail_addresses text[] not null default '{}'`,
  `create index organization_mail_addresses on organization using gin (mail_addresses)`,
  `create index organization_domains on organization using gin (domains)`,
  `create index party_address_domain on party_address (split_part(address, '@', 2), connection_id)`,
  // The version of the rules by which the forms of names in this database were made; another one makes them anew at the next start.
  `create table name_folding (version integer not null)`,
  `insert into name_folding values (0)`,
  `create table answer_batch (
    id bigint generated always as identity primary key,
    connection_id bigint not null,
    rule jsonb not null,
    who text not null,
    at timestamptz not null default now(),
    undone_at timestamptz,
    undone_by text
  )`,
  `create index answer_batch_connection on answer_batch (connection_id, id desc)`,
  // replaces: the answer that stood before; it stands again when this one is undone.
  `alter table answer add column batch_id bigint references answer_batch, add column replaces bigint`,
  `create index answer_of_batch on answer (batch_id) where batch_id is not null`,
  `create table ignore_rule (
    id bigint generated always as identity primary key,
    connection_id bigint not null,
    rule jsonb not null,
    who text not null,
    at timestamptz not null default now(),
    ended_at timestamptz,
    ended_by text
  )`,
  `create index ignore_rule_standing on ignore_rule (connection_id) where ended_at is null`,
  // Organizations that hold several clients, as a person said: no evidence for any of them.
  `create table container (
    subdomain text not null,
    organization_id bigint not null,
    who text not null,
    at timestamptz not null default now(),
    primary key (subdomain, organization_id)
  )`,
  `create table organization_merge (
    subdomain text not null,
    loser_id bigint not null,
    winner_id bigint not null,
    primary key (subdomain, loser_id)
  )`,
  // Pairs that look alike and are not the same, as a person said. first_id < second_id.
  `create table not_duplicate (
    subdomain text not null,
    first_id bigint not null,
    second_id bigint not null,
    who text not null,
    at timestamptz not null default now(),
    primary key (subdomain, first_id, second_id)
  )`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}
