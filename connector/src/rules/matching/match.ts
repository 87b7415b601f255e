import type { ParkReason, WaitKey } from "../../domain/index.ts";
import { partyKeyText } from "../../domain/index.ts";
import { describe } from "./claims.ts";
import { type Contest, isTakenByEmail, openContest, othersClaiming, type Standing, standingOf } from "./contest.ts";
import { normaliseName } from "./normalise-name.ts";
import type { Claim, MatchOrganization, MatchOutcome, MatchParty, MatchWorld } from "./world.ts";
import { compareParties, indexWorld } from "./world-index.ts";

/** An organization that more parties than this claim is a group of clients ("VIP"), not one of them. */
const mostRivals = 3;
/** A container's question stays true while this many others claim it; waiting for all of hundreds would not be more true. */
const mostWaitedFor = 5;
const mostCandidates = 20;

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
  const standing = contest.standings.get(keyText) ?? standingOf(contest.index, party, contest.standings);
  switch (standing.step) {
    case "key":
      return byKey(party, standing.organizations);
    case "email":
      return byEmail(contest, party, standing.claims);
    case "name":
      return byName(contest, party, standing);
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

/** Step 2. */
function byEmail(contest: Contest, party: MatchParty, claims: readonly Claim[]): MatchOutcome {
  const [only, ...more] = claims;
  if (!only || more.length > 0) return severalOrganizations(party, claims, "by e-mail");
  const rivals = othersClaiming(contest, "email", { id: only.organization.id, except: party });
  return rivals.length === 0
    ? link(only, "email")
    : severalParties(contest, party, { claim: only, step: "email", rivals });
}

/** Steps 4 and 5. Certain names first; a doubtful one counts only where nobody has a certain claim. */
function byName(contest: Contest, party: MatchParty, standing: Standing & { step: "name" }): MatchOutcome {
  const claims = standing.claims.filter((claim) => !isTakenByEmail(contest, claim.organization.id, party));
  const certain = claims.filter((claim) => !claim.doubt);
  const [only, ...more] = certain;
  if (more.length > 0) return severalOrganizations(party, certain, "by name");
  if (only) return byOneName(contest, party, only);
  const doubtful = claims.filter(
    ({ organization }) => othersClaiming(contest, "name", { id: organization.id, except: party }).length === 0,
  );
  const [first, ...others] = doubtful;
  if (first?.doubt && others.length === 0) return review(party, { ...first.doubt, claims: doubtful, rivals: [] });
  if (first) return severalOrganizations(party, doubtful, "by name, none for certain");
  return {
    kind: "create",
    waitsFor: waitKeys(party, { organizations: standing.claims.map(organizationOf), rivals: [] }),
  };
}

function byOneName(contest: Contest, party: MatchParty, claim: Claim): MatchOutcome {
  const { id } = claim.organization;
  // Claims by e-mail that are left here wait for a person: until then nobody takes the organization by its name.
  const waiting = othersClaiming(contest, "email", { id, except: party });
  if (waiting.length > 0) return severalParties(contest, party, { claim, step: "name", rivals: waiting });
  const rivals = othersClaiming(contest, "name", { id, except: party });
  return rivals.length === 0 ? link(claim, "name") : severalParties(contest, party, { claim, step: "name", rivals });
}

function link({ organization, evidence }: Claim, step: "email" | "name"): MatchOutcome {
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
  { claim, step, rivals }: { claim: Claim; step: "email" | "name"; rivals: readonly MatchParty[] },
): MatchOutcome {
  const { id } = claim.organization;
  const others = (["email", "name"] as const).flatMap((of) => othersClaiming(contest, of, { id, except: party }));
  const organization = describe(claim.organization);
  if (others.length >= mostRivals)
    return review(party, {
      reason: "container",
      says: `${organization} is claimed by more than ${mostRivals} parties: it seems to hold several clients.`,
      claims: [claim],
      rivals: others.sort(compareParties).slice(0, mostWaitedFor),
    });
  const names = list(rivals.map(({ key }) => partyKeyText(key)));
  const waits = step === "name" && rivals.some((rival) => contest.standings.get(rival.keyText)?.step === "email");
  return review(party, {
    reason: "several-parties",
    says: waits
      ? `${organization} has this party's name, and by e-mail it is claimed by ${names}: first a person has to decide there.`
      : `${organization} is claimed ${step === "email" ? "by e-mail" : "by name"} by ${names} as well.`,
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
