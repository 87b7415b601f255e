import type { ConnectionId } from "../../domain/index.ts";
import type { DemoConnector } from "./connector.ts";
import { beginLife, type LifeChange, nextChange } from "./life-script.ts";
import type { CardTarget } from "./life-world.ts";
import type { Stage } from "./stage.ts";

const lookMs = 10;
/** A change that Zendesk does not show within this time counts as lost: the comparison then says what is wrong. */
const patienceMs = 30_000;

export interface MadeChange {
  kind: string;
  says: string;
  party: string;
  /** From the change in QuickBooks until the organization's page shows it; undefined: not within the patience. */
  shownAfterMs: number | undefined;
}

/** A life-like script changes the company, one change at a time on ever other cards, and each is watched until Zendesk shows it. */
export async function* liveChanges(
  stage: Stage,
  connector: DemoConnector,
  of: { connectionId: ConnectionId; realm: string; zone: string; seed: number },
  stopped: AbortSignal,
): AsyncGenerator<MadeChange> {
  const life = beginLife(of.seed);
  let company = await stage.quickbooks.control.company(of.realm);
  let cards = await cardsOf(connector, of.connectionId);
  while (!stopped.aborted) {
    const change = nextChange(life, { company, cards, today: connector.today(of.zone) });
    if (change === undefined) {
      if (life.used.size === 0) return;
      life.used.clear();
      company = await stage.quickbooks.control.company(of.realm);
      cards = await cardsOf(connector, of.connectionId);
      continue;
    }
    yield await makeAndWatch(stage, connector, of.connectionId, cards, change, stopped);
  }
}

async function makeAndWatch(
  stage: Stage,
  connector: DemoConnector,
  connectionId: ConnectionId,
  cards: readonly CardTarget[],
  change: LifeChange,
  stopped: AbortSignal,
): Promise<MadeChange> {
  const { control } = stage.zendesk;
  const known = cards.find(({ party }) => party === change.party)?.organizationId;
  const before = known === undefined ? undefined : await control.organizationPage(known);
  const startedAt = performance.now();
  const party = await stage.quickbooks.control.makeChange(change);
  const until = startedAt + patienceMs;
  while (performance.now() < until && !stopped.aborted) {
    const shown =
      known === undefined
        ? await isLinked(connector, connectionId, party)
        : (await control.organizationPage(known)) !== before;
    if (shown) return { kind: change.kind, says: change.says, party, shownAfterMs: performance.now() - startedAt };
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
  return { kind: change.kind, says: change.says, party, shownAfterMs: undefined };
}

async function isLinked(connector: DemoConnector, connectionId: ConnectionId, party: string): Promise<boolean> {
  const standings = await connector.standings(connectionId);
  return standings.some(({ key, disposition }) => key === party && disposition === "linked");
}

async function cardsOf(connector: DemoConnector, connectionId: ConnectionId): Promise<CardTarget[]> {
  const standings = await connector.standings(connectionId);
  return standings.flatMap(({ key, disposition, organizationId, origin }) =>
    disposition === "linked" && organizationId !== undefined && origin !== undefined
      ? [{ party: key, organizationId, origin }]
      : [],
  );
}

/** The value below which this share of the sorted values lies (nearest rank). */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
