import {
  type Disposition,
  type OrganizationId,
  organizationKey,
  type PartyKey,
  parseOrganizationKey,
  partyKeyText,
} from "../../../domain/index.ts";
import { matchAll } from "../../../rules/matching/index.ts";
import { familyInScope, isLeftOut } from "../../../rules/scope/index.ts";
import { ignoredBy, type Link, loadMatchWorld, topOf } from "../../links/index.ts";
import type { Family } from "../../replica/index.ts";
import { type Intent, intentOf, outOfScope } from "../decide/intents.ts";
import { decideCards, restDecision } from "./cards.ts";
import {
  type Adopted,
  type Considered,
  type ConsiderPorts,
  groupingOf,
  type Leaving,
  type Looked,
  type Pass,
} from "./facts.ts";
import { leaversOf, organizationHold } from "./leavers.ts";
import { findMerged, followed, followedAnswer } from "./merged.ts";
import { namingAnother } from "./outdated-cards.ts";

export interface Consideration {
  considered: Considered[];
  /** The replica does not have them (any more), and nothing is linked to them. */
  unknown: PartyKey[];
  /** Tops that another batch holds: their marks stay. */
  held: PartyKey[];
  /** From every asked key to the top of its family. */
  topOf: Map<string, PartyKey>;
  /** By the tops of families: members that hold links of their own from before they were rolled up. These end first. */
  leavers: ReadonlyMap<string, readonly PartyKey[]>;
}

/**
 * Looks at these parties' families. `hold` is asked for each family and organization *before* its facts are read: what is read under a
 * hold cannot be overtaken by another batch that writes the same card.
 */
export async function considerParties(
  ports: ConsiderPorts,
  pass: Pass,
  keys: readonly PartyKey[],
  hold: (names: readonly string[]) => boolean,
): Promise<Consideration> {
  const { connection } = pass;
  const grouping = groupingOf(connection);
  const seen = await ports.replica.familiesOf(grouping, keys);
  const topByMember = new Map(
    seen.flatMap(({ top, members }) => members.map(({ party }) => [partyKeyText(party), top])),
  );
  const topOfKey = new Map(keys.map((key) => [partyKeyText(key), topByMember.get(partyKeyText(key)) ?? key]));
  const marked = [...new Map([...topOfKey.values()].map((top) => [partyKeyText(top), top])).values()];
  const tops = await withKeyMates(ports, pass, marked);
  const stored = await ports.links.linksOf(connection.id, tops);
  const merged = await findMerged(
    ports,
    connection.subdomain,
    stored.map(({ organizationId }) => organizationId),
  );
  const linkOf = byParty(stored.map((link) => followed(link, merged)));
  const ours: PartyKey[] = [];
  const held: PartyKey[] = [];
  for (const top of tops) {
    const link = linkOf.get(partyKeyText(top));
    const names = [familyHold(pass, top), ...(link ? [organizationHold(link.organizationId)] : [])];
    (hold(names) ? ours : held).push(top);
  }
  const [read, merges] = await Promise.all([
    ports.replica.familiesOf(grouping, ours),
    ports.replica.mergesOf(connection.id, ours),
  ]);
  const mergeOf = new Map(merges.map((merge) => [partyKeyText(merge.party), merge]));
  const present = new Set(read.map(({ top }) => partyKeyText(top)));
  const absent = ours.filter((top) => !present.has(partyKeyText(top)));
  const gone = absent.flatMap((top) => linkOf.get(partyKeyText(top)) ?? []);
  const outdated = await namingAnother(ports, pass, merges, linkOf);
  const renamed = new Set(outdated.map(({ link }) => partyKeyText(link.party)));
  const unknown = absent.filter((top) => !linkOf.has(partyKeyText(top)) && !renamed.has(partyKeyText(top)));
  const { families, leaving: rolledUp, busy } = await leaversOf(ports, pass, read, hold);
  const decidable = families.filter(({ top }) => !renamed.has(partyKeyText(top)));
  const { looked, waiting } = await look(ports, pass, decidable, { hold, linkOf, merged: new Set(mergeOf.keys()) });
  held.push(...busy, ...waiting);
  const corrected = outdated.filter(({ link }) => hold([organizationHold(link.organizationId)]));
  held.push(...outdated.filter((one) => !corrected.includes(one)).map(({ link }) => link.party));
  const considered: Considered[] = [];
  const adopted: Adopted[] = [];
  const created: Looked[] = [];
  const adopt = (one: Looked, link: Link) => {
    if (linkOf.has(partyKeyText(link.party)) || hold([organizationHold(link.organizationId)]))
      adopted.push({ looked: one, link });
    else held.push(one.family.top);
  };
  for (const one of looked) {
    const { intent } = one;
    if (intent.kind === "rest") considered.push(rest(one, intent.disposition));
    else if (intent.kind === "keep") adopt(one, intent.link);
    else if (intent.kind === "adopt") adopt(one, answerLink(pass, one, intent));
    else if (intent.kind === "create") created.push(one);
  }
  for (const { looked: one, outcome } of await match(ports, pass, looked)) {
    if (one.intent.evidence === "key" && !(outcome.kind === "link" && outcome.step === "key"))
      considered.push(rest(one, outOfScope.disposition));
    else if (outcome.kind === "review") considered.push(rest(one, { ...outcome, kind: "parked" }));
    else if (outcome.kind === "create") created.push(one);
    else adopt(one, evidenceLink(pass, one, outcome));
  }
  const vanished = (link: Link): Leaving => ({
    link,
    vanished: { into: mergeOf.get(partyKeyText(link.party))?.survivor },
  });
  const leaving: Leaving[] = [
    ...looked.flatMap(({ intent }) =>
      intent.kind === "unlink" ? [intent.merged ? vanished(intent.link) : { link: intent.link }] : [],
    ),
    ...gone.map(vanished),
    ...corrected,
    ...[...rolledUp.values()].flat().map((link) => ({ link })),
  ];
  considered.push(...(await decideCards(ports, pass, { adopted, created, leaving, merged })));
  const leavers = new Map([...rolledUp].map(([top, links]) => [top, links.map(({ party }) => party)]));
  return { considered, unknown, held, topOf: topOfKey, leavers };
}

