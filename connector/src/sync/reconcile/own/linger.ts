/** How long a lane lets cards gather after a claim that was neither tiny nor full. */
const gatherMs = 1_000;

/**
 * How long a lane waits before it claims parties again, after a claim of so many. A few cards go at once, as they come: nothing is gained by
 * waiting. A full claim is followed by the next. In between is a burst, and what comes within the next moment goes in the same job: a job
 * costs one call, whether it holds ten organizations or a hundred. Pure.
 */
export function lingerMs(claimed: number, { few, most }: { few: number; most: number }): number {
  return claimed > few && claimed < most ? gatherMs : 0;
}
