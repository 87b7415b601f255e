// Nothing acknowledged is lost: each record of an acknowledged event was read after the delivery was taken.
import { sql } from "kysely";
import { type Entity, entities } from "../../src/domain/index.ts";
import type { Database } from "../../src/store/index.ts";
import { createVerifyStore } from "../../src/store/verify-store.ts";
import { connectionId } from "./world.ts";

interface Delivery {
  state: string;
  attempts: { atMs: number; outcome: string }[];
  events: { entity: string; entityId: string }[];
}

/** QuickBooks' time of an answer has whole seconds in some forms. */
const resolutionMs = 1_000;

/** Records, as `Invoice:96`, of which an event was acknowledged and that nobody has read since. */
export async function lostRecords(
  database: Database,
  company: Readonly<Record<string, unknown>>,
  deliveries: readonly Delivery[],
): Promise<string[]> {
  const acknowledged = new Map<string, { entity: Entity; id: string; atMs: number }>();
  for (const { state, attempts, events } of deliveries) {
    const atMs = attempts.at(-1)?.atMs ?? 0;
    if (state !== "delivered") continue;
    for (const { entity: name, entityId: id } of events) {
      const entity = entities.find((one) => one === name);
      if (!entity) continue;
      const known = acknowledged.get(`${entity}:${id}`);
      acknowledged.set(`${entity}:${id}`, { entity, id, atMs: Math.max(atMs, known?.atMs ?? 0) });
    }
  }
  const copies = await createVerifyStore(database).copiesOf(connectionId, [...acknowledged.values()]);
  const readAt = new Map(copies.map(({ key, readAt: at }) => [`${key.entity}:${key.id}`, at.getTime()]));
  const gone = new Set(copies.filter((copy) => copy.gone).map(({ key }) => `${key.entity}:${key.id}`));
  return [...acknowledged].flatMap(([key, { entity, id, atMs }]) => {
    const at = readAt.get(key);
    // Not there any more: our copy knows it, or never knew of it. A tombstone is not read anew.
    if (!isThere(company, entity, id)) return at === undefined || gone.has(key) ? [] : key;
    return at === undefined || at + resolutionMs < atMs ? key : [];
  });
}

function isThere(company: Readonly<Record<string, unknown>>, entity: Entity, id: string): boolean {
  const rows = company[entity];
  return Array.isArray(rows) && rows.some((row: { Id?: string }) => row.Id === id);
}

/** What the log of writes says of these organizations: for a person who has to find out what happened. */
export async function writesOf(database: Database, organizations: readonly string[]): Promise<unknown[]> {
  const { rows } = await sql`
    select id, kind, organization_id, external_id, state, outcome, epoch, lane, job_id, "values", intended_at, submitted_at, closed_at
    from write where organization_id::text = any(${[...organizations]}::text[]) or external_id = any(${[...organizations]}::text[])
    order by organization_id, id`.execute(database);
  return rows;
}

/** All rows that tell of written organizations. */
export async function writtenRows(database: Database) {
  const { rows } = await sql<{
    action: string;
    parties: string[];
    organization_id: number | null;
    after: Record<string, unknown>;
  }>`select action, parties, organization_id, after from journal order by id`.execute(database);
  return rows.map(({ organization_id: id, ...row }) => ({ ...row, organizationId: id ?? undefined }));
}
