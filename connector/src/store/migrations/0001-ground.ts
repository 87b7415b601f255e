// The first shape of the database. Keys start with the connection wherever a row belongs to one; directory, names, budgets and the
// owner's epoch belong to the account. Nothing here is ever edited after a release: later shapes are later migrations.
import { type Kysely, sql } from "kysely";

const documentPartitions = 16;

const statements = [
  // --- who is connected to whom -------------------------------------------------------------------------------------------------
  `create table company (
    realm text primary key,
    name text,
    country text,
    home_currency text not null default 'USD',
    zone text,
    zone_source text,
    blocked_until timestamptz,
    created_at timestamptz not null default now()
  )`,
  // epoch: raised once at the start of each ownership; claim and settle compare it under "for no key update".
  `create table account (
    subdomain text primary key,
    epoch bigint not null default 0,
    owner text,
    owned_at timestamptz,
    blocked_until timestamptz,
    directory_loaded_at timestamptz,
    directory_position jsonb,
    created_at timestamptz not null default now()
  )`,
  `create table connection (
    id bigint generated always as identity primary key,
    realm text references company,
    subdomain text references account,
    state text not null check (state in ('connecting', 'loading', 'planned', 'active', 'paused', 'disconnected')),
    paused_by text,
    settings jsonb not null default '{}',
    mapping_version integer not null default 1,
    swept_at timestamptz,
    poll_cursor timestamptz,
    polled_at timestamptz,
    poll_due_at timestamptz,
    sweep_due_at timestamptz,
    webhook_seen_at timestamptz,
    clock_day date,
    fields_ready_at timestamptz,
    refused_entities text[] not null default '{}',
    created_at timestamptz not null default now(),
    unique (realm, subdomain)
  )`,
  `create table credential (
    id bigint generated always as identity primary key,
    system text not null check (system in ('quickbooks', 'zendesk')),
    client_id text not null,
    subject text not null,
    way text not null check (way in ('authorization-code', 'client-credentials', 'api-token')),
    state text not null check (state in ('valid', 'refused')),
    sealed text not null,
    access_expires_at timestamptz,
    refresh_expires_at timestamptz,
    hard_expires_at timestamptz,
    scopes text,
    attempt_started_at timestamptz,
    refused_because text,
    refreshed_at timestamptz not null default now(),
    unique (system, client_id, subject)
  )`,
  `create table oauth_state (
    state_hash bytea primary key,
    system text not null,
    connection_id bigint not null references connection on delete cascade,
    sealed_verifier text,
    expires_at timestamptz not null,
    used_at timestamptz,
    outcome text
  )`,
  // --- replica: the local copy of QuickBooks ------------------------------------------------------------------------------------
  // name_key: full case fold of the organization name the party would get, made in code. read_at: time of the answer it came with.
  `create table party (
    connection_id bigint not null,
    kind text not null check (kind in ('customer', 'vendor')),
    id text not null,
    display_name text not null,
    company_name text,
    given_name text,
    family_name text,
    fully_qualified_name text not null,
    active boolean not null,
    parent_id text,
    top_id text not null,
    is_project boolean not null default false,
    currency text not null,
    balance numeric not null,
    phone text,
    billing_address text,
    terms_id text,
    name_key text not null,
    name_stems text[] not null,
    last_document_on date,
    record jsonb not null,
    content_hash bytea not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    sync_token bigint not null,
    read_at timestamptz not null,
    deleted_at timestamptz,
    run_id bigint,
    primary key (connection_id, kind, id)
  )`,
  `create index party_family on party (connection_id, top_id) where kind = 'customer'`,
  `create index party_name_key on party (name_key, connection_id)`,
  `create index party_name_stems on party using gin (name_stems)`,
  `create table party_address (
    connection_id bigint not null,
    address text not null,
    kind text not null,
    id text not null,
    position smallint not null,
    primary key (connection_id, kind, id, address)
  )`,
  `create index party_address_lookup on party_address (address, connection_id)`,
  `create table document (
    connection_id bigint not null,
    entity text not null,
    id text not null,
    party_kind text not null,
    party_id text not null,
    number text,
    date date not null,
    due_date date,
    terms_id text,
    total numeric not null,
    balance numeric not null,
    unapplied numeric not null,
    currency text not null,
    exchange_rate numeric,
    home_balance numeric,
    voided boolean not null,
    bill_addresses text[] not null default '{}',
    linked text[] not null default '{}',
    content_hash bytea not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    sync_token bigint not null,
    read_at timestamptz not null,
    deleted_at timestamptz,
    run_id bigint,
    primary key (connection_id, entity, id)
  ) partition by hash (connection_id)`,
  ...Array.from(
    { length: documentPartitions },
    (_, part) =>
      `create table document_${part} partition of document for values with (modulus ${documentPartitions}, remainder ${part})`,
  ),
  `create index document_party on document (connection_id, party_kind, party_id)`,
  `create table reference_record (
    connection_id bigint not null,
    entity text not null,
    id text not null,
    name text,
    record jsonb not null,
    content_hash bytea not null,
    updated_at timestamptz not null,
    sync_token bigint not null,
    read_at timestamptz not null,
    deleted_at timestamptz,
    run_id bigint,
    primary key (connection_id, entity, id)
  )`,
  `create table sweep (
    id bigint generated always as identity primary key,
    connection_id bigint not null references connection on delete cascade,
    requested_by text not null,
    started_at timestamptz not null default now(),
    server_started_at timestamptz,
    finished_at timestamptz,
    position jsonb not null default '{}',
    rows bigint not null default 0,
    total bigint,
    calls integer not null default 0
  )`,
  `create unique index sweep_open on sweep (connection_id) where finished_at is null`,
  // --- directory: what Zendesk has ----------------------------------------------------------------------------------------------
  `create table organization (
    subdomain text not null,
    id bigint not null,
    name text not null,
    name_key text not null,
    name_stem text not null,
    external_id text,
    keys text[] not null default '{}',
    domains text[] not null default '{}',
    fields jsonb not null default '{}',
    updated_at timestamptz,
    seen_at timestamptz not null,
    gone_at timestamptz,
    primary key (subdomain, id)
  )`,
  `create index organization_name_key on organization (subdomain, name_key) where gone_at is null`,
  `create index organization_name_stem on organization (subdomain, name_stem) where gone_at is null`,
  `create index organization_keys on organization using gin (keys)`,
  `create table zendesk_user (
    subdomain text not null,
    id bigint not null,
    organization_id bigint,
    agent boolean not null,
    seen_at timestamptz not null,
    gone_at timestamptz,
    primary key (subdomain, id)
  )`,
  `create index zendesk_user_organization on zendesk_user (subdomain, organization_id) where gone_at is null`,
  `create table zendesk_user_address (
    subdomain text not null,
    address text not null,
    user_id bigint not null,
    primary key (subdomain, address, user_id)
  )`,
  `create index zendesk_user_address_user on zendesk_user_address (subdomain, user_id)`,
  // --- links, answers, cards ----------------------------------------------------------------------------------------------------
  `create table link (
    connection_id bigint not null,
    kind text not null,
    id text not null,
    subdomain text not null,
    organization_id bigint not null,
    origin text not null check (origin in ('created', 'adopted')),
    step text not null,
    evidence jsonb not null default '[]',
    confirmed_by text,
    created_at timestamptz not null default now(),
    primary key (connection_id, kind, id)
  )`,
  `create index link_organization on link (subdomain, organization_id)`,
  `create table answer (
    id bigint generated always as identity primary key,
    connection_id bigint not null,
    kind text not null,
    id_of_party text not null,
    answer jsonb not null,
    who text not null,
    at timestamptz not null default now(),
    undone_at timestamptz,
    undone_by text
  )`,
  `create unique index answer_standing on answer (connection_id, kind, id_of_party) where undone_at is null`,
  `create table disposition (
    connection_id bigint not null,
    kind text not null,
    id text not null,
    state text not null check (state in ('linked', 'rolled-up', 'parked', 'ignored', 'out-of-scope')),
    reason text,
    detail jsonb not null default '{}',
    waits_for text[] not null default '{}',
    decided_at timestamptz not null default now(),
    primary key (connection_id, kind, id)
  )`,
  `create index disposition_waits_for on disposition using gin (waits_for)`,
  `create index disposition_parked on disposition (connection_id, reason) where state = 'parked'`,
  `create table card (
    subdomain text not null,
    organization_id bigint not null,
    connection_id bigint not null,
    applied jsonb not null default '{}',
    applied_name text,
    mapping_version integer not null,
    next_flip_on date,
    settled_at timestamptz not null default now(),
    primary key (subdomain, organization_id)
  )`,
  `create index card_next_flip on card (connection_id, next_flip_on)`,
  // --- marks ---------------------------------------------------------------------------------------------------------------------
  // gen and causes are deliberately in no index, so that marking again is a HOT update.
  `create table mark (
    connection_id bigint not null,
    kind text not null check (kind in ('record', 'party')),
    key text not null,
    gen bigint not null default 1,
    priority smallint not null,
    due_at timestamptz not null default now(),
    first_at timestamptz not null default now(),
    attempts integer not null default 0,
    causes jsonb not null default '[]',
    cause_count integer not null default 1,
    primary key (connection_id, kind, key)
  ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500)`,
  `create index mark_due on mark (connection_id, kind, priority desc, due_at)`,
  // --- writes, journal, incidents -----------------------------------------------------------------------------------------------
  `create table write (
    id bigint generated always as identity primary key,
    subdomain text not null,
    connection_id bigint not null,
    kind text not null check (kind in ('create', 'update', 'membership')),
    parties text[] not null,
    organization_id bigint,
    external_id text,
    name_key text,
    "values" jsonb not null,
    before jsonb not null default '{}',
    marks jsonb not null default '[]',
    causes jsonb not null default '[]',
    mapping_version integer not null,
    lane text not null check (lane in ('live', 'bulk')),
    epoch bigint not null,
    state text not null default 'intended' check (state in ('intended', 'submitted', 'done', 'lost')),
    job_id text,
    position smallint,
    outcome text,
    request_id text,
    intended_at timestamptz not null default now(),
    deadline_at timestamptz not null,
    submitted_at timestamptz,
    closed_at timestamptz,
    recheck_at timestamptz,
    check ((closed_at is null) = (state in ('intended', 'submitted'))),
    check (state <> 'submitted' or job_id is not null)
  )`,
  // One open write per organization, across lanes, processes and epochs: the database refuses a second one.
  `create unique index write_open_organization on write (subdomain, organization_id)
    where closed_at is null and kind <> 'membership' and organization_id is not null`,
  `create unique index write_open_external_id on write (subdomain, external_id) where closed_at is null and kind = 'create'`,
  `create unique index write_open_name on write (subdomain, name_key) where closed_at is null and name_key is not null`,
  `create index write_open on write (subdomain, epoch) where closed_at is null`,
  `create index write_recheck on write (subdomain, recheck_at) where recheck_at is not null`,
  `create index write_recent on write (subdomain, organization_id, submitted_at)`,
  `create table journal (
    id bigint generated always as identity,
    at timestamptz not null default now(),
    connection_id bigint not null,
    action text not null,
    parties text[] not null default '{}',
    organization_id bigint,
    who text not null,
    causes jsonb not null default '[]',
    before jsonb not null default '{}',
    after jsonb not null default '{}',
    outcome text not null,
    write_id bigint,
    request_ids jsonb not null default '{}',
    primary key (id, at)
  ) partition by range (at)`,
  `create index journal_connection on journal (connection_id, id desc)`,
  `create index journal_parties on journal using gin (parties)`,
  `create index journal_organization on journal (organization_id, id desc)`,
  `create table incident (
    id bigint generated always as identity primary key,
    connection_id bigint,
    subdomain text,
    cause text not null,
    says text not null,
    affected integer not null default 1,
    opened_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    resolved_at timestamptz
  )`,
  `create unique index incident_open on incident (cause, coalesce(connection_id, 0), coalesce(subdomain, '')) where resolved_at is null`,
  `create table plan (
    id bigint generated always as identity primary key,
    connection_id bigint not null references connection on delete cascade,
    kind text not null,
    state text not null check (state in ('proposed', 'approved', 'discarded')),
    counts jsonb not null,
    effects jsonb not null default '[]',
    proposed_at timestamptz not null default now(),
    approved_at timestamptz,
    approved_by text
  )`,
];

/** Journal months are made ahead by the tick; the first ones here, so that the first write has somewhere to go. */
const journalMonths = `do $$ declare month date; begin
  for step in 0..2 loop
    month := (date_trunc('month', now()) + make_interval(months => step))::date;
    execute format('create table journal_%s partition of journal for values from (%L) to (%L)',
      to_char(month, 'YYYY_MM'), month, month + interval '1 month');
  end loop;
end $$`;

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of [...statements, journalMonths]) await sql.raw(statement).execute(database);
}
