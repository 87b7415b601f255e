import type { OrganizationId } from "../../domain/index.ts";
import { claimsByEmail, claimsByName } from "./claims.ts";
import type { Claim, MatchOrganization, MatchParty } from "./world.ts";
import { compareParties, familyOf, type WorldIndex } from "./world-index.ts";

/** How far a party comes by itself: the first step that says anything for it, and what it claims there. */
export type Standing =
  | { step: "key"; organizations: readonly MatchOrganization[] }
  | { step: "email"; claims: readonly Claim[] }
  | { step: "name"; claims: readonly Claim[] };

/** Who claims what, of all parties that may be matched at all. */
export interface Contest {
  index: WorldIndex;
  /** Of eligible parties, by key text. */
  standings: ReadonlyMap<string, Standing>;
  byEmail: ReadonlyMap<OrganizationId, readonly MatchParty[]>;
  /** Claims without doubt only: a doubtful one takes nothing from anybody. */
  byName: ReadonlyMap<OrganizationId, readonly MatchParty[]>;
}

export function openContest(index: WorldIndex): Contest {
  const eligible = [...index.parties.values()].filter((party) => party.eligible);
  const standings = new Map<string, Standing>();
  // Tops first: what they claim is no longer for their separate sub-customers to claim.
  for (const party of eligible) if (isTop(party)) standings.set(party.keyText, standingOf(index, party, standings));
  for (const party of eligible) if (!isTop(party)) standings.set(party.keyText, standingOf(index, party, standings));
  return {
    index,
    standings,
    byEmail: claimants(eligible, standings, "email"),
    byName: claimants(eligible, standings, "name"),
  };
}

export function standingOf(index: WorldIndex, party: MatchParty, standings: ReadonlyMap<string, Standing>): Standing {
  const organizations = index.byKey.get(party.keyText.toLowerCase());
  if (organizations) return { step: "key", organizations };
  const top = isTop(party) ? undefined : standings.get(familyOf(party));
  const byEmail = claimsByEmail(index, party).filter((claim) => !claims(top, "email", claim.organization.id));
  if (byEmail.length > 0) return { step: "email", claims: byEmail };
  const byName = claimsByName(index, party).filter((claim) => !claims(top, "name", claim.organization.id));
  return { step: "name", claims: byName };
}

/** The other eligible parties that claim an organization at a step. */
export function othersClaiming(
  contest: Contest,
  step: "email" | "name",
  { id, except }: { id: OrganizationId; except: MatchParty },
): MatchParty[] {
  const all = (step === "email" ? contest.byEmail : contest.byName).get(id) ?? [];
  return all.filter((party) => party.keyText !== except.keyText);
}

/** Is the organization certain to become another party's, because an earlier step beats a later one? */
export function isTakenByEmail(contest: Contest, id: OrganizationId, except: MatchParty): boolean {
  const [only, ...more] = othersClaiming(contest, "email", { id, except });
  if (!only || more.length > 0) return false;
  const standing = contest.standings.get(only.keyText);
  return standing?.step === "email" && standing.claims.length === 1;
}

function isTop(party: MatchParty): boolean {
  return familyOf(party) === party.keyText;
}

function claims(standing: Standing | undefined, step: "email" | "name", id: OrganizationId): boolean {
  return standing?.step === step && standing.claims.some((claim) => !claim.doubt && claim.organization.id === id);
}

function claimants(
  parties: readonly MatchParty[],
  standings: ReadonlyMap<string, Standing>,
  step: "email" | "name",
): Map<OrganizationId, MatchParty[]> {
  const found = new Map<OrganizationId, MatchParty[]>();
  for (const party of [...parties].sort(compareParties)) {
    const standing = standings.get(party.keyText);
    if (standing?.step !== step) continue;
    for (const { organization, doubt } of standing.claims) {
      if (doubt) continue;
      const known = found.get(organization.id);
      if (known) known.push(party);
      else found.set(organization.id, [party]);
    }
  }
  return found;
}
