import type { ParkReason, WaitKey } from "../../domain/index.ts";
import { partyKeyText } from "../../domain/index.ts";
import { describe } from "./claims.ts";
import {
  type ClaimStep,
  type Contest,
  claimSteps,
  earlierClaimants,
  isTakenBefore,
  openContest,
  othersClaiming,
  standingOf,
} from "./contest.ts";
import { normaliseName } from "./normalise-name.ts";
import type { Claim, MatchOrganization, MatchOutcome, MatchParty, MatchWorld } from "./world.ts";
import { compareParties, indexWorld } from "./world-index.ts";

/** An organization that more parties than this claim is a group of clients ("VIP"), not one of them. */
const mostRivals = 3;
/** A container's question stays true while this many others claim it; waiting for all of hundreds would not be more true. */
const mostWaitedFor = 5;
const mostCandidates = 20;
const how = { email: "by e-mail", domain: "by the domain of its mail", name: "by name" } as const satisfies Record<
  ClaimStep,
  string
>;

/** Which organization is this party's? `keyText` is the party's `qbo:<realm>:<kind>:<id>`. */
export function match(world: MatchWorld, keyText: string): MatchOutcome {
  return outcome(openContest(indexWorld(world)), keyText);
}

/** The same for many parties of one world, by key text. An outcome does not depend on who else is asked about. */
export function matchAll(world: MatchWorld, keyTexts: readonly string[]): Map<string, MatchOutcome> {
  const contest = openContest(indexWorld(world));
  return new Map(keyTexts.map((keyText) => [keyText, outcome(contest, keyText)]));
}

function outcome(contest: Contest, keyText: string): MatchOutcome {
  const party = contest.index.parties.get(keyText);
  if (!party) throw new Error(`the world to match in lacks ${keyText}`);
  const standing = standingOf(contest, party);
  switch (standing.step) {
    case "key":
      return byKey(party, standing.organizations);
    case "email":
    case "domain":
      return byMail(contest, party, { step: standing.step, claims: standing.claims });
    case "name":
      return byName(contest, party, standing.claims);
  }
}

/** Step 1. Several keys on one organization are a card of several parties; one key on several organizations is a question. */
function byKey(party: MatchParty, organizations: readonly MatchOrganization[]): MatchOutcome {
  const evidence = [`it carries the key ${party.keyText}`];
  const [only, ...more] = organizations;
  if (only && more.length === 0) return { kind: "link", organizationId: only.id, step: "key", evidence };
  return review(party, {
    reason: "several-organizations",
    says: `Several organizations carry this party's key: ${list(organizations.map(describe))}.`,
    claims: organizations.map((organization) => ({ organization, evidence, score: 1 })),
    rivals: [],
  });
}

/** Steps 2 and 3. */
function byMail(
  contest: Contest,
  party: MatchParty,
  { step, claims }: { step: "email" | "domain"; claims: readonly Claim[] },
): MatchOutcome {
  const [only, ...more] = claims;
  if (!only || more.length > 0) return severalOrganizations(party, claims, how[step]);
  return byOneClaim(contest, party, { step, claim: only });
}

/** Steps 4 and 5. Certain names first; a doubtful one counts only where nobody has a certain claim. */
function byName(contest: Contest, party: MatchParty, all: readonly Claim[]): MatchOutcome {
  const claims = all.filter((claim) => !isTakenBefore(contest, "name", claim.organization.id, party));
  const certain = claims.filter((claim) => !claim.doubt);
  const [only, ...more] = certain;
  if (more.length > 0) return severalOrganizations(party, certain, how.name);
  if (only) return byOneClaim(contest, party, { step: "name", claim: only });
  const doubtful = claims.filter(
    ({ organization }) => othersClaiming(contest, "name", { id: organization.id, except: party }).length === 0,
  );
  const [first, ...others] = doubtful;
  if (first?.doubt && others.length === 0) return review(party, { ...first.doubt, claims: doubtful, rivals: [] });
  if (first) return severalOrganizations(party, doubtful, "by name, none for certain");
  return {
    kind: "create",
    waitsFor: waitKeys(party, { organizations: all.map(organizationOf), rivals: [] }),
  };
}

