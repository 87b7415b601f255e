import type { Task } from "@ml-connector/contract";
import type { StoredTask } from "../ports.ts";

export function taskView(task: StoredTask): Task {
  return {
    id: task.id,
    connectionId: task.connectionId,
    kind: task.kind,
    state: task.state,
    askedBy: task.askedBy,
    askedAt: task.askedAt.toISOString(),
    endedAt: task.endedAt?.toISOString() ?? null,
    progress: task.progress,
    result: task.result ?? null,
    error: task.error ?? null,
  } as Task; // the result is what work of this kind returned, in the contract's words
}
