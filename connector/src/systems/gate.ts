// Stands before every call to one system: lets none through to a company or an account that has asked us to wait, in no process.
// Not a budget (limits.ts counts calls) and not a retry: what is refused is thrown, and whoever asked decides when to ask again.
// Used by both systems' limits.
import { RemoteFailure, type System } from "../domain/index.ts";
import { judgePause } from "./judge-pause.ts";
import type { Blocks, Standing, SystemClock } from "./ports.ts";

export interface Gate {
  /** Milliseconds until the subject may be asked; 0 or less: now. */
  blockedMs(subject: string): Promise<number>;
  /** The failure to throw. One that asks to wait closes the gate, and says how long it stays closed. */
  refused(subject: string, failure: RemoteFailure): Promise<RemoteFailure>;
  /** It answered: whatever was wrong is over. */
  answered(subject: string): Promise<void>;
}

/** How stale our picture of what is stored may be: another process may have been told to wait. */
export const lookAgainMs = 1_000;
/** A call waits so long for the gate to open; past that it fails, and nobody's place is taken up by it. */
const patienceMs = 65_000;

interface Known {
  standing: Standing;
  readAt: number;
  answeredAt: number;
}

export function createGate({ system, blocks, clock }: { system: System; blocks: Blocks; clock: SystemClock }): Gate {
  const subjects = new Map<string, Known>();

  async function look(subject: string): Promise<Known> {
    const known = subjects.get(subject);
    if (known && clock.monotonicMs() - known.readAt <= lookAgainMs) return known;
    const answeredAt = known?.answeredAt ?? Number.NEGATIVE_INFINITY;
    const fresh = { standing: await blocks.standing(subject), readAt: clock.monotonicMs(), answeredAt };
    subjects.set(subject, fresh);
    return fresh;
  }

  function keep(subject: string, standing: Standing, answeredAt: number): void {
    subjects.set(subject, { standing, readAt: clock.monotonicMs(), answeredAt });
  }

  async function blockedMs(subject: string): Promise<number> {
    const { standing } = await look(subject);
    return (standing.blockedUntil?.getTime() ?? 0) - clock.wallMs();
  }

  return {
    async blockedMs(subject) {
      const waitMs = await blockedMs(subject);
      if (waitMs > patienceMs) throw closed(system, waitMs);
      return waitMs;
    },

    async refused(subject, failure) {
      if (failure.action !== "wait") return failure;
      const { standing, answeredAt } = await look(subject);
      const now = clock.wallMs();
      const stillMs = (standing.blockedUntil?.getTime() ?? 0) - now;
      // Calls that were under way when another one was refused say the same thing once more.
      if (stillMs > 0 && stillMs >= (failure.retryAfterMs ?? 0)) return waiting(failure, stillMs);
      const others = [...subjects].filter(([other]) => other !== subject).map(([, known]) => known.answeredAt);
      const pause = judgePause(failure, standing, {
        now,
        elsewhereMsAgo: clock.monotonicMs() - Math.max(Number.NEGATIVE_INFINITY, ...others),
      });
      const until = new Date(now + pause.waitMs);
      await blocks.block(subject, { until, incident: pause.incident });
      const refusedSince = standing.refusedSince ?? new Date(now);
      keep(subject, { blockedUntil: until, refusedSince, refusals: standing.refusals + 1 }, answeredAt);
      return waiting(failure, pause.waitMs);
    },

    async answered(subject) {
      const known = subjects.get(subject);
      if (!known) return;
      known.answeredAt = clock.monotonicMs();
      if (known.standing.refusals === 0) return;
      // An answer that was under way when others were refused proves nothing.
      if ((known.standing.blockedUntil?.getTime() ?? 0) > clock.wallMs()) return;
      keep(subject, { blockedUntil: undefined, refusedSince: undefined, refusals: 0 }, known.answeredAt);
      await blocks.unblock(subject);
    },
  };
}

function waiting(failure: RemoteFailure, retryAfterMs: number): RemoteFailure {
  const { system, operation, status, code, action, says, outcomeUnknown, requestId, cause } = failure;
  const same = { system, operation, status, code, action, says, outcomeUnknown, requestId, cause };
  return new RemoteFailure({ ...same, retryAfterMs });
}

function closed(system: System, waitMs: number): RemoteFailure {
  const name = system === "quickbooks" ? "QuickBooks" : "Zendesk";
  return new RemoteFailure({
    system,
    operation: "wait",
    code: "blocked",
    action: "wait",
    says: `${name} is left alone for another ${Math.ceil(waitMs / 60_000)} minutes: it asked us to wait, or did not answer.`,
    retryAfterMs: Math.ceil(waitMs),
  });
}
