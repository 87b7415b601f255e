// What people are shown of the product: from our words to the contract's, with the texts and reads that this takes.
// Not layout (cli/output draws tables), not HTTP, and nothing here writes.
// Called by the commands and by the operator API, so that both say the same.
export { apiKeyView, grantViews, operatorView } from "./access-views.ts";
export { countEffects, newestRow } from "./count-effects.ts";
export { erasureView } from "./erasure-view.ts";
export { explainFields, lastChanges } from "./explain-fields.ts";
export { explainParty } from "./explain-party.ts";
export { findParty, isPartyKey, type KnownParty, knownParties, pickNamed } from "./find-party.ts";
export { historyView, mappingView, previewView, problemView } from "./mapping-views.ts";
export { cellsOf, cut, oneLine, shortened } from "./plain-text.ts";
export type { CardView, ConnectionFacts, DocumentSummary, FitReport, ViewSources } from "./ports.ts";
export { readStatus } from "./read-status.ts";
export { batchView, bulkView, duplicateViews, ignoreListView, ignoreRuleView } from "./review-views.ts";
export { verifyView } from "./verify-view.ts";
export {
  accessRow,
  auditRow,
  candidateViews,
  effectViews,
  fitView,
  incidentHistoryView,
  incidentView,
  planSummaryRow,
  planView,
  triedCardView,
} from "./views.ts";
export { ago, amountWords, counted, grouped, knownZone, lasting, moment } from "./words.ts";
