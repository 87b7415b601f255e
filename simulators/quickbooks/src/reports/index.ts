// Reports of the Accounting API: who owes how much since when.
// Not the other reports: they are answered 501 by name.
// Called by api/.
export { reportOf } from "./report.ts";
