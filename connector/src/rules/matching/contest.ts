import type { OrganizationId } from "../../domain/index.ts";
import { claimsByDomain, claimsByEmail, claimsByName } from "./claims.ts";
import type { Claim, MatchOrganization, MatchParty } from "./world.ts";
import { compareParties, familyOf, type WorldIndex } from "./world-index.ts";

/** The steps at which parties compete, the stronger first. */
export const claimSteps = ["email", "domain", "name"] as const;
export type ClaimStep = (typeof claimSteps)[number];

/** How far a party comes by itself: the first step that says anything for it, and what it claims there. */
export type Standing =
  | { step: "key"; organizations: readonly MatchOrganization[] }
  | { step: ClaimStep; claims: readonly Claim[] };

type Claimants = ReadonlyMap<OrganizationId, readonly MatchParty[]>;

/** Who claims what, of all parties that may be matched at all. */
export interface Contest {
  index: WorldIndex;
  /** Of eligible parties, by key text. */
  standings: ReadonlyMap<string, Standing>;
  /** Claims without doubt only: a doubtful one takes nothing from anybody. */
  claimants: Readonly<Record<ClaimStep, Claimants>>;
}

/** Step by step: who stands at an earlier one takes from those who would stand at a later one. */
export function openContest(index: WorldIndex): Contest {
  const eligible = [...index.parties.values()].filter((party) => party.eligible);
  const standings = new Map<string, Standing>();
  const claimants: Record<ClaimStep, Claimants> = { email: new Map(), domain: new Map(), name: new Map() };
  const contest = { index, standings, claimants };
  for (const party of eligible) {
    const organizations = index.byKey.get(party.keyText.toLowerCase());
    if (organizations) standings.set(party.keyText, { step: "key", organizations });
  }
  // Tops first: what they claim is no longer for their separate sub-customers to claim.
  const tops = eligible.filter(isTop);
  const others = eligible.filter((party) => !isTop(party));
  for (const step of claimSteps) {
    for (const party of [...tops, ...others]) {
      if (standings.has(party.keyText)) continue;
      const claims = claimsAt(contest, step, party);
      if (claims.length > 0 || step === "name") standings.set(party.keyText, { step, claims });
    }
    claimants[step] = claimantsAt(step, eligible, standings);
  }
  return contest;
}

/** Of a party that does not compete, out of scope for one: as if it did. */
export function standingOf(contest: Contest, party: MatchParty): Standing {
  const known = contest.standings.get(party.keyText);
  if (known) return known;
  const organizations = contest.index.byKey.get(party.keyText.toLowerCase());
  if (organizations) return { step: "key", organizations };
  for (const step of claimSteps) {
    const claims = claimsAt(contest, step, party);
    if (claims.length > 0) return { step, claims };
  }
  return { step: "name", claims: [] };
}

function claimsAt(contest: Contest, step: ClaimStep, party: MatchParty): Claim[] {
  const { index, standings } = contest;
  const top = isTop(party) ? undefined : standings.get(familyOf(party));
  const found = { email: claimsByEmail, domain: claimsByDomain, name: claimsByName }[step](index, party);
  return found
    .filter((claim) => !claims(top, step, claim.organization.id))
    .filter(({ organization }) => step !== "domain" || !isTakenBefore(contest, step, organization.id, party));
}

/** The other eligible parties that claim an organization at a step. */
export function othersClaiming(
  contest: Contest,
  step: ClaimStep,
  { id, except }: { id: OrganizationId; except: MatchParty },
): MatchParty[] {
  return (contest.claimants[step].get(id) ?? []).filter((party) => party.keyText !== except.keyText);
}

/** Those who claim an organization at the strongest step before this one at which anybody does. */
export function earlierClaimants(
  contest: Contest,
  step: ClaimStep,
  of: { id: OrganizationId; except: MatchParty },
): MatchParty[] {
  for (const earlier of claimSteps.slice(0, claimSteps.indexOf(step))) {
    const found = othersClaiming(contest, earlier, of);
    if (found.length > 0) return found;
  }
  return [];
}

/** Is the organization certain to become another party's, because an earlier step beats a later one? */
export function isTakenBefore(contest: Contest, step: ClaimStep, id: OrganizationId, except: MatchParty): boolean {
  const [only, ...more] = earlierClaimants(contest, step, { id, except });
  if (!only || more.length > 0) return false;
  const standing = contest.standings.get(only.keyText);
  return standing !== undefined && standing.step !== "key" && standing.claims.length === 1;
}

function isTop(party: MatchParty): boolean {
  return familyOf(party) === party.keyText;
}

function claims(standing: Standing | undefined, step: ClaimStep, id: OrganizationId): boolean {
  return standing?.step === step && standing.claims.some((claim) => !claim.doubt && claim.organization.id === id);
}

function claimantsAt(
  step: ClaimStep,
  parties: readonly MatchParty[],
  standings: ReadonlyMap<string, Standing>,
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
