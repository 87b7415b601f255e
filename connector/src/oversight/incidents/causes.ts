// Every kind of incident, closed: what opens it, what resolves it, how bad it is. docs/operations.md shows this table to operators.

/** stopped: a connection does nothing any more; degraded: it works, but later, less or in danger; notice: somebody should know some day. */
export type Severity = "notice" | "degraded" | "stopped";

interface IncidentKindFacts {
  severity: Severity;
  opens: string;
  resolves: string;
  /** Resolved by itself when nobody has noted it for so long. Where it is absent, `resolves` happens to it. */
  fadesAfterMinutes?: number;
}

const hour = 60;
const day = 24 * hour;

export const incidentKinds = {
  quickbooks: {
    severity: "stopped",
    opens: "QuickBooks refuses our token or our client, or the company's subscription has ended: the connection pauses",
    resolves: "a new consent, or the system accepts us again (tried every quarter of an hour)",
  },
  zendesk: {
    severity: "stopped",
    opens: "Zendesk refuses our token, our client or a right: the connection pauses",
    resolves: "a new consent, or the system accepts us again (tried every quarter of an hour)",
  },
  "grant-ends-in-7-days": {
    severity: "degraded",
    opens: "a consent ends within 7 days: five years after it was given, or by disuse",
    resolves: "a new consent",
  },
  "grant-ends-in-30-days": {
    severity: "degraded",
    opens: "a consent ends within 30 days: five years after it was given, or by disuse",
    resolves: "a new consent; in its last 7 days the incident above takes its place",
  },
  "webhooks-silent": {
    severity: "degraded",
    opens: "two poll intervals in which the change poll found what no webhook had announced",
    resolves: "the next webhook",
  },
  "webhook-signatures": {
    severity: "degraded",
    opens: "5 deliveries within 10 minutes whose signature fits no verifier of ours",
    resolves: "an hour without one",
    fadesAfterMinutes: hour,
  },
  freshness: {
    severity: "degraded",
    opens:
      "of the changes of the last 10 minutes, more than one in a hundred took longer than the setting `freshnessSeconds`",
    resolves: "a 10-minute window within the objective",
    fadesAfterMinutes: 2,
  },
  "quota-forecast": {
    severity: "degraded",
    opens: "metered reads of an Intuit app will exceed nine tenths of the month's allowance at the present pace",
    resolves: "a slower pace, or the next month",
  },
  "fields-differ": {
    severity: "degraded",
    opens:
      "an organization field of the mapping is gone in Zendesk, has another type, or lacks options: it alone is left",
    resolves: "the field is as it should be, found within the hour, or another mapping",
  },
  "mapping-row": {
    severity: "degraded",
    opens:
      "a row of the mapping fails for a client (a division by zero, a word without an option): its field stays as it is there",
    resolves: "a day without one",
    fadesAfterMinutes: day,
  },
  "dropped-field": {
    severity: "degraded",
    opens: "Zendesk did not store a value as it was sent",
    resolves: "a day without one",
    fadesAfterMinutes: day,
  },
  "altered-field": {
    severity: "notice",
    opens: "Zendesk stores a value in another form than we sent it, twice in the same way: it is taken as it is",
    resolves: "a day without one",
    fadesAfterMinutes: day,
  },
  "another-writer": {
    severity: "degraded",
    opens: "somebody else has written a field of ours three times within 24 hours; we leave it alone",
    resolves: "a day without one",
    fadesAfterMinutes: day,
  },
  "parked-growth": {
    severity: "degraded",
    opens: "within 24 hours, 20 customers or vendors and more than one in twenty were newly parked",
    resolves: "the number is down again, or a day old",
  },
  "clock-skew": {
    severity: "degraded",
    opens: "this machine's clock differs from the database's by more than 2 s, or from a system's by more than 30 s",
    resolves: "5 minutes within these limits",
    fadesAfterMinutes: 5,
  },
  "disk-low": {
    severity: "degraded",
    opens: "less than 1 GB is free where the data folder is",
    resolves: "more is free for 5 minutes",
    fadesAfterMinutes: 5,
  },
  "alerts-undelivered": {
    severity: "degraded",
    opens: "an alert could not be delivered for an hour",
    resolves: "a delivery to the same target",
  },
  "quickbooks-throttled": {
    severity: "degraded",
    opens: "QuickBooks lets no calls of a company through for more than a minute",
    resolves: "the next answer",
  },
  "quickbooks-unavailable": {
    severity: "degraded",
    opens: "QuickBooks does not answer for more than a minute",
    resolves: "the next answer",
  },
  "quickbooks-quota": {
    severity: "degraded",
    opens: "QuickBooks refuses every read: the month's allowance of the app seems to be used up",
    resolves: "the next answer",
  },
  "zendesk-throttled": {
    severity: "degraded",
    opens: "Zendesk lets no calls of an account through for more than a minute",
    resolves: "the next answer",
  },
  "zendesk-unavailable": {
    severity: "degraded",
    opens: "Zendesk does not answer for more than a minute",
    resolves: "the next answer",
  },
  "reading-quickbooks-failed": {
    severity: "degraded",
    opens: "a poll or sweep stopped at a failure of QuickBooks",
    resolves: "the next one that ends well",
  },
  "following-zendesk-failed": {
    severity: "degraded",
    opens: "what changes in Zendesk cannot be read",
    resolves: "the next read that ends well",
  },
  "unreadable-record": {
    severity: "notice",
    opens: "QuickBooks cannot hand out a record, or sends it in a form that cannot be read",
    resolves: "a full sweep that reads it",
  },
  "record-not-read": {
    severity: "degraded",
    opens:
      "QuickBooks failed whenever a record was asked for, after all attempts: its client keeps the figures of before",
    resolves: "the record is read: after a replay, when it changes, or by a full sweep",
  },
  "record-not-kept": {
    severity: "notice",
    opens: "a record holds a value that the database cannot keep",
    resolves: "a week without one",
    fadesAfterMinutes: 8 * day,
  },
  "sweep-count-differs": {
    severity: "notice",
    opens: "QuickBooks counts more records than it lists",
    resolves: "a weekly sweep without it",
    fadesAfterMinutes: 8 * day,
  },
  "entity-refused": {
    severity: "notice",
    opens: "the company's edition does not hand out a kind of record",
    resolves: "a week later: it is noted once",
    fadesAfterMinutes: 8 * day,
  },
  "member-refused": {
    severity: "notice",
    opens: "Zendesk did not make a user a member of an organization",
    resolves: "a day without one",
    fadesAfterMinutes: day,
  },
  "records-unavailable": {
    severity: "notice",
    opens:
      "invoices and bills are to be kept as records, and the Zendesk plan has no custom objects, or ours are not as they should be",
    resolves: "the account offers them: it is asked once an hour",
  },
  "contact-refused": {
    severity: "notice",
    opens: "Zendesk did not make a user of a billing contact",
    resolves: "a day without one",
    fadesAfterMinutes: day,
  },
  "ticket-field-full": {
    severity: "notice",
    opens: "more items or accounts than the 500 options that a ticket field of ours may hold",
    resolves: "they fit again",
  },
  "record-refused": {
    severity: "notice",
    opens: "Zendesk refused records of invoices or bills",
    resolves: "a day without one",
    fadesAfterMinutes: day,
  },
  "rename-conflict": {
    severity: "notice",
    opens: "an organization cannot be renamed: another one has the name",
    resolves: "a week without it",
    fadesAfterMinutes: 8 * day,
  },
  refused: {
    severity: "degraded",
    opens: "a system refuses a request of ours as wrong: a defect of ml-connector",
    resolves: "a day without it",
    fadesAfterMinutes: day,
  },
  "webhook-unknown-event": {
    severity: "notice",
    opens: "QuickBooks sends events of a kind that we do not know",
    resolves: "two days without one",
    fadesAfterMinutes: 2 * day,
  },
  "webhook-unknown-company": {
    severity: "notice",
    opens: "QuickBooks reports changes of a company that is not connected",
    resolves: "two days without one",
    fadesAfterMinutes: 2 * day,
  },
  "webhook-unreadable": {
    severity: "degraded",
    opens: "a signed delivery cannot be read; the companies of its app are polled instead",
    resolves: "two days without one",
    fadesAfterMinutes: 2 * day,
  },
} as const satisfies Record<string, IncidentKindFacts>;

export type IncidentKind = keyof typeof incidentKinds;
/** A kind, and which one of it: `dropped-field:qbo_status`. */
export type IncidentCause = IncidentKind | `${IncidentKind}:${string}`;

export function kindOf(cause: IncidentCause): IncidentKind {
  return cause.split(":", 1)[0] as IncidentKind; // the type of a cause says so
}

export function severityOf(cause: IncidentCause): Severity {
  return incidentKinds[kindOf(cause)].severity;
}

/** Kinds that are resolved when nobody notes them any more. */
export function fadingKinds(): { kind: IncidentKind; afterMinutes: number }[] {
  return (Object.keys(incidentKinds) as IncidentKind[]).flatMap((kind) => {
    const facts: IncidentKindFacts = incidentKinds[kind];
    return facts.fadesAfterMinutes === undefined ? [] : [{ kind, afterMinutes: facts.fadesAfterMinutes }];
  });
}
