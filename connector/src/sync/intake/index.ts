// Intake: how we hear that something may have changed - notifications, change polls, full sweeps, the clock.
// Not the reading of marked records (reconcile/read) and not the rows (replica): it asks, hands over, and moves cursors.
// Called by http (webhooks), jobs (polls, sweeps) and the tick (clock).
export { Overloaded } from "./commit-queue.ts";
export { markFlips } from "./due-clock.ts";
export { exportDrift } from "./export-drift.ts";
export type { PollOutcome, PollPorts } from "./poll-changes.ts";
export { pollChanges } from "./poll-changes.ts";
export type { Notification, NotifiedChange } from "./ports.ts";
export type { ReceiptCounts, ReceiptPorts, Unheard, VerifiedDelivery } from "./receive-notifications.ts";
export { Receipts } from "./receive-notifications.ts";
export type { ZendeskDelivery, ZendeskReceiptPorts, ZendeskReceived } from "./receive-zendesk-events.ts";
export { ZendeskReceipts } from "./receive-zendesk-events.ts";
export type { SweepOutcome, SweepPorts, SweepStage } from "./sweep-company.ts";
export { sweepCompany } from "./sweep-company.ts";
export { noteSilence } from "./webhook-silence.ts";
export { refreshDirectory } from "./zendesk-events.ts";
