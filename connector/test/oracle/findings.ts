/** One thing that is not as the rules say. */
export interface Difference {
  organizationId?: number;
  /** `customer:12`. */
  party?: string;
  what: string;
  expected: unknown;
  found: unknown;
}

type Kind = "different" | "foreign" | "duplicate";

export interface Findings {
  add(kind: Kind, difference: Difference): void;
  /** Organizations and parties that differ, each counted once per kind. */
  count(kind: Kind): number;
  hasCard(organizationId: number): boolean;
  list(): Difference[];
}

const mostListed = 200;

export function collectFindings(): Findings {
  const listed: Difference[] = [];
  const subjects: Record<Kind, Set<string>> = { different: new Set(), foreign: new Set(), duplicate: new Set() };
  const cards = new Set<number>();
  return {
    add(kind, difference) {
      if (listed.length < mostListed) listed.push(difference);
      subjects[kind].add(String(difference.organizationId ?? difference.party ?? difference.what));
      if (kind === "different" && difference.organizationId !== undefined) cards.add(difference.organizationId);
    },
    count: (kind) => subjects[kind].size,
    hasCard: (organizationId) => cards.has(organizationId),
    list: () => listed,
  };
}
