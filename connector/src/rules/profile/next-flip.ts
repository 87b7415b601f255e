import { nextBucketStart } from "./age-bucket.ts";

/**
 * The day number on which time alone next moves an open document: into another age bucket (the first of which makes it overdue),
 * or past its grace days. Never missed, though the status may turn out the same (tolerance, credit): that costs a look, no write.
 */
export function nextFlip(
  todayNumber: number,
  daysPastDue: number,
  { graceDays, inSums }: { graceDays: number; inSums: boolean },
): number | undefined {
  const bucketStart = inSums ? nextBucketStart(daysPastDue) : undefined;
  const graceEnd = daysPastDue <= graceDays ? graceDays + 1 : undefined;
  if (bucketStart === undefined && graceEnd === undefined) return undefined;
  const flipAt = Math.min(bucketStart ?? Number.POSITIVE_INFINITY, graceEnd ?? Number.POSITIVE_INFINITY);
  return todayNumber + flipAt - daysPastDue;
}
