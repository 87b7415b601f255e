// Plain pages: a person sees a company and changes it as in the vendor's web interface.
// Not the vendor's pages; no scripts, nothing that the API does not show.
// Called by http/.
export { mutationOfForm } from "./change.ts";
export { companiesPage, formsPage, partiesPage, partyPage, refusedPage } from "./render.ts";
export { sideAt, sideOfForm } from "./sides.ts";
