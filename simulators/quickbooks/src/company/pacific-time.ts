// The vendor's times carry a Pacific offset whatever the company's zone (QuickBooks-V3-Java-SDK issue 26), whole seconds in
// records, milliseconds in the envelope's `time`. Reckoned by the rule in force since 2007 (second Sunday of March to first
// Sunday of November, 2 o'clock): asking Intl for each of millions of times is slow.
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Hours behind UTC at this instant: 7 in summer, else 8. */
function hoursBehind(ms: number): 7 | 8 {
  const year = new Date(ms).getUTCFullYear();
  const from = sundayFrom(Date.UTC(year, 2, 8)) + 10 * hourMs;
  const to = sundayFrom(Date.UTC(year, 10, 1)) + 9 * hourMs;
  return ms >= from && ms < to ? 7 : 8;
}

function sundayFrom(midnightMs: number): number {
  return midnightMs + ((7 - new Date(midnightMs).getUTCDay()) % 7) * dayMs;
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
