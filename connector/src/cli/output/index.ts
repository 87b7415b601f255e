// How commands speak: the terminal, tables and progress, and the texts of each result, made from what the contract says.
// Not decisions and not reads: everything that is shown is given.
// Called by the commands, and by boot, which makes the terminal.
export { applyText, planListText, restoreText, settingsText } from "./describe-apply.ts";
export { accessAuditText, auditText } from "./describe-audit.ts";
export { checksText } from "./describe-checks.ts";
export { replayText, syncText } from "./describe-effects.ts";
export { fitText } from "./describe-fit.ts";
export { incidentsText } from "./describe-incidents.ts";
export { checkedText, historyText, mappingText, presetsText, previewText } from "./describe-mapping.ts";
export { loadText, parkedExamples, planText } from "./describe-plan.ts";
export { answersText, reviewText } from "./describe-review.ts";
export {
  batchesText,
  bulkText,
  duplicatesText,
  ignoredText,
  ignoreRuleText,
  severalClientsText,
} from "./describe-review-many.ts";
export { statusText } from "./describe-status.ts";
export { verifyText } from "./describe-verify.ts";
export { whyText } from "./describe-why.ts";
export { type Layout, layoutOf } from "./layout.ts";
export type { Progress } from "./progress.ts";
export { paragraphs, section } from "./sections.ts";
export { table } from "./table.ts";
export type { Terminal } from "./terminal.ts";
export { createTerminal } from "./terminal.ts";
export { parkReasons } from "./terms.ts";
