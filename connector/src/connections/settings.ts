import { Decimal } from "decimal.js";
import { z } from "zod";
import { type JsonObject, OperatorError, type Settings, ticketFieldPurposes } from "../domain/index.ts";

const amount = z.string().regex(/^\d{1,9}(\.\d{1,4})?$/, "an amount such as 1.00");
const minutesPerDay = 24 * 60;

/** A list as the command line gives it: `item,vendor`, or `none`. */
function wordsOf(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const words = value.split(",").map((word) => word.trim());
  return words.filter((word) => word !== "" && word !== "none");
}

/** As stored: JSON, with what the operator did not set left out, so that a better default reaches everybody. */
const stored = z.object({
  scope: z.enum(["default", "all"]),
  families: z.enum(["roll-up", "separate", "without-projects"]),
  tolerance: amount,
  graceDays: z.int().min(0).max(365),
  members: z.boolean(),
  matchDomains: z.boolean(),
  billingEmailField: z
    .string()
    .regex(/^(?!qbo_)[A-Za-z0-9_]{1,100}$/, "the key of an organization field that is not ours")
    .optional(),
  pollMinutes: z.int().min(0).max(minutesPerDay),
  maxAttempts: z.int().min(1).max(100),
  deletedInZendesk: z.enum(["park", "recreate"]),
  records: z.enum(["off", "objects"]),
  recordDays: z.int().min(0).max(3650),
  ticketFields: z.preprocess(wordsOf, z.array(z.enum(ticketFieldPurposes)).max(ticketFieldPurposes.length)),
  contacts: z.boolean(),
  ticketEvents: z.boolean(),
  gatherSeconds: z.int().min(0).max(300),
  freshnessSeconds: z.int().min(1).max(86_400),
});
type StoredSettings = z.infer<typeof stored>;

/** A bank fee must not call a client overdue; twelve attempts are about two hours of back-off. */
const defaults: StoredSettings = {
  scope: "default",
  families: "roll-up",
  tolerance: "1.00",
  graceDays: 0,
  members: true,
  matchDomains: false,
  pollMinutes: 5,
  maxAttempts: 12,
  deletedInZendesk: "park",
  records: "off",
  recordDays: 90,
  ticketFields: [],
  contacts: false,
  ticketEvents: false,
  gatherSeconds: 0,
  freshnessSeconds: 5,
};

/** Settings that change what many organizations hold, or which there are: a plan shows it first. */
const planned: ReadonlySet<string> = new Set<keyof StoredSettings>([
  "scope",
  "families",
  "tolerance",
  "graceDays",
  "members",
  "matchDomains",
  "billingEmailField",
  "records",
  "recordDays",
  "ticketFields",
  "contacts",
]);

export function isPlanned(key: string): boolean {
  return planned.has(key);
}

/** What is stored, with the defaults for the rest. Only `checkSettings` lets anything into the store; keys of other versions are ignored. */
export function readSettings(json: unknown): Settings {
  const settings = stored.parse(typeof json === "object" && json !== null ? { ...defaults, ...json } : defaults);
  return { ...settings, tolerance: new Decimal(settings.tolerance) };
}

/** As a person reads and writes them. */
export function settingsJson({ tolerance, ...settings }: Settings): JsonObject {
  const set = Object.entries(settings).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(set), tolerance: tolerance.toFixed() };
}

/** A person's settings, as they may be stored. Throws OperatorError with every mistake at once. */
export function checkSettings(patch: unknown): JsonObject {
  const checked = z.strictObject(stored.partial().shape).safeParse(patch);
  if (checked.success)
    return Object.fromEntries(
      Object.entries(checked.data).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
    );
  const mistakes = checked.error.issues.map((issue) => `${issue.path.join(".") || "settings"}: ${issue.message}`);
  throw new OperatorError(`These settings cannot be used: ${mistakes.join("; ")}.`);
}
