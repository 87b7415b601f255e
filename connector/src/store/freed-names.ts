import { sql } from "kysely";
import { type ConnectionId, type PartyKey, partyKeyText, priorities, type Subdomain } from "../domain/index.ts";
import { familiesOfRow, isHolder } from "./card-holder.ts";
import type { Executor } from "./database.ts";
import type { NameFolding } from "./directory-organizations.ts";
import { insertMarks } from "./mark-store.ts";

/** Organizations of ours gave these names up: whoever would bear one of them is looked at, to get out of its suffix. */
export async function markWantersOf(
  executor: Executor,
  fold: NameFolding,
  subdomain: Subdomain,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return;
  const keys = names.map((name) => fold(name).nameKey);
  const { rows } = await sql<PartyKey & { connection_id: ConnectionId; at: Date }>`
    select p.connection_id, p.kind, p.id, now() as at from party p join connection c on c.id = p.connection_id
    where (p.name_key = any(${keys}::text[]) or p.path_key = any(${keys}::text[])) and p.deleted_at is null
      and ${isHolder("p", familiesOfRow("c"))} and c.subdomain = ${subdomain}`.execute(executor);
  await insertMarks(
    executor,
    rows.map((row) => ({
      connectionId: row.connection_id,
      kind: "party",
      key: partyKeyText(row),
      priority: priorities.background,
      causes: [{ kind: "healed", what: "name", at: row.at.toISOString() }],
    })),
  );
}
