/** The simulator's only source of time: real by default, moved and frozen through the control port. */
export interface Clock {
  now(): number;
  set(nowMs: number): void;
  advance(byMs: number): void;
  freeze(frozen: boolean): void;
  /** Calls `run` once simulated time has reached `atMs`; returns the way to take it back. */
  schedule(atMs: number, run: () => void): () => void;
  stop(): void;
}

interface Alarm {
  atMs: number;
  run: () => void;
}

// Node's timers overflow above 2^31-1 ms; a later look re-arms.
const longestTimerMs = 2_000_000_000;

export function createClock(realNow: () => number): Clock {
  let offsetMs = 0;
  let frozenAtMs: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  const alarms = new Set<Alarm>();

  const now = () => frozenAtMs ?? realNow() + offsetMs;

  function rearm(): void {
    clearTimeout(timer);
    timer = undefined;
    if (alarms.size === 0) return;
    const nextAtMs = Math.min(...[...alarms].map((alarm) => alarm.atMs));
    const waitMs = nextAtMs - now();
    if (frozenAtMs !== undefined && waitMs > 0) return;
    timer = setTimeout(ring, Math.max(0, Math.min(waitMs, longestTimerMs)));
  }

  function ring(): void {
    const nowMs = now();
    const due = [...alarms].filter((alarm) => alarm.atMs <= nowMs).sort((a, b) => a.atMs - b.atMs);
    for (const alarm of due) {
      if (alarms.delete(alarm)) alarm.run();
    }
    rearm();
  }

  function set(nowMs: number): void {
    if (frozenAtMs === undefined) offsetMs = nowMs - realNow();
    else frozenAtMs = nowMs;
    rearm();
  }

  return {
    now,
    set,
    advance: (byMs) => set(now() + byMs),
    freeze(frozen) {
      if (frozen && frozenAtMs === undefined) frozenAtMs = now();
      else if (!frozen && frozenAtMs !== undefined) {
        offsetMs = frozenAtMs - realNow();
        frozenAtMs = undefined;
      }
      rearm();
    },
    schedule(atMs, run) {
      const alarm = { atMs, run };
      alarms.add(alarm);
      rearm();
      return () => {
        if (alarms.delete(alarm)) rearm();
      };
    },
    stop() {
      alarms.clear();
      clearTimeout(timer);
    },
  };
}
