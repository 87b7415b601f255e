// Each write of an organization that Zendesk took has exactly one row in our journal, and the journal tells of no other.

interface Call {
  operation: string;
  path: string;
  status: number;
  requestBody: unknown;
}

interface Job {
  kind: string;
  items: Item[];
  results: Record<string, unknown>[];
}

interface Item {
  id?: number | string;
  name?: string;
  external_id?: string | null;
  organization_fields?: Record<string, unknown>;
}

export interface JournalRow {
  action: string;
  parties: string[];
  organizationId: number | undefined;
  after: Record<string, unknown>;
}

export interface Told {
  calls: readonly Call[];
  jobs: readonly Job[];
  rows: readonly JournalRow[];
  realm: string;
}

interface Count {
  /** Took effect for sure. */
  certain: number;
  /** The line was cut, before the effect or after it. */
  possible: number;
  told: number;
}

/** What disagrees, in words; empty: nothing. */
export function journalMismatches({ calls, jobs, rows, realm }: Told): string[] {
  const counts = new Map<string, Count>();
  const count = (key: string): Count => {
    const found = counts.get(key) ?? { certain: 0, possible: 0, told: 0 };
    counts.set(key, found);
    return found;
  };
  for (const call of calls) {
    const effect = effectOf(call);
    if (effect === "none") continue;
    const { organization } = call.requestBody as { organization: Item };
    const id = /\/organizations\/(\d+)/.exec(call.path)?.[1];
    count(keyOf(id ?? organization.external_id ?? organization.id, organization))[effect] += 1;
  }
  for (const job of jobs) {
    if (job.kind !== "organizations.create" && job.kind !== "organizations.update") continue;
    for (const [place, item] of job.items.entries()) {
      const result = job.results[place];
      if (result === undefined || "error" in result) continue;
      count(keyOf(job.kind === "organizations.create" ? item.external_id : item.id, item)).certain += 1;
    }
  }
  for (const { action, parties, organizationId, after } of rows) {
    if (action !== "created" && action !== "updated" && action !== "cleared") continue;
    // A note block stands among people's words in Zendesk: whether it is right is the comparison's business.
    const { name, notes: _, ...fields } = after;
    const target = action === "created" ? `qbo:${realm}:${parties[0]}` : organizationId;
    const values = { ...(name === undefined ? {} : { name: name as string }), organization_fields: fields };
    count(keyOf(target, values)).told += 1;
  }
  return [...counts].flatMap(([key, { certain, possible, told }]) => {
    if (told < certain) return `${certain - told} not told of: ${key}`;
    return told > certain + possible ? `${told - certain - possible} told of and not made: ${key}` : [];
  });
}

/** A 500 of the simulator's weather comes after the effect; status 0 is a cut line. */
function effectOf({ operation, status }: Call): "certain" | "possible" | "none" {
  if (operation !== "UpdateOrganization" && operation !== "CreateOrUpdateOrganization") return "none";
  if ((status >= 200 && status < 300) || status === 500) return "certain";
  return status === 0 ? "possible" : "none";
}

/** Numbers as the journal writes them: as texts. Dates come as they are sent. */
function keyOf(target: number | string | null | undefined, { name, organization_fields: fields = {} }: Item): string {
  const values = Object.entries(fields).map(
    ([key, value]) => [key, value === null ? null : `${value as string | number | boolean}`] as const,
  );
  if (name !== undefined) values.push(["name", name]);
  values.sort(([one], [other]) => (one < other ? -1 : 1));
  return `${target} ${JSON.stringify(Object.fromEntries(values))}`;
}
