// Changes of a company: what an API client writes (strict) and what a person does in the web interface.
// Not the books themselves: balances and links follow in ledger/; not HTTP.
// Called by api (writes, batch) and control (mutate, edits).
export { type Mutation, mutateCompany } from "./mutate.ts";
export { type WriteOperation, writeRecord } from "./write-record.ts";
