import type { AgeBucket } from "../../domain/index.ts";

/** The first day past due of each bucket after `current`. */
const starts: readonly [number, AgeBucket][] = [
  [91, "91+"],
  [61, "61-90"],
  [31, "31-60"],
  [1, "1-30"],
];

/** The aging bucket of something that was due so many days ago; not yet past due is `current`. */
export function ageBucket(daysPastDue: number): AgeBucket {
  for (const [start, bucket] of starts) if (daysPastDue >= start) return bucket;
  return "current";
}

/** The days past due at which the next bucket begins; undefined in the last one. */
export function nextBucketStart(daysPastDue: number): number | undefined {
  let next: number | undefined;
  for (const [start] of starts) if (daysPastDue < start) next = start;
  return next;
}
