// The journal is append-only: rows are changed and removed by the functions made here alone, which run as the role that owns it.
// Where the service connects as another role, that one has no right to do more than read and add (store/roles.ts). Where it is the owner
// itself, a trigger stops what is not one of these functions: slips and injected statements, not somebody who may do anything anyway.
import { type Kysely, sql } from "kysely";

const statements = [
  `create function journal_guard() returns trigger language plpgsql as $$
  begin
    if current_setting('ml_connector.journal', true) = 'owner' then
      return case tg_op when 'DELETE' then old when 'UPDATE' then new end;
    end if;
    raise exception 'the journal is append-only' using errcode = 'insufficient_privilege';
  end $$`,
  `create trigger journal_append_only before update or delete on journal for each row execute function journal_guard()`,
  `create trigger journal_never_emptied before truncate on journal for each statement execute function journal_guard()`,
  // Months are made ahead; a month's own statements are guarded where the month is made, since only row triggers are inherited.
  `create function journal_make_months(ahead integer) returns void language plpgsql
    security definer set search_path from current as $$
  declare month date; name text;
  begin
    for step in 0..ahead loop
      month := (date_trunc('month', now()) + make_interval(months => step))::date;
      name := 'journal_' || to_char(month, 'YYYY_MM');
      if to_regclass(name) is null then
        execute format('create table %I partition of journal for values from (%L) to (%L)', name, month, month + interval '1 month');
        execute format('create trigger journal_never_emptied before truncate on %I for each statement execute function journal_guard()', name);
      end if;
    end loop;
  end $$`,
  // Whole months go as tables, at once; what is left of the oldest month goes row by row. Returns the rows that went singly.
  `create function journal_forget_before(day date) returns bigint language plpgsql
    security definer set search_path from current set lock_timeout = '2s' as $$
  declare month record; gone bigint;
  begin
    perform set_config('ml_connector.journal', 'owner', true);
    for month in
      select c.relname, to_date(right(c.relname, 7), 'YYYY_MM') as starts
      from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'journal'::regclass and c.relname ~ '^journal_[0-9]{4}_[0-9]{2}$'
    loop
      if (month.starts + interval '1 month')::date <= day then execute format('drop table %I', month.relname); end if;
    end loop;
    delete from journal where at < day;
    get diagnostics gone = row_count;
    perform set_config('ml_connector.journal', '', true);
    return gone;
  end $$`,
  // Takes a person's texts out of the rows that hold them. The patterns are regular expressions: the first for JSON, the second for plain text.
  `create function journal_erase(in_json text, in_text text, put text) returns bigint language plpgsql
    security definer set search_path from current as $$
  declare changed bigint;
  begin
    perform set_config('ml_connector.journal', 'owner', true);
    update journal set
      before = regexp_replace(before::text, in_json, put, 'gi')::jsonb,
      after = regexp_replace(after::text, in_json, put, 'gi')::jsonb,
      causes = regexp_replace(causes::text, in_json, put, 'gi')::jsonb,
      outcome = regexp_replace(outcome, in_text, put, 'gi')
    where before::text ~* in_json or after::text ~* in_json or causes::text ~* in_json or outcome ~* in_text;
    get diagnostics changed = row_count;
    perform set_config('ml_connector.journal', '', true);
    return changed;
  end $$`,
  `revoke execute on function journal_make_months(integer), journal_forget_before(date), journal_erase(text, text, text) from public`,
  `do $$ declare month regclass; begin
    for month in select inhrelid::regclass from pg_inherits where inhparent = 'journal'::regclass loop
      execute format('create trigger journal_never_emptied before truncate on %s for each statement execute function journal_guard()', month);
    end loop;
  end $$`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}
