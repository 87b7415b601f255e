// The books: what a document does to balances, links, parties and families, gathered in a change that commits as a whole.
// Not validation of what a caller sent, nor which fields a document gets: that is writes/.
// Called by writes.
export { ancestorsOf } from "./balances.ts";
export { type ChangeSet, changeCompany } from "./change-set.ts";
export { amountAt, amountJson } from "./money.ts";
export { postDocument, totalOfLines } from "./post-document.ts";
export { partyOf } from "./posting.ts";
