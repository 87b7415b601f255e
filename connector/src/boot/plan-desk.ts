import { changeSettings, checkSettings, isPlanned, readSettings } from "../connections/index.ts";
import { type ConnectionId, type JsonObject, OperatorError, type OrganizationId } from "../domain/index.ts";
import {
  chooseCanaries,
  laidOver,
  type OwnedConnection,
  type PlanChange,
  type PlannedEffect,
  type PlanPorts,
  type ProposedPlan,
  proposePlan,
  proposeRestore,
} from "../sync/reconcile/index.ts";
import type { Stores } from "./stores.ts";

/** What a tried card was to become, and what Zendesk holds now. */
export interface TriedCard {
  effect: PlannedEffect;
  state: string;
  organizationId: OrganizationId | undefined;
  name: string | undefined;
  /** Our fields as Zendesk answered them; undefined: it has no such organization (yet). */
  fields: JsonObject | undefined;
  /** Keys whose value is not the planned one. */
  different: string[];
}

/** Plans of everything that a person may change: proposed, tried, undone. What approves and stops them is the plan store's. */
export function createPlanDesk(ports: PlanPorts, stores: Stores) {
  async function find(
    connectionId: ConnectionId,
  ): Promise<{ all: OwnedConnection[]; own: OwnedConnection; stored: JsonObject }> {
    const stored = await stores.connections.read(connectionId);
    if (!stored) throw new OperatorError(`There is no connection ${connectionId}. See: ml-connector status`);
    const all = await stores.ownership.connections(stored.subdomain);
    const own = all.find(({ id }) => id === connectionId);
    if (!own || own.state === "loading")
      throw new OperatorError(`Connection ${connectionId} cannot be planned now. See: ml-connector status`);
    const { settings } = stored;
    const isObject = typeof settings === "object" && settings !== null && !Array.isArray(settings);
    return { all, own, stored: isObject ? settings : {} };
  }

  /** A change of rules: worked out and stored. Before the first approval there is nothing to plan for but the first load, under the new rules. */
  async function proposeChange(
    connectionId: ConnectionId,
    change: Extract<PlanChange, { kind: "mapping" | "settings" }>,
    progress: (parties: number) => void = () => undefined,
  ): Promise<ProposedPlan> {
    const checked = change.kind === "settings" ? { ...change, patch: checkSettings(change.patch) } : change;
    if (checked.kind === "mapping" && !(await stores.mappings.version(connectionId, checked.version)))
      throw new OperatorError(`Connection ${connectionId} has no mapping version ${checked.version}.`);
    const { own, all, stored } = await find(connectionId);
    if (own.state === "planned") {
      await stores.plans.putInForce(connectionId, checked);
      const again = await find(connectionId);
      return proposePlan(ports, again.all, again.own, { change: { kind: "first-load" }, progress });
    }
    const patch = checked.kind === "settings" ? checked.patch : {};
    const over = await laidOver(ports, own, checked, readSettings({ ...stored, ...patch }));
    return proposePlan(ports, all, over, { change: checked, progress });
  }

  return {
    proposeChange,

    /** Settings that touch many organizations are planned; the others are in force at once, and undefined is returned. */
    async changeSettings(connectionId: ConnectionId, patch: JsonObject): Promise<ProposedPlan | undefined> {
      const checked = checkSettings(patch);
      if (Object.keys(checked).some(isPlanned))
        return proposeChange(connectionId, { kind: "settings", patch: checked });
      await changeSettings(connectionId, checked, stores);
      return undefined;
    },

    async proposeRestore(connectionId: ConnectionId, ofPlan: number): Promise<ProposedPlan> {
      const stored = await stores.connections.read(connectionId);
      if (!stored) throw new OperatorError(`There is no connection ${connectionId}. See: ml-connector status`);
      const { version } = await stores.mappings.current(connectionId);
      return proposeRestore(ports, { id: connectionId, subdomain: stored.subdomain, mappingVersion: version }, ofPlan);
    },

    /** Applies one card of each kind. False: the plan is not proposed any more, or another one is under way. */
    async tryOut(planId: number, who: string): Promise<boolean> {
      const effects = await stores.plans.effects(planId, { states: ["planned"], limit: everyEffect });
      const cards = chooseCanaries(effects);
      if (cards.length === 0) throw new OperatorError("This plan writes nothing: there is nothing to try.");
      return stores.plans.tryOut(planId, cards, who);
    },

    /** The tried cards with what Zendesk really holds. */
    async tried(connectionId: ConnectionId, planId: number): Promise<TriedCard[]> {
      const connection = await stores.connections.read(connectionId);
      if (!connection) throw new OperatorError(`There is no connection ${connectionId}. See: ml-connector status`);
      const effects = await stores.plans.effects(planId, { canary: true, limit: everyEffect });
      const first = effects.filter(({ card, party }) => card === party);
      const ids = first.flatMap(({ organizationId }) => organizationId ?? []);
      const live = ids.length === 0 ? [] : await ports.writers.bulk.showByIds(connection.subdomain, ids);
      const byId = new Map(live.map((organization) => [organization.id, organization]));
      return first.map((effect) => {
        const found = effect.organizationId === undefined ? undefined : byId.get(effect.organizationId);
        return {
          effect,
          state: effect.state,
          organizationId: effect.organizationId,
          name: found?.name,
          fields: found?.fields,
          different: Object.entries(effect.changed).flatMap(([key, [, after]]) =>
            found === undefined || (found.fields[key] ?? null) !== (after ?? null) ? [key] : [],
          ),
        };
      });
    },
  };
}

const everyEffect = 1_000_000;
