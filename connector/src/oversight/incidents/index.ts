// Incidents: one per cause, opened and resolved by the system; the closed list of causes; what is watched by the clock.
// Not the journal (what happened) and not who is told (see alerts).
// Noted by intake, connections, reconcile and the tick; read by `status`, `doctor` and the operator API.
export type { IncidentCause, IncidentKind, Severity } from "./causes.ts";
export { fadingKinds } from "./causes.ts";
export type { FreshnessGauge } from "./freshness.ts";
export { createFreshnessGauge, freshnessFinding } from "./freshness.ts";
export type { Incident, IncidentFilter, IncidentReport, IncidentStore, WatchFacts, WatchStore } from "./ports.ts";
export { createSignatureGauge } from "./signature-gauge.ts";
export type { WatchPolicy } from "./watch.ts";
export { freeReads, watch } from "./watch.ts";
