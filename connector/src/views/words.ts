// Numbers, times and our own terms in plain words.

/** `1 card`, `2,530 cards`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

const units = [
  { name: "day", ms: 86_400_000 },
  { name: "h", ms: 3_600_000 },
  { name: "min", ms: 60_000 },
  { name: "s", ms: 1000 },
] as const;

/** The largest unit that fits, with the next one where it matters: `25 min`, `1 min 30 s`, `2 days 3 h`. */
export function lasting(ms: number): string {
  const whole = Math.max(0, Math.round(ms / 1000)) * 1000;
  const at = units.findIndex((unit) => whole >= unit.ms);
  const unit = units[at];
  if (!unit) return "0 s";
  const amount = Math.floor(whole / unit.ms);
  const first = unit.name === "day" ? counted(amount, "day") : `${amount} ${unit.name}`;
  const next = units[at + 1];
  const rest = next && amount < 10 ? Math.floor((whole % unit.ms) / next.ms) : 0;
  return next && rest > 0 ? `${first} ${rest} ${next.name}` : first;
}

/** `3 min ago`, `just now`, `never`: the largest unit alone. */
export function ago(then: string | null, now: Date): string {
  if (then === null) return "never";
  const ms = now.getTime() - Date.parse(then);
  if (ms < 5000) return "just now";
  const unit = units.find((each) => ms >= each.ms)?.ms ?? 1000;
  return `${lasting(Math.floor(ms / unit) * unit)} ago`;
}

/** `2026-11-22 14:03:07` in a zone, in which tables are read. */
export function moment(at: string, zone: string): string {
  return new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium", timeZone: zone }).format(
    new Date(at),
  );
}

/** A zone that this runtime does not know must not cost the operator the whole table. */
export function knownZone(zone: string | null | undefined): string {
  if (!zone) return "UTC";
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return "UTC";
  }
}

/** An amount as text with at least two decimals: `300.1` becomes `300.10`. */
export function amountWords(amount: string): string {
  const [whole = "", decimals = ""] = amount.split(".");
  return `${whole}.${decimals.padEnd(2, "0")}`;
}
