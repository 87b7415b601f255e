import {
  type Entity,
  parseRecordKey,
  priorities,
  type RecordKey,
  RemoteFailure,
  recordKeyText,
} from "../../../domain/index.ts";
import type { Mark } from "../../marks/index.ts";
import { applyRecords, notReadCause } from "../../replica/index.ts";
import { backOffMs, wholeWaitMs } from "../deliver/back-off.ts";
import type { Owner } from "../own/owner.ts";
import type { OwnedConnection } from "../ports.ts";
import { emptySettlement } from "../settle/settlement.ts";
import { readTogether } from "./read-together.ts";

/** Entities of which a company has one record: asked for by realm, whatever id a notification named. */
const singletons: ReadonlySet<Entity> = new Set(["CompanyInfo", "Preferences"]);

/**
 * Reads what record marks name, in bulk; the replica's answer marks the parties that it touches. Records whose read has failed before are
 * asked for in ever smaller groups, so that a bad one soon stands alone.
 */
export async function readMarked(
  owner: Owner,
  lane: "live" | "bulk",
  connection: OwnedConnection,
  marks: readonly Mark[],
): Promise<void> {
  for (const group of readTogether(marks)) await readGroup(owner, lane, connection, group);
}

async function readGroup(
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
    // A line that breaks is no fault of the records; an error of theirs may be.
    const counted = !whole && fault.status !== undefined;
    const settlement = emptySettlement();
    const [only] = marks;
    if (counted && only && marks.length === 1 && isLast(only, fault, connection)) {
      // Before the mark ends: whoever dies in between gives up once more.
      await ports.incidents.note({
        cause: `${notReadCause}${only.key}`,
        says: `QuickBooks does not hand out ${only.key} (${fault.code}): ${fault.says} It was asked ${only.attempts + 1} times; its client keeps the figures of before. When QuickBooks shows it again: ml-connector replay --parked --connection ${connection.id}`,
        connectionId: connection.id,
        affectedNow: 1,
      });
      settlement.settled.push(only);
    } else
      for (const mark of marks)
        settlement.deferred.push({
          ...mark,
          waitMs: whole ? wholeWaitMs(fault) : backOffMs(mark.attempts, ports.random),
          failure: counted ? fault.code : undefined,
        });
    await owner.commit(settlement);
  }
}

/** Only a record that was asked for by itself is to blame; what is refused for good is not asked again. */
function isLast(mark: Mark, fault: RemoteFailure, { settings }: OwnedConnection): boolean {
  return fault.action === "park" || fault.action === "bug" || mark.attempts + 1 >= settings.maxAttempts;
}

function singleton(key: RecordKey): RecordKey {
  return singletons.has(key.entity) ? { entity: key.entity, id: "1" } : key;
}
