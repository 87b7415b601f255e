// Whose card a party belongs to, as SQL: see `Families` in the domain. The replica keeps what never depends on the setting (the top of
// the family, the nearest project); the setting is laid over it in each question, so that a plan may ask under another one.
import { type RawBuilder, sql } from "kysely";
import type { ConnectionId, Families } from "../domain/index.ts";

/** The id of the party whose card has that of row `p`. A vendor is its own top, and nobody's project. */
export function holderOf(p: string, families: RawBuilder<unknown>): RawBuilder<string> {
  const column = (name: string) => sql.ref(`${p}.${name}`);
  return sql<string>`case ${families} when 'separate' then ${column("id")}
    when 'without-projects' then coalesce(${column("project_id")}, ${column("top_id")}) else ${column("top_id")} end`;
}

export function isHolder(p: string, families: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`${holderOf(p, families)} = ${sql.ref(`${p}.id`)}`;
}

/** The key of the name that the organization of row `p` would get. */
export function bareNameKeyOf(p: string, families: RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`case ${families} when 'roll-up' then ${sql.ref(`${p}.name_key`)} else ${sql.ref(`${p}.path_key`)} end`;
}

/** What the connection of row `c` says; the default is that of `connections/settings`. */
export function familiesOfRow(c: string): RawBuilder<string> {
  return sql<string>`coalesce(${sql.ref(`${c}.settings`)} ->> 'families', 'roll-up')`;
}

/** As asked; else as the connection's setting in force says. */
export function familiesAsked(connectionId: ConnectionId, families: Families | undefined): RawBuilder<string> {
  if (families !== undefined) return sql<string>`${families}::text`;
  return sql<string>`(select ${familiesOfRow("c")} from connection c where c.id = ${connectionId})`;
}
