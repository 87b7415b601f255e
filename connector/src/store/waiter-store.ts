import { type RawBuilder, sql } from "kysely";
import { type ConnectionId, priorities, type Subdomain, type WaitKey } from "../domain/index.ts";
import type { Executor } from "./database.ts";
import { causeTime } from "./database-time.ts";
import { insertMarks } from "./mark-store.ts";

export interface Waiter {
  connectionId: ConnectionId;
  /** Of the parked party: `customer:12`. */
  key: string;
  waitKey: WaitKey;
}

/** The parked parties of an account that wait for one of these to change. `subdomain`: a value, or SQL that gives it. */
export async function waitersOf(
  executor: Executor,
  subdomain: Subdomain | RawBuilder<unknown>,
  waitKeys: readonly WaitKey[],
): Promise<Waiter[]> {
  if (waitKeys.length === 0) return [];
  const keys = sql`${[...waitKeys]}::text[]`;
  const { rows } = await sql<{ connection_id: ConnectionId; key: string; wait_key: string }>`
    select d.connection_id, d.kind || ':' || d.id as key, waited.wait_key
    from disposition d join connection c on c.id = d.connection_id
    cross join lateral unnest(d.waits_for) as waited (wait_key)
    where d.state = 'parked' and d.waits_for && ${keys} and waited.wait_key = any(${keys})
      and c.subdomain = ${subdomain}`.execute(executor);
  return rows.map((row) => ({ connectionId: row.connection_id, key: row.key, waitKey: row.wait_key }));
}

/** Marks them: what they wait for has changed. */
export async function wakeWaiters(
  executor: Executor,
  subdomain: Subdomain,
  waitKeys: readonly WaitKey[],
): Promise<void> {
  if (waitKeys.length === 0) return;
  const waiters = await waitersOf(executor, subdomain, [...new Set(waitKeys)]);
  if (waiters.length === 0) return;
  const at = await causeTime(executor);
  await insertMarks(
    executor,
    waiters.map(({ connectionId, key, waitKey }) => ({
      connectionId,
      kind: "party",
      key,
      priority: priorities.background,
      causes: [{ kind: "healed", what: kindOf(waitKey), at }],
    })),
  );
}

/** `address`, not the address: causes are kept and shown. */
function kindOf(waitKey: WaitKey): string {
  return waitKey.split(":", 1)[0] ?? "";
}