function familyHold({ connection }: Pass, top: PartyKey): string {
  return `family ${connection.id} ${partyKeyText(top)}`;
}

/**
 * Organizations may carry the keys of several parties: a card that a person joined, found again after our database was lost. They are
 * looked at together, since the first one to be written would take the others' keys away.
 */
async function withKeyMates(
  ports: ConsiderPorts,
  { connection }: Pass,
  tops: readonly PartyKey[],
): Promise<PartyKey[]> {
  const all = new Map(tops.map((top) => [partyKeyText(top), top]));
  const keys = tops.map((top) => organizationKey(connection.realm, top));
  const organizations = await ports.directory.organizationsByKeys(connection.subdomain, keys);
  const mates = organizations
    .flatMap((organization) => organization.keys.map(parseOrganizationKey))
    .flatMap((found) =>
      found?.realm === connection.realm && !all.has(partyKeyText(found.party)) ? [found.party] : [],
    );
  if (mates.length > 0)
    for (const { top } of await ports.replica.familiesOf(groupingOf(connection), mates))
      all.set(partyKeyText(top), top);
  return [...all.values()];
}

async function look(
  ports: ConsiderPorts,
  pass: Pass,
  all: readonly Family[],
  {
    hold,
    linkOf,
    merged: mergedParties,
  }: {
    hold: (names: readonly string[]) => boolean;
    linkOf: ReadonlyMap<string, Link>;
    merged: ReadonlySet<string>;
  },
): Promise<{ looked: Looked[]; waiting: PartyKey[] }> {
  const { connection } = pass;
  const tops = all.map(({ top }) => top);
  const [answers, previous, rules] = await Promise.all([
    ports.links.answersOf(connection.id, tops),
    ports.links.dispositionsOf(connection.id, tops),
    ports.links.ignoreRules(connection.id),
  ]);
  const named = answers.flatMap(({ answer }) => (answer.kind === "link" ? answer.organizationId : []));
  const merged = await findMerged(ports, connection.subdomain, named);
  const answerOf = new Map(answers.map((answer) => [partyKeyText(answer.party), followedAnswer(answer, merged)]));
  const joinedBy = ({ top }: Family) => {
    const answer = answerOf.get(partyKeyText(top))?.answer;
    return answer?.kind === "join" ? answer.with : undefined;
  };
  // Who is to be joined must not get its organization between our look at it and our note that we wait for it: nobody would wake us.
  const waits = new Set(
    all.filter((family) => {
      const joined = linkOf.has(partyKeyText(family.top)) ? undefined : joinedBy(family);
      return joined !== undefined && !hold([familyHold(pass, joined)]);
    }),
  );
  const families = all.filter((family) => !waits.has(family));
  const joined = families.flatMap((family) => joinedBy(family) ?? []);
  const joinLinks = joined.length === 0 ? [] : await ports.links.linksOf(connection.id, joined);
  const joinTargetOf = new Map(joinLinks.map((link) => [partyKeyText(link.party), link.organizationId]));
  const leftOut = new Set(families.filter((family) => isLeftOut(topOf(family), connection.settings.families)));
  const inScope = new Set(families.filter((family) => isInScope(pass, family)));
  const keyed = await keysThatOrganizationsCarry(
    ports,
    pass,
    families.filter((family) => !inScope.has(family) && !leftOut.has(family)),
  );
  const looked = families.map((family) => {
    const text = partyKeyText(family.top);
    const other = joinedBy(family);
    const intent = intentOf({
      link: linkOf.get(text),
      answer: answerOf.get(text),
      joinTarget: other && joinTargetOf.get(partyKeyText(other)),
      previous: previous.get(text),
      inScope: inScope.has(family),
      leftOut: leftOut.has(family),
      ignoredBy: ignoredBy(rules, topOf(family)),
      hasKey: keyed.has(organizationKey(connection.realm, family.top)),
      merged: mergedParties.has(text),
    });
    return { family, top: topOf(family), intent };
  });
  return { looked, waiting: [...waits].map(({ top }) => top) };
}

