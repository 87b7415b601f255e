import type { Answer, ConnectionId, OrganizationId, PartyKey, Subdomain } from "../../domain/index.ts";
import { partyKeyText } from "../../domain/index.ts";
import { corporateDomain, fitsPattern } from "../../rules/matching/index.ts";
import type {
  BulkFilter,
  BulkRule,
  EvidenceDirectory,
  EvidenceReplica,
  LinkStore,
  ParkedParty,
  ReviewStore,
} from "./ports.ts";

export interface BulkPorts {
  review: Pick<ReviewStore, "parkedAfter">;
  links: Pick<LinkStore, "answersOf" | "linksTo">;
  replica: Pick<EvidenceReplica, "familiesOf">;
  directory: Pick<EvidenceDirectory, "organizationsByIds" | "usersOfOrganizations">;
}

/** One answer that a rule would give. */
export interface BulkAnswer {
  party: PartyKey;
  displayName: string;
  answer: Answer;
  /** Of the organization to link to. */
  organization: string | undefined;
}

export interface BulkProposal {
  rule: BulkRule;
  answers: BulkAnswer[];
  /** Organizations that would show several of our parties afterwards: joined, as the rule says it. */
  shared: { organizationId: OrganizationId; name: string; parties: number }[];
}

const page = 500;

/** What a rule would answer now, in the order of the parties' keys. Nothing is stored. */
export async function proposeAnswers(
  ports: BulkPorts,
  connection: { id: ConnectionId; subdomain: Subdomain },
  rule: BulkRule,
): Promise<BulkProposal> {
  const answers: BulkAnswer[] = [];
  let after: PartyKey | undefined;
  for (;;) {
    const parked = await ports.review.parkedAfter(connection.id, { reason: rule.filter.reason, after, limit: page });
    after = parked.at(-1)?.party;
    if (after === undefined) break;
    const chosen = await choose(ports, connection, parked, rule);
    answers.push(...chosen.flatMap((one) => answerFor(one, rule.answer) ?? []));
  }
  return { rule, answers, shared: await sharedCards(ports, connection.subdomain, answers) };
}

async function choose(
  ports: BulkPorts,
  { id, subdomain }: { id: ConnectionId; subdomain: Subdomain },
  parked: readonly ParkedParty[],
  { filter }: BulkRule,
): Promise<ParkedParty[]> {
  const fitting = parked.filter((one) => fits(one, filter));
  // Who has an answer waits for something else: a party to join, an organization to come back.
  const answered = new Set(
    (
      await ports.links.answersOf(
        id,
        fitting.map(({ party }) => party),
      )
    ).map(({ party }) => partyKeyText(party)),
  );
  const open = fitting.filter(({ party }) => !answered.has(partyKeyText(party)));
  return filter.sameDomain ? ofSameDomain(ports, { id, subdomain }, open) : open;
}

function fits({ party, displayName, disposition }: ParkedParty, filter: BulkFilter): boolean {
  const { candidates } = disposition;
  return (
    (filter.kind === undefined || filter.kind === party.kind) &&
    (filter.name === undefined || fitsPattern(filter.name, displayName)) &&
    (filter.organizationId === undefined ||
      candidates.some(({ organizationId }) => organizationId === filter.organizationId)) &&
    (filter.candidates === undefined || candidates.length === (filter.candidates === "none" ? 0 : 1))
  );
}

async function ofSameDomain(
  { replica, directory }: BulkPorts,
  { id, subdomain }: { id: ConnectionId; subdomain: Subdomain },
  parked: readonly ParkedParty[],
): Promise<ParkedParty[]> {
  const single = parked.filter(({ disposition }) => disposition.candidates.length === 1);
  const ids = single.flatMap(({ disposition }) => disposition.candidates.map(({ organizationId }) => organizationId));
  const [families, organizations, users] = await Promise.all([
    replica.familiesOf(
      { id },
      single.map(({ party }) => party),
    ),
    directory.organizationsByIds(subdomain, ids),
    directory.usersOfOrganizations(subdomain, ids),
  ]);
  const ours = new Map(
    families.map(({ top, members }) => [partyKeyText(top), corporate(members.flatMap(({ party }) => party.addresses))]),
  );
  const theirs = new Map(organizations.map((organization) => [organization.id, corporate(organization.domains)]));
  for (const { organizationId, addresses, agent } of users)
    if (organizationId !== undefined && !agent)
      for (const domain of corporate(addresses)) theirs.get(organizationId)?.add(domain);
  return single.filter(({ party, disposition }) => {
    const [candidate] = disposition.candidates;
    const domains = candidate && theirs.get(candidate.organizationId);
    return [...(ours.get(partyKeyText(party)) ?? [])].some((domain) => domains?.has(domain));
  });
}

function corporate(texts: readonly string[]): Set<string> {
  return new Set(texts.flatMap((text) => corporateDomain(text) ?? []));
}

function answerFor({ party, displayName, disposition }: ParkedParty, kind: BulkRule["answer"]): BulkAnswer | undefined {
  if (kind !== "link") return { party, displayName, answer: { kind }, organization: undefined };
  const [candidate, ...more] = disposition.candidates;
  if (!candidate || more.length > 0) return undefined;
  const { organizationId, name } = candidate;
  return { party, displayName, answer: { kind: "link", organizationId }, organization: name };
}

async function sharedCards(
  { links }: BulkPorts,
  subdomain: Subdomain,
  answers: readonly BulkAnswer[],
): Promise<BulkProposal["shared"]> {
  const counts = new Map<OrganizationId, { name: string; parties: number }>();
  for (const { answer, organization = "" } of answers) {
    if (answer.kind !== "link") continue;
    const known = counts.get(answer.organizationId);
    counts.set(answer.organizationId, { name: organization, parties: (known?.parties ?? 0) + 1 });
  }
  for (const { organizationId } of await links.linksTo(subdomain, [...counts.keys()])) {
    const known = counts.get(organizationId);
    if (known) known.parties += 1;
  }
  return [...counts]
    .filter(([, { parties }]) => parties > 1)
    .map(([organizationId, count]) => ({ organizationId, ...count }));
}
