import { type Kysely, sql } from "kysely";

/** How deep families are followed: see `settleTops`. */
const mostLevels = 20;

const statements = [
  // project_id: the nearest project at or above a customer. path_key: the folded name of its organization where sub-customers have their
  // own. That of sub-customers is made in code when names are folded anew at the next start: SQL folds no case for us.
  `alter table party add column project_id text, add column path_key text not null default ''`,
  `update party set path_key = name_key where parent_id is null`,
  `with recursive below as (
      select connection_id, id, id as project_id, 0 as level from party
      where kind = 'customer' and is_project and deleted_at is null
      union all
      select p.connection_id, p.id, b.project_id, b.level + 1 from below b
      join party p on p.connection_id = b.connection_id and p.kind = 'customer' and p.parent_id = b.id
      where b.level < ${mostLevels}
    ), nearest as (
      select distinct on (connection_id, id) connection_id, id, project_id from below order by connection_id, id, level)
    update party p set project_id = n.project_id from nearest n
    where p.connection_id = n.connection_id and p.kind = 'customer' and p.id = n.id`,
  `create index party_path_key on party (path_key, connection_id)`,
  // The effects of a card are looked up together.
  `create index plan_effect_card on plan_effect (plan_id, card)`,
  // Our key of an organization that a plan clears: undoing it gives the key back.
  `alter table plan_former add column former_external_id text`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}
