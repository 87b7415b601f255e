/** Simulated time in milliseconds: real time plus an offset, or standing still. */
export interface Clock {
  now(): number;
  /** Sets, then advances, then freezes or thaws: the order in which a test means them. */
  change(change: ClockChange): void;
  isFrozen(): boolean;
  /** Called after each change, so that whoever waits for a simulated time can look again. */
  onChange(listener: () => void): void;
}

export interface ClockChange {
  now?: number;
  advanceMs?: number;
  freeze?: boolean;
}

export function createClock(realNow: () => number): Clock {
  let offsetMs = 0;
  let frozenAt: number | undefined;
  const listeners: (() => void)[] = [];
  const now = (): number => frozenAt ?? realNow() + offsetMs;
  const moveTo = (time: number): void => {
    if (frozenAt !== undefined) frozenAt = time;
    offsetMs = time - realNow();
  };
  return {
    now,
    change(change) {
      if (change.now !== undefined) moveTo(change.now);
      if (change.advanceMs !== undefined) moveTo(now() + change.advanceMs);
      if (change.freeze === true) frozenAt = now();
      if (change.freeze === false && frozenAt !== undefined) {
        const thawedAt = frozenAt;
        frozenAt = undefined;
        moveTo(thawedAt);
      }
      for (const listener of listeners) listener();
    },
    isFrozen: () => frozenAt !== undefined,
    onChange: (listener) => void listeners.push(listener),
  };
}

/** As Zendesk writes times: ISO 8601 in UTC with whole seconds. */
export function isoSeconds(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}
