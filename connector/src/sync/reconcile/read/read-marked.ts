import { type Entity, parseRecordKey, priorities, RemoteFailure, recordKeyText } from "../../../domain/index.ts";
import type { Mark } from "../../marks/index.ts";
import { applyRecords } from "../../replica/index.ts";
import { backOffMs } from "../deliver/back-off.ts";
import type { Owner } from "../own/owner.ts";
import type { OwnedConnection } from "../ports.ts";
import { emptySettlement } from "../settle/settlement.ts";

/** Entities of which a company has one record: asked for by realm, whatever id a notification named. */
const singletons: ReadonlySet<Entity> = new Set(["CompanyInfo", "Preferences"]);

/** Reads what record marks name, in bulk; the replica's answer marks the parties that it touches. */
export async function readMarked(
  owner: Owner,
  lane: "live" | "bulk",
  connection: OwnedConnection,
  marks: readonly Mark[],
): Promise<void> {
  const { ports, fence } = owner;
  const keys = [
    ...new Map(marks.map(({ key }) => parseRecordKey(key)).map((key) => [recordKeyText(key), singleton(key)])).values(),
  ];
  try {
    const answer = await ports.sources[lane].readRecords(connection.realm, keys);
    await applyRecords(
      { replica: ports.replica, incidents: ports.incidents },
      {
        connectionId: connection.id,
        answer,
        gone: answer.gone,
        marks,
        cause: { kind: "ripple", of: "a record that was read with others", at: answer.readAt },
        priority: priorities.background,
        ripples: connection.state === "loading" ? "none" : "all",
        fence,
      },
    );
  } catch (fault) {
    if (!(fault instanceof RemoteFailure)) throw fault;
    const whole = await owner.noteFailure(fault, connection);
    const settlement = emptySettlement();
    for (const mark of marks)
      settlement.deferred.push({
        ...mark,
        waitMs: whole ? (fault.retryAfterMs ?? 1_000) : backOffMs(mark.attempts, ports.random),
        failure: whole ? undefined : fault.code,
      });
    await owner.commit(settlement);
  }
}

function singleton(key: { entity: Entity; id: string }): { entity: Entity; id: string } {
  return singletons.has(key.entity) ? { entity: key.entity, id: "1" } : key;
}
