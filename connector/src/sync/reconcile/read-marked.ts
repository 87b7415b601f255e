import { type Entity, parseRecordKey, RemoteFailure, recordKeyText } from "../../domain/index.ts";
import type { Mark } from "../marks/index.ts";
import { backOffMs } from "./back-off.ts";
import type { Owner } from "./owner.ts";
import type { OwnedConnection } from "./ports.ts";
import { emptySettlement } from "./settlement.ts";

/** Entities of which a company has one record: asked for by realm, whatever id a notification named. */
const singletons: readonly Entity[] = ["CompanyInfo", "Preferences"];

/** Reads what record marks name, in bulk; the replica's answer marks the parties that it touches. */
export async function readMarked(owner: Owner, connection: OwnedConnection, marks: readonly Mark[]): Promise<void> {
  const { ports, fence } = owner;
  const keys = [
    ...new Map(marks.map(({ key }) => parseRecordKey(key)).map((key) => [recordKeyText(key), singleton(key)])).values(),
  ];
  try {
    const answer = await ports.source.readRecords(connection.realm, keys);
    await ports.applier.apply(connection, answer, marks, fence);
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
  return singletons.includes(key.entity) ? { entity: key.entity, id: "1" } : key;
}
