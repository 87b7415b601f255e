import { organizationKey, parsePartyKey } from "../../src/domain/index.ts";
import {
  type MatchOutcome,
  matchAll,
  nearEnough,
  nearForm,
  nearKeys,
  nearness,
} from "../../src/rules/matching/index.ts";
import { loadMatchWorld } from "../../src/sync/links/index.ts";
import { claimants, connectionId, evidenceOf, subdomain } from "./account.ts";
import { labelledSet, type Pair, type PairClass, pairClasses } from "./labelled/index.ts";

/** As the engine asks: so many families at once. */
const batch = 500;

export interface Tally {
  pairs: number;
  /** Linked by itself, and where: right or wrong. */
  linked: number;
  wrong: Pair[];
  /** Pairs whose organization could be known. */
  linkable: number;
  /** Questions to a person: those about one container count once. */
  questions: number;
  parked: number;
  /** Created although a person should have been asked. */
  unasked: Pair[];
  missed: Pair[];
  /** Pairs that look like an organization which may not be linked, and those of them that are listed as possible duplicates. */
  near: number;
  nearListed: number;
}

/** What matching makes of a labelled set, by class. */
export async function scoreMatching(seed: number, share = 1): Promise<Map<PairClass, Tally>> {
  const set = labelledSet(seed, share);
  const ports = evidenceOf(set);
  const tallies = new Map(pairClasses.map((name) => [name, emptyTally()]));
  const asked = new Set<number>();
  const namesOf = new Map<string, string>([
    ...set.parties.map(({ kind, id, displayName }) => [`${kind}:${id}`, displayName] as const),
    ...set.organizations.map(({ id, name }) => [`organization:${id}`, name] as const),
  ]);
  for (let from = 0; from < set.pairs.length; from += batch) {
    const pairs = set.pairs.slice(from, from + batch);
    const parties = pairs.map(({ party }) => parsePartyKey(party));
    const world = await loadMatchWorld(ports, subdomain, [claimants], { connectionId, parties });
    const outcomes = matchAll(
      world,
      parties.map((party) => organizationKey(claimants.realm, party)),
    );
    for (const pair of pairs) {
      const outcome = outcomes.get(organizationKey(claimants.realm, parsePartyKey(pair.party)));
      const tally = tallies.get(pair.class);
      if (!outcome || !tally) throw new Error(`no outcome for ${pair.party}`);
      count(tally, pair, outcome, asked);
      if (pair.near === undefined) continue;
      tally.near += 1;
      if (isListed(namesOf.get(pair.party) ?? "", namesOf.get(`organization:${pair.near}`) ?? ""))
        tally.nearListed += 1;
    }
  }
  return tallies;
}

/** As the list of possible duplicates finds them: by a key in common, and near enough. */
function isListed(ours: string, theirs: string): boolean {
  const keys = new Set(nearKeys(nearForm(ours).stem));
  return (
    nearKeys(nearForm(theirs).stem).some((key) => keys.has(key)) &&
    nearness(nearForm(ours), nearForm(theirs)) >= nearEnough
  );
}

function emptyTally(): Tally {
  return {
    pairs: 0,
    linked: 0,
    wrong: [],
    linkable: 0,
    questions: 0,
    parked: 0,
    unasked: [],
    missed: [],
    near: 0,
    nearListed: 0,
  };
}

function count(tally: Tally, pair: Pair, outcome: MatchOutcome, asked: Set<number>): void {
  tally.pairs += 1;
  const right = typeof pair.label === "string" ? undefined : pair.label.organization;
  if (right !== undefined) tally.linkable += 1;
  if (outcome.kind === "link") {
    tally.linked += 1;
    if (outcome.organizationId !== right) tally.wrong.push(pair);
    return;
  }
  if (right !== undefined) tally.missed.push(pair);
  if (outcome.kind === "create") {
    if (pair.label === "review") tally.unasked.push(pair);
    return;
  }
  tally.parked += 1;
  const about = outcome.reason === "container" ? outcome.candidates[0]?.organizationId : undefined;
  if (about === undefined || !asked.has(about)) tally.questions += 1;
  if (about !== undefined) asked.add(about);
}
