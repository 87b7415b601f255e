// The vendor's times carry a Pacific offset whatever the company's zone (QuickBooks-V3-Java-SDK issue 26), whole seconds in
// records, milliseconds in the envelope's `time`.
const format = new Intl.DateTimeFormat("en-US", { timeZone: "America/Los_Angeles", hour: "numeric", hourCycle: "h23" });
const hourMs = 3_600_000;
const offsets = new Map<number, number>();

/** Hours that Los Angeles is behind UTC at this instant: 8, in summer 7. Asking Intl is slow, so once per hour of time. */
function hoursBehind(ms: number): number {
  const hour = Math.floor(ms / hourMs);
  const known = offsets.get(hour);
  if (known !== undefined) return known;
  const local = Number(format.format(ms));
  const behind = ((hour % 24) - local + 48) % 24 || 24;
  if (offsets.size > 100_000) offsets.clear();
  offsets.set(hour, behind);
  return behind;
}

export function pacificTime(ms: number): string {
  const behind = hoursBehind(ms);
  return `${new Date(ms - behind * hourMs).toISOString().slice(0, 19)}-0${behind}:00`;
}

export function pacificTimeWithMs(ms: number): string {
  const behind = hoursBehind(ms);
  return `${new Date(ms - behind * hourMs).toISOString().slice(0, 23)}-0${behind}:00`;
}

/** The plain date in Los Angeles. */
export function pacificDate(ms: number): string {
  return pacificTime(ms).slice(0, 10);
}
