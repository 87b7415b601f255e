import {
  type Disposition,
  type OrganizationId,
  type PartyKey,
  parsePartyKey,
  partyKeyText,
} from "../../../domain/index.ts";
import type { CardState } from "../../../oversight/verify/index.ts";
import type { ListedOrganization } from "../../directory/index.ts";
import { considerParties } from "../consider/consider.ts";
import { type Considered, type ConsiderPorts, groupingOf } from "../consider/facts.ts";
import { standingsOf } from "../decide/decide-card.ts";
import type { Standing } from "../decide/decision.ts";
import { passOf } from "../own/decide-and-deliver.ts";
import type { ReconcilePorts } from "../own/owner.ts";
import type { OwnedConnection } from "../ports.ts";
import type { PlanLookup } from "./ports.ts";
import { partsOf } from "./screen.ts";

const batch = 500;

export interface CardStatePorts extends ConsiderPorts, Pick<ReconcilePorts, "today" | "appUrl"> {
  plans: Pick<PlanLookup, "effectsOf">;
  replica: ConsiderPorts["replica"] & Pick<ReconcilePorts["replica"], "allTops">;
}

/**
 * Decides every card of the connection, or those of some parties, as a pass would if it knew the organizations as they are in `live`
 * (undefined: gone). Nothing is concluded: what each decision says is told as the state of its card. While a plan is tried or stopped, each
 * card is decided under the rules that hold for it, and those that the plan still holds back say so.
 */
export async function* cardStates(
  ports: CardStatePorts,
  connections: readonly OwnedConnection[],
  connection: OwnedConnection,
  live: ReadonlyMap<OrganizationId, ListedOrganization | undefined>,
  parties?: readonly string[],
): AsyncGenerator<CardState[]> {
  const over = { ...ports, directory: { ...ports.directory, organizationsByIds: seen(ports.directory, live) } };
  const told = new Set<OrganizationId>();
  for await (const tops of parties ? [parties.map(parsePartyKey)] : everybody(ports, connection, [...live.keys()])) {
    const keyed = tops.map((top) => ({ key: partyKeyText(top), top }));
    const { parts, waiting } = await partsOf(ports.plans, connection, keyed);
    for (const part of [...parts, ...(waiting.length > 0 ? [{ connection, marks: waiting }] : [])]) {
      const pass = passOf(ports, connections, part.connection);
      const { considered } = await considerParties(
        over,
        pass,
        part.marks.map(({ top }) => top),
        () => true,
      );
      const before = await ports.links.dispositionsOf(
        connection.id,
        considered.flatMap((one) => one.tops),
      );
      const states = considered.map((one): CardState => {
        const state = stateOf(one, before);
        return part.marks === waiting ? { ...state, heldBack: true } : state;
      });
      // A card of several parties comes with each batch that holds one of them.
      const fresh = states.filter((state) => !("organizationId" in state && told.has(state.organizationId)));
      for (const state of fresh) if ("organizationId" in state) told.add(state.organizationId);
      yield fresh;
    }
  }
}

/** All tops and vendors, then whoever is linked and is not among them: parties that QuickBooks has no more. */
async function* everybody(
  ports: CardStatePorts,
  connection: OwnedConnection,
  organizations: readonly OrganizationId[],
): AsyncGenerator<PartyKey[]> {
  const { id, subdomain } = connection;
  const linked = await ports.links.linksTo(subdomain, organizations);
  const others = new Map(
    linked.filter(({ connectionId }) => connectionId === id).map(({ party }) => [partyKeyText(party), party]),
  );
  let after: PartyKey | undefined;
  for (;;) {
    const tops = await ports.replica.allTops(groupingOf(connection), after, batch);
    if (tops.length === 0) break;
    for (const top of tops) others.delete(partyKeyText(top));
    yield tops;
    after = tops.at(-1);
  }
  if (others.size > 0) yield [...others.values()];
}

/** Organizations as they were read; those that were not asked for as the directory knows them. */
function seen(
  directory: ConsiderPorts["directory"],
  live: ReadonlyMap<OrganizationId, ListedOrganization | undefined>,
): ConsiderPorts["directory"]["organizationsByIds"] {
  return async (subdomain, ids) => {
    const others = ids.filter((id) => !live.has(id));
    const known = others.length === 0 ? [] : await directory.organizationsByIds(subdomain, others);
    return [...ids.flatMap((id) => live.get(id) ?? []), ...known];
  };
}

function stateOf({ decision, tops }: Considered, before: ReadonlyMap<string, Disposition>): CardState {
  const parties = tops.map(partyKeyText);
  switch (decision.kind) {
    case "create":
      return { kind: "missing", parties, name: decision.name };
    case "gone":
      return { kind: "gone", parties, organizationId: decision.organizationId };
    case "clear": {
      const { organization, changed, before: found } = decision;
      const of = { parties, organizationId: organization.id, name: organization.name };
      // Its values are cleared already: only the links are left to be ended.
      if (Object.keys(changed).length === 0) return { kind: "standing", parties, before: "linked", now: "not linked" };
      return { kind: "left-over", ...of, changed, found };
    }
    case "update": {
      const { organization, name, changed, before: found } = decision;
      return {
        kind: "differs",
        parties,
        organizationId: organization.id,
        name: organization.name,
        changed: { ...changed, ...(name ? { name: name.value } : {}) },
        found: { ...found, ...(name ? { name: organization.name } : {}) },
      };
    }
    case "unchanged": {
      const { organizationId, facts } = decision;
      if (facts.members.length > 0)
        return { kind: "lacks-members", parties, organizationId, users: facts.members.length };
      return (
        otherStanding(parties, standingsOf(decision.families, decision.links), before) ?? {
          kind: "as-wanted",
          parties,
          organizationId,
        }
      );
    }
    case "rest": {
      const own = decision.standings.filter(({ party }) => parties.includes(partyKeyText(party)));
      const parked = own.map(({ disposition }) => disposition).find(({ kind }) => kind === "parked");
      if (parked?.kind === "parked") return { kind: "parked", parties, reason: parked.reason, says: parked.says };
      return otherStanding(parties, own, before) ?? { kind: "at-rest", parties };
    }
  }
}

/** Zendesk needs nothing, but what we remember of a party is not what would be concluded now. */
function otherStanding(
  parties: string[],
  standings: readonly Standing[],
  before: ReadonlyMap<string, Disposition>,
): CardState | undefined {
  for (const { party, disposition } of standings) {
    const key = partyKeyText(party);
    if (!parties.includes(key)) continue;
    const [was, is] = [words(before.get(key)), words(disposition)];
    if (was !== is) return { kind: "standing", parties: [key], before: was, now: is };
  }
  return undefined;
}

function words(disposition: Disposition | undefined): string {
  if (!disposition) return "undecided";
  return disposition.kind === "linked" ? `linked to ${disposition.organizationId}` : disposition.kind;
}