function isInScope({ connection, today }: Pass, { members }: Family): boolean {
  return familyInScope({ members, scope: connection.settings.scope, zone: connection.zone, today });
}

async function keysThatOrganizationsCarry(
  ports: ConsiderPorts,
  { connection }: Pass,
  families: readonly Family[],
): Promise<Set<string>> {
  if (families.length === 0) return new Set();
  const keys = families.map(({ top }) => organizationKey(connection.realm, top));
  const organizations = await ports.directory.organizationsByKeys(connection.subdomain, keys);
  return new Set(organizations.flatMap((organization) => organization.keys));
}

async function match(ports: ConsiderPorts, pass: Pass, looked: readonly Looked[]) {
  const asking = looked.flatMap(({ intent, ...one }) => (intent.kind === "match" ? [{ ...one, intent }] : []));
  if (asking.length === 0) return [];
  const world = await loadMatchWorld(ports, pass.connection.subdomain, pass.rivals, {
    connectionId: pass.connection.id,
    parties: asking.map(({ family }) => family.top),
  });
  const keyTexts = asking.map(({ family }) => organizationKey(pass.connection.realm, family.top));
  const outcomes = matchAll(world, keyTexts);
  return asking.map((one, index) => {
    const outcome = outcomes.get(keyTexts[index] ?? "");
    if (!outcome) throw new Error(`no match outcome for ${partyKeyText(one.family.top)}`);
    return { looked: one, outcome };
  });
}

function evidenceLink(
  pass: Pass,
  { family }: Looked,
  outcome: { organizationId: OrganizationId; step: Link["step"]; evidence: string[] },
): Link {
  return {
    connectionId: pass.connection.id,
    party: family.top,
    subdomain: pass.connection.subdomain,
    organizationId: outcome.organizationId,
    origin: "adopted", // until the organization's external_id says otherwise, see `cards`
    step: outcome.step,
    evidence: outcome.evidence,
    confirmedBy: undefined,
  };
}

function answerLink(pass: Pass, { family }: Looked, intent: Extract<Intent, { kind: "adopt" }>): Link {
  return {
    connectionId: pass.connection.id,
    party: family.top,
    subdomain: pass.connection.subdomain,
    organizationId: intent.organizationId,
    origin: "adopted",
    step: "answer",
    evidence: [],
    confirmedBy: intent.by,
  };
}

function rest({ family }: Looked, disposition: Disposition): Considered {
  return { tops: [family.top], decision: restDecision(family, disposition) };
}

function byParty(links: readonly Link[]): Map<string, Link> {
  return new Map(links.map((link) => [partyKeyText(link.party), link]));
}
