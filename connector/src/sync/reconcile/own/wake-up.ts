/** A signal that is never lost: a wake-up while nobody waits makes the next wait return at once. */
export class WakeUp {
  #raised = false;
  #resolve: (() => void) | undefined;

  raise(): void {
    this.#raised = true;
    this.#resolve?.();
  }

  /** Resolves on a wake-up, on abort, or after `timeoutMs`: whoever waits looks again in any case. */
  async wait(timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#raised && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => done(), Math.max(0, timeoutMs));
        const done = () => {
          clearTimeout(timer);
          // An owner waits thousands of times on one signal.
          signal.removeEventListener("abort", done);
          resolve();
        };
        this.#resolve = done;
        signal.addEventListener("abort", done);
      });
      this.#resolve = undefined;
    }
    this.#raised = false;
  }
}
