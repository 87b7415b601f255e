import type { Calls } from "../call.ts";
import type { OperatorApplication } from "../ports.ts";

export type UpkeepCalls = Calls<
  | "runDoctor"
  | "readKeys"
  | "rotateKeys"
  | "removeKey"
  | "listAlertTargets"
  | "addAlertTarget"
  | "removeAlertTarget"
  | "testAlerts"
>;

/** `note`: one line in the log for each change. */
export function upkeepCalls(
  { keys, alerts, doctor }: Pick<OperatorApplication, "keys" | "alerts" | "doctor">,
  note: (who: string, what: string) => void,
): UpkeepCalls {
  return {
    runDoctor: () => doctor(),
    readKeys: () => keys.status(),

    async rotateKeys({ caller }) {
      const rotated = await keys.rotate();
      note(caller.name, "rotated the keys");
      return rotated;
    },

    async removeKey({ caller, params }) {
      const left = await keys.remove(params.kid);
      note(caller.name, "removed a key of the ring");
      return left;
    },

    listAlertTargets: () => alerts.targets(),

    async addAlertTarget({ caller, body }) {
      const added = await alerts.add(body);
      note(caller.name, `added alert target ${added.id}`);
      return added;
    },

    async removeAlertTarget({ caller, params }) {
      const left = await alerts.remove(params.targetId);
      note(caller.name, `removed alert target ${params.targetId}`);
      return left;
    },

    testAlerts: () => alerts.test(),
  };
}
