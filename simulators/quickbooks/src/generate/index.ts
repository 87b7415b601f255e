// Companies made up in any size, repeatable under a seed.
// Not a recorded company, and no texts of real people: names, domains and numbers belong to nobody.
// Called by start.ts.
export { generateCompany } from "./generate-company.ts";
export { type WantedCompany, wantedCompany } from "./wanted.ts";
