// The profile: what support needs to know of a card, computed from the replica's rows of its parties and documents.
// Not what Zendesk shows of it (rules/mapping), and never a question to QuickBooks, a clock or a database: today is an argument.
// Called by reconcile/decide and by whatever shows figures; the pieces and the calendar by intake's due clock and by comparisons.
export { localDay } from "../calendar.ts";
export { compareByRank } from "../rank.ts";
export { ageBucket } from "./age-bucket.ts";
export type { CardParty } from "./card-units.ts";
export { dueDate } from "./due-date.ts";
export { type CardToProfile, profileCard } from "./profile-card.ts";
export { customerStatus, vendorStatus } from "./status.ts";
