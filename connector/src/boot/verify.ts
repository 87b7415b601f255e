import {
  type ConnectionId,
  type Entity,
  OperatorError,
  type OrganizationId,
  parseOrganizationKey,
  parsePartyKey,
  partyKeyText,
  priorities,
} from "../domain/index.ts";
import { type VerifyPorts, type VerifyReport, type VerifyStage, verify } from "../oversight/verify/index.ts";
import type { ListedOrganization } from "../sync/directory/index.ts";
import { cardStates, type OwnedConnection } from "../sync/reconcile/index.ts";
import type { SweepPosition } from "../sync/replica/index.ts";
import type { Running } from "./program.ts";

export interface VerifyOptions {
  calls: number | undefined;
  repair: boolean;
  who: string;
  onProgress: (stage: VerifyStage) => void;
}

/** What of the running program a comparison needs. */
export type Verifying = Pick<Running, "engine" | "today" | "wake">;

/** The three-way comparison of one connection, over everything that this program is wired to. */
export async function verifyConnection(
  running: Verifying,
  connectionId: ConnectionId,
  options: VerifyOptions,
): Promise<VerifyReport> {
  const { stores } = running.engine;
  const subdomain = (await stores.connections.read(connectionId))?.subdomain;
  const connections = subdomain === undefined ? [] : await stores.ownership.connections(subdomain);
  const own = connections.find(({ id }) => id === connectionId);
  if (!own || own.state === "loading")
    throw new OperatorError(
      `Connection ${connectionId} has not been loaded, or is paused: there is nothing to compare. See: ml-connector status`,
    );
  const report = await verify(await portsOf(running, connections, own, options.who), options);
  if (report.marked > 0) await running.wake(own.subdomain);
  return report;
}

async function portsOf(
  running: Verifying,
  connections: readonly OwnedConnection[],
  own: OwnedConnection,
  who: string,
): Promise<VerifyPorts<ListedOrganization>> {
  const { stores, clients, appUrl } = running.engine;
  const { subdomain } = own;
  // A comparison asks Zendesk for no more than it said: a merge that nobody has followed yet is a difference.
  const remembered = { winnerOf: () => Promise.resolve(undefined) };
  const [intake, facts, rows, { organizations }] = await Promise.all([
    stores.intake.connection(own.id),
    stores.overview.facts(),
    stores.verify.rows(own.id),
    stores.directory.counts(subdomain),
  ]);
  const read = facts.find(({ id }) => id === own.id);
  return {
    connection: {
      id: own.id,
      state: own.state === "planned" ? "planned" : "active",
      today: running.today(own.zone),
      readUpTo: read?.polledAt ?? read?.sweptAt,
      refusedEntities: intake?.refusedEntities ?? [],
    },
    company: { rows, pages: (entity) => companyPages(running, own, entity) },
    replica: stores.verify,
    account: {
      organizations,
      byIds: (ids) => clients.zendesk.bulk.showByIds(subdomain, ids),
      pages: () => accountPages(running, own),
    },
    cards: (live, parties) =>
      cardStates({ ...stores, merges: remembered, today: running.today, appUrl }, connections, own, live, parties),
    straysOn: (listed) => straysOn(running, own, listed),
    surroundings: {
      ...stores.verify,
      async remembered(ids) {
        const known = await stores.directory.organizationsByIds(subdomain, ids);
        return new Map(known.map((organization) => [organization.id, organization]));
      },
      now: stores.directory.now,
    },
    repair: {
      async keep(listed, gone, readAt) {
        await stores.directory.keepOrganizations(subdomain, listed, readAt);
        await stores.directory.markOrganizationsGone(subdomain, gone);
      },
      mark: (kind, keys) =>
        stores.marks.mark(
          keys.map((key) => ({
            connectionId: own.id,
            kind,
            key,
            priority: priorities.background,
            causes: [{ kind: "person", who, what: "verify --repair", at: new Date().toISOString() }],
          })),
        ),
    },
  };
}

async function* companyPages(running: Verifying, { realm }: OwnedConnection, entity: Entity) {
  let after: SweepPosition | undefined;
  do {
    const page = await running.engine.clients.quickbooks.bulk.readPage(realm, entity, after);
    after = page.next;
    yield { records: page.records, readAt: page.readAt, last: after === undefined };
  } while (after !== undefined);
}

async function* accountPages(running: Verifying, { subdomain }: OwnedConnection) {
  let cursor: string | undefined;
  do {
    const page = await running.engine.clients.zendesk.bulk.listOrganizations(subdomain, cursor);
    cursor = page.next;
    yield { organizations: page.organizations, last: cursor === undefined };
  } while (cursor !== undefined);
}

/** Keys of this company on organizations that their parties are not linked to. */
async function straysOn(
  running: Verifying,
  { id, realm }: OwnedConnection,
  listed: readonly ListedOrganization[],
): Promise<{ organizationId: OrganizationId; name: string; party: string }[]> {
  const borne = listed.flatMap((organization) =>
    organization.keys.flatMap((text) => {
      const key = parseOrganizationKey(text);
      return key?.realm === realm ? [{ organization, party: partyKeyText(key.party) }] : [];
    }),
  );
  const links = await running.engine.stores.links.linksOf(
    id,
    borne.map(({ party }) => parsePartyKey(party)),
  );
  const linkedTo = new Map(links.map((link) => [partyKeyText(link.party), link.organizationId]));
  return borne
    .filter(({ organization, party }) => linkedTo.get(party) !== organization.id)
    .map(({ organization, party }) => ({ organizationId: organization.id, name: organization.name, party }));
}
