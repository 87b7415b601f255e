// Incidents: one per cause, open until the system or a person resolves it.
// Not the journal (what happened) and not alerts (who is told).
// Noted by intake, connections and reconcile; read by `status` and the operator API.
export type { Incident, IncidentReport, IncidentStore } from "./ports.ts";
