// What the vendor's documentation leaves open, or an operator of an account may set: one switch each, changed over the
// control port. The README names source and reason of every default.
export interface Switches {
  jobPace: number;
  jobStartDelayMs: number;
  jobConcurrency: number;
  jobOrder: "in-order" | "shuffled";
  jobResults: "recorded" | "documented";
  jobFailures: "indexed" | "specified";
  jobCutAfter: number | null;
  jobResultsLost: boolean;
  tooManyJobsStatus: number;
  externalIdUnique: boolean;
  nameRaceMs: number;
  nameCase: "insensitive" | "sensitive";
  unknownFieldKey: "ignore" | "refuse";
  unknownOption: "ignore" | "refuse";
  updateManyByExternalId: boolean;
  updateManyCountsAsUpdate: boolean;
  showManyLagMs: number;
  searchLagMs: number;
  bulkUserImport: boolean;
  tagging: boolean;
  missingFeature: "forbidden" | "not-found";
  recordListLagMs: number;
  checkLookups: boolean;
  deletedTargets: "cleared" | "kept";
  eventPerField: boolean;
  echoOwnWrites: boolean;
  language: "en" | "de" | "fr";
  legacyTokens: boolean;
  accessTokenSeconds: number;
  refreshTokenSeconds: number;
  deletedInExport: boolean;
  relatedScopes: boolean;
  accountLimitBody: "text" | "json";
  organizationSearchLagMs: number;
  uncheckedReads: "null" | "false";
  nameLimit: number;
  decimalPlaces: number;
  webhookDelayMs: number;
  webhookShuffleMs: number;
  webhookLoss: number;
  webhookDuplicates: number;
  webhookRetries: boolean;
  webhookBreaker: boolean;
  webhookTimeoutMs: number;
}

interface SwitchRule<T> {
  initial: T;
  accepts: (value: unknown) => boolean;
  says: string;
}

const flag = (initial: boolean, says: string): SwitchRule<boolean> => ({
  initial,
  accepts: (value) => typeof value === "boolean",
  says: `true or false: ${says}`,
});
const amount = (initial: number, says: string): SwitchRule<number> => ({
  initial,
  accepts: (value) => typeof value === "number" && Number.isFinite(value) && value >= 0,
  says: `a number of 0 or more: ${says}`,
});
const share = (says: string): SwitchRule<number> => ({
  initial: 0,
  accepts: (value) => typeof value === "number" && value >= 0 && value <= 1,
  says: `a share from 0 to 1: ${says}`,
});
function choice<T extends string>(initial: T, others: readonly T[], says: string): SwitchRule<T> {
  const allowed: readonly T[] = [initial, ...others];
  return {
    initial,
    accepts: (value) => allowed.some((one) => one === value),
    says: `one of ${allowed.join(", ")}: ${says}`,
  };
}

