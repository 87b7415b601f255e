// The query language of the vendor: tokens, grammar, conditions, and the rows that answer.
// Not the HTTP answer around the rows: that is api/.
// Called by api (query, batch).
export { executeQuery, type QueryResult } from "./execute.ts";
