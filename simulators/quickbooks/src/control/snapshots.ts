import { type Company, copyCompany } from "../company/index.ts";
import { copyTokens, type Tokens } from "../oauth/index.ts";
import { putCompany, type World } from "../world.ts";

/** States to come back to: companies and tokens. Rows are shared, so a snapshot of a large company is cheap. */
export interface Snapshots {
  next: number;
  readonly kept: Map<string, { companies: Map<string, Company>; tokens: Tokens; answered: Map<string, string> }>;
}

export function createSnapshots(): Snapshots {
  return { next: 1, kept: new Map() };
}

export function takeSnapshot(snapshots: Snapshots, world: World): string {
  const id = String(snapshots.next);
  snapshots.next += 1;
  const companies = new Map([...world.companies].map(([realm, company]) => [realm, copyCompany(company)]));
  snapshots.kept.set(id, { companies, tokens: copyTokens(world.tokens), answered: new Map(world.answered) });
  return id;
}

/** May be done again and again: what is put back is a copy. Clock, log, switches and webhooks stay as they are. */
export function restoreSnapshot(snapshots: Snapshots, world: World, id: string): boolean {
  const kept = snapshots.kept.get(id);
  if (kept === undefined) return false;
  world.companies.clear();
  for (const [realm, company] of kept.companies) putCompany(world, realm, copyCompany(company));
  world.tokens = copyTokens(kept.tokens);
  world.answered.clear();
  for (const [key, answer] of kept.answered) world.answered.set(key, answer);
  return true;
}
