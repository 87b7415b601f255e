// The journal: append-only record of every state change, with cause, before, after and both systems' request ids.
// Not a queue and not a log: nothing is ever re-sent from it, and it holds no tokens or bodies.
// Written inside the transactions of reconcile and links (store); read by the command line and the operator API.
export type { JournalEntry, JournalFilter, JournalStore, RecordedEntry } from "./ports.ts";
