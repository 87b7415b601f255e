const windowMs = 5 * 60_000;
const mostErrors = 1000;
const errorShare = 0.7;
// From how many calls on the share counts, and how long the pause is, is not documented.
const leastCalls = 20;
const pauseMs = 30_000;

/**
 * Pauses a webhook that fails too often: 70 % errors, or more than 1,000, within five minutes (second-hand; Zendesk's
 * help names a circuit breaker). States: closed --(too many errors)--> open --(pause over)--> closed.
 */
export class Breaker {
  #calls: { at: number; isError: boolean }[] = [];
  #openUntil = 0;

  isOpen(now: number): boolean {
    return now < this.#openUntil;
  }

  note(now: number, isError: boolean): void {
    this.#calls = this.#calls.filter((call) => now - call.at < windowMs);
    this.#calls.push({ at: now, isError });
    const errors = this.#calls.filter((call) => call.isError).length;
    const isTooMany =
      errors > mostErrors || (this.#calls.length >= leastCalls && errors / this.#calls.length >= errorShare);
    if (!isTooMany) return;
    this.#openUntil = now + pauseMs;
    this.#calls = [];
  }
}
