import {
  type Candidate,
  type Families,
  type OrganizationId,
  organizationKey,
  type Party,
  partyKeyText,
  type Realm,
  type Subdomain,
} from "../../../domain/index.ts";
import {
  nameKey,
  normaliseName,
  organizationName,
  rankForName,
  type SuffixLevel,
} from "../../../rules/matching/index.ts";
import type { ListedOrganization } from "../../directory/index.ts";
import type { Grouping, NamedTop } from "../../replica/index.ts";

/** What naming asks: parties by the key of their bare name, and what Zendesk has under a name. */
export interface NamePorts {
  replica: {
    /** Tops of families and vendors of these companies, not deleted, with the key of the name each would get. */
    partiesByNameKeys(of: readonly Grouping[], keys: readonly string[]): Promise<NamedTop[]>;
  };
  directory: { organizationsByNameKeys(subdomain: Subdomain, keys: readonly string[]): Promise<ListedOrganization[]> };
  links: {
    linksTo(subdomain: Subdomain, ids: readonly OrganizationId[]): Promise<{ organizationId: OrganizationId }[]>;
  };
}

export interface NameRequest {
  party: Party;
  /** The organization that bears the name now, when it exists already. */
  organizationId: OrganizationId | undefined;
}

export type NameAnswer =
  | { kind: "name"; value: string; key: string }
  /** A foreign organization bears it: a created one waits for a person, an existing one keeps its name. */
  | { kind: "taken"; candidate: Candidate; wanted: string };

const suffixes = [0, 1, 2] as const;

/**
 * The names of organizations that we create. Equal keys are ranked over the whole replica, so that no name depends on the order of
 * arrival; a level that one of our own adopted organizations bears is passed over.
 */
export async function nameOrganizations(
  ports: NamePorts,
  subdomain: Subdomain,
  connections: { realm: Realm; families: Families; all: readonly Grouping[] },
  requests: readonly NameRequest[],
): Promise<Map<string, NameAnswer>> {
  if (requests.length === 0) return new Map();
  const nameOf = (party: Party, suffix: SuffixLevel) =>
    organizationName(party, { separateFamilies: connections.families !== "roll-up", suffix });
  const bareKeys = [...new Set(requests.map(({ party }) => nameKey(nameOf(party, 0))))];
  const namesakes = await ports.replica.partiesByNameKeys(connections.all, bareKeys);
  const levels = levelsByKey(namesakes);
  const possible = requests.flatMap(({ party }) => suffixes.map((suffix) => nameKey(nameOf(party, suffix))));
  const bearers = new Map<string, ListedOrganization[]>();
  for (const organization of await ports.directory.organizationsByNameKeys(subdomain, [...new Set(possible)])) {
    const key = nameKey(organization.name);
    bearers.set(key, [...(bearers.get(key) ?? []), organization]);
  }
  const ids = [...bearers.values()].flat().map(({ id }) => id);
  const ours = new Set((await ports.links.linksTo(subdomain, ids)).map(({ organizationId }) => organizationId));
  return new Map(
    requests.map((request) => {
      const first = levels.get(organizationKey(connections.realm, request.party)) ?? 0;
      return [partyKeyText(request.party), nameFrom(first, request, { bearers, ours, nameOf })];
    }),
  );
}

interface Bearers {
  bearers: ReadonlyMap<string, readonly ListedOrganization[]>;
  ours: ReadonlySet<OrganizationId>;
  nameOf: (party: Party, suffix: SuffixLevel) => string;
}

function nameFrom(
  first: SuffixLevel,
  { party, organizationId }: NameRequest,
  { bearers, ours, nameOf }: Bearers,
): NameAnswer {
  let taken: ListedOrganization | undefined;
  for (const suffix of suffixes) {
    if (suffix < first) continue;
    const value = nameOf(party, suffix);
    const key = nameKey(value);
    const others = (bearers.get(key) ?? []).filter(({ id }) => id !== organizationId);
    if (others.length === 0) return { kind: "name", value, key };
    taken = others.find(({ id }) => !ours.has(id));
    if (taken) break;
  }
  const bearer = taken ?? (bearers.get(nameKey(nameOf(party, 2))) ?? [])[0];
  if (!bearer) throw new Error(`a taken name has a bearer: ${partyKeyText(party)}`);
  return {
    kind: "taken",
    wanted: nameOf(party, first),
    candidate: {
      organizationId: bearer.id,
      name: bearer.name,
      score: 0.9,
      evidence: ["It has the name that we would give."],
    },
  };
}

/** By organization key: equal bare names are ranked among all that would bear them. */
function levelsByKey(namesakes: readonly NamedTop[]): Map<string, SuffixLevel> {
  const groups = new Map<string, NamedTop[]>();
  for (const namesake of namesakes) groups.set(namesake.nameKey, [...(groups.get(namesake.nameKey) ?? []), namesake]);
  return new Map(
    [...groups.values()].flatMap((group) => [
      ...rankForName(group.map(({ party, realm, active }) => ({ ...party, realm, active }))),
    ]),
  );
}

/** What a party that waits for a name waits for. */
export function nameWait(wanted: string, candidate: Candidate | undefined): string[] {
  return [`name:${normaliseName(wanted).stem}`, ...(candidate ? [`organization:${candidate.organizationId}`] : [])];
}