export const switchRules: { readonly [K in keyof Switches]: SwitchRule<Switches[K]> } = {
  jobPace: amount(15, "items a second that each job works through; 0 = at once"),
  jobStartDelayMs: amount(300, "milliseconds that a job stays queued (0 when jobPace is 0)"),
  jobConcurrency: amount(30, "jobs that work at the same time; the others stay queued"),
  jobOrder: choice("in-order", ["shuffled"], "the order in which a job takes its items"),
  jobResults: choice("recorded", ["documented"], "creates answer {status,id} as recorded or {id,index} as documented"),
  jobFailures: choice(
    "indexed",
    ["specified"],
    "failed items as {index,error,details} or as the OpenAPI's FailedResult",
  ),
  jobCutAfter: {
    initial: null,
    accepts: (value) => value === null || (typeof value === "number" && Number.isInteger(value) && value >= 0),
    says: "null, or the number of items after which every new job stops as failed",
  },
  jobResultsLost: flag(false, "finished jobs answer 404 as if a day had passed"),
  tooManyJobsStatus: amount(429, "HTTP status of TooManyJobs"),
  externalIdUnique: flag(true, "a second organization with the same external_id is refused"),
  nameRaceMs: amount(0, "two creates of one name within this time both succeed"),
  nameCase: choice("insensitive", ["sensitive"], "whether Acme and ACME are the same name"),
  unknownFieldKey: choice("ignore", ["refuse"], "unknown keys inside organization_fields"),
  unknownOption: choice("ignore", ["refuse"], "drop-down values that are no option"),
  updateManyByExternalId: flag(false, "items of an update_many batch may be found by external_id"),
  updateManyCountsAsUpdate: flag(false, "items of update_many count against the 5 updates a minute per organization"),
  showManyLagMs: amount(0, "milliseconds until show_many shows a change"),
  searchLagMs: amount(60_000, "milliseconds until search and autocomplete show a change"),
  bulkUserImport: flag(false, "users/create_many and create_or_update_many are allowed on this account"),
  tagging: flag(true, "tags on users and organizations are enabled"),
  missingFeature: choice("forbidden", ["not-found"], "what a plan without custom objects answers: 403 or 404"),
  recordListLagMs: amount(0, "milliseconds until lists of custom object records and sources by target show a new one"),
  checkLookups: flag(true, "a lookup to a record that is not there is refused; else it is kept"),
  deletedTargets: choice("cleared", ["kept"], "lookups to a record that was deleted"),
  eventPerField: flag(true, "one custom_field_changed event per changed field; else one per update"),
  echoOwnWrites: flag(true, "writes of the API raise events as well"),
  language: choice("en", ["de", "fr"], "language of error texts, as the caller's locale decides it"),
  legacyTokens: flag(true, "API tokens (Basic email/token) are accepted until 2027-04-30"),
  accessTokenSeconds: amount(1800, "life of an access token when expires_in is not sent"),
  refreshTokenSeconds: amount(2_592_000, "life of a refresh token when refresh_token_expires_in is not sent"),
  deletedInExport: flag(false, "deleted organizations appear in the incremental export"),
  relatedScopes: flag(
    false,
    "organizations:read and organizations:write cover fields, memberships and job statuses too",
  ),
  accountLimitBody: choice("text", ["json"], "the account's 429 as text/plain (recorded) or as JSON"),
  organizationSearchLagMs: amount(0, "milliseconds until organizations/search finds a new organization"),
  uncheckedReads: choice("null", ["false"], "how a checkbox reads that was never set"),
  nameLimit: amount(255, "characters that a name or external_id may have"),
  decimalPlaces: amount(15, "digits behind the point that a decimal field keeps"),
  webhookDelayMs: amount(0, "milliseconds from an event to its first delivery"),
  webhookShuffleMs: amount(0, "milliseconds of random further delay, so that events overtake each other"),
  webhookLoss: share("events that are never delivered"),
  webhookDuplicates: share("events that are delivered twice"),
  webhookRetries: flag(true, "409, 429 and 503 with Retry-After, and timeouts are tried again"),
  webhookBreaker: flag(true, "a webhook that fails too often is paused"),
  webhookTimeoutMs: amount(12_000, "milliseconds that a receiver has to answer"),
};

export function defaultSwitches(): Switches {
  return Object.fromEntries(
    Object.entries(switchRules).map(([name, rule]) => [name, rule.initial]),
  ) as unknown as Switches; // the mapped type above guarantees one rule per switch
}

/** Returns what is wrong with the wished changes, or nothing. */
export function switchComplaint(changes: Record<string, unknown>): string | undefined {
  for (const [name, value] of Object.entries(changes)) {
    const rule = Object.hasOwn(switchRules, name) ? switchRules[name as keyof Switches] : undefined;
    if (!rule) return `${name}: no such switch; there are ${Object.keys(switchRules).join(", ")}`;
    if (!rule.accepts(value)) return `${name}: ${rule.says}`;
  }
  return undefined;
}
