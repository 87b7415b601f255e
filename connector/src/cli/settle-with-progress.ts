import type { ConnectionId } from "../domain/index.ts";
import type { Application } from "./application.ts";
import type { Terminal } from "./output/index.ts";

/** Works until nothing is due or the time is up, and shows how far it is. Returns how many keys are still due. */
export async function settleWithProgress(
  terminal: Terminal,
  application: Pick<Application, "settleBacklog">,
  connectionId: ConnectionId,
  timeoutMs: number,
): Promise<number> {
  const progress = terminal.progress();
  let due = 0;
  let most = 0;
  try {
    for await (const step of application.settleBacklog(connectionId, { timeoutMs })) {
      due = step.due;
      most = Math.max(most, due);
      if (most > 0) progress.at({ title: "Working", done: most - due, total: most, says: "" });
    }
  } finally {
    progress.end();
  }
  return due;
}
