// Erasure: one person taken out of everything that we keep.
// Not retention (the journal's days end by themselves) and not clearing an organization when a connection ends.
// Called by the operator API and by the command `erase`, through boot.
export { type Erasure, erasePerson } from "./erase.ts";
export type { ErasureStore } from "./ports.ts";
