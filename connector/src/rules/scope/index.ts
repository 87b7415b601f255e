// Scope: which families of a company are worth an organization at all, under the connection's scope setting.
// Not a rule for linked parties: a linked family is never out of scope; the caller asks only about the others.
// Called by reconcile/decide and by the plan that counts before the first load.
export { familyInScope } from "./family-scope.ts";
export { isLeftOut } from "./left-out.ts";