/** Claims of an earlier step that are left here wait for a person: until then nobody takes the organization by a later one. */
function byOneClaim(
  contest: Contest,
  party: MatchParty,
  { step, claim }: { step: ClaimStep; claim: Claim },
): MatchOutcome {
  const of = { id: claim.organization.id, except: party };
  const waiting = earlierClaimants(contest, step, of);
  if (waiting.length > 0) return severalParties(contest, party, { claim, step, rivals: waiting });
  const rivals = othersClaiming(contest, step, of);
  return rivals.length === 0 ? link(claim, step) : severalParties(contest, party, { claim, step, rivals });
}

function link({ organization, evidence }: Claim, step: ClaimStep): MatchOutcome {
  return { kind: "link", organizationId: organization.id, step, evidence };
}

function severalOrganizations(party: MatchParty, claims: readonly Claim[], how: string): MatchOutcome {
  return review(party, {
    reason: "several-organizations",
    says: `Several organizations fit ${how}: ${list(claims.map((claim) => describe(claim.organization)))}.`,
    claims,
    rivals: [],
  });
}

function severalParties(
  contest: Contest,
  party: MatchParty,
  { claim, step, rivals }: { claim: Claim; step: ClaimStep; rivals: readonly MatchParty[] },
): MatchOutcome {
  const { id } = claim.organization;
  const others = claimSteps.flatMap((of) => othersClaiming(contest, of, { id, except: party }));
  const organization = describe(claim.organization);
  if (others.length >= mostRivals)
    return review(party, {
      reason: "container",
      says: `${organization} is claimed by more than ${mostRivals} parties: it seems to hold several clients.`,
      claims: [claim],
      rivals: others.sort(compareParties).slice(0, mostWaitedFor),
    });
  const names = list(rivals.map(({ key }) => partyKeyText(key)));
  const theirs = contest.standings.get(rivals[0]?.keyText ?? "")?.step ?? step;
  const waits = theirs !== "key" && theirs !== step;
  return review(party, {
    reason: "several-parties",
    says: waits
      ? `${organization} fits this party ${how[step]}, and ${how[theirs]} it is claimed by ${names}: first a person has to decide there.`
      : `${organization} is claimed ${how[step]} by ${names} as well.`,
    claims: [claim],
    rivals: others,
  });
}

function review(
  party: MatchParty,
  question: { reason: ParkReason; says: string; claims: readonly Claim[]; rivals: readonly MatchParty[] },
): MatchOutcome {
  const claims = question.claims.slice(0, mostCandidates);
  return {
    kind: "review",
    reason: question.reason,
    says: question.says,
    candidates: claims.map(({ organization, score, evidence }) => ({
      organizationId: organization.id,
      name: organization.name,
      score,
      evidence,
    })),
    waitsFor: waitKeys(party, { organizations: claims.map(organizationOf), rivals: question.rivals }),
  };
}

/** What could change the outcome: what the party itself is known by, what it claims, and who else claims that. */
function waitKeys(
  party: MatchParty,
  { organizations, rivals }: { organizations: readonly MatchOrganization[]; rivals: readonly MatchParty[] },
): WaitKey[] {
  const stems = party.names.map((name) => normaliseName(name).stem).filter((stem) => stem !== "");
  const keys = [
    ...stems.map((stem) => `name:${stem}`).sort(),
    ...party.addresses.map((address) => `address:${address}`).sort(),
    ...organizations.map(({ id }) => `organization:${id}`).sort(),
    ...rivals.map(({ key }) => `party:${partyKeyText(key)}`).sort(),
  ];
  return [...new Set(keys)];
}

function organizationOf(claim: Claim): MatchOrganization {
  return claim.organization;
}

function list(texts: readonly string[]): string {
  return texts.length > 5 ? `${texts.slice(0, 5).join(", ")} and ${texts.length - 5} more` : texts.join(", ");
}
