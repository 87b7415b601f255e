import { changeSettings, checkSettings, isPlanned, readSettings } from "../connections/index.ts";
import { type ConnectionId, type JsonObject, OperatorError } from "../domain/index.ts";
import {
  chooseCanaries,
  laidOver,
  type OwnedConnection,
  type PlanChange,
  type PlanDesk,
  type PlanPorts,
  type ProposedPlan,
  proposePlan,
  proposeRestore,
  type TriedCard,
} from "../sync/reconcile/index.ts";
import type { Stores } from "./stores.ts";

/** Plans of everything that a person may change: proposed, tried, undone. What approves and stops them is the plan store's. */
export function createPlanDesk(ports: PlanPorts, stores: Stores): PlanDesk {
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

    async changeSettings(connectionId, patch) {
      const checked = checkSettings(patch);
      if (Object.keys(checked).some(isPlanned))
        return proposeChange(connectionId, { kind: "settings", patch: checked });
      await changeSettings(connectionId, checked, stores);
      return undefined;
    },

    async proposeRestore(connectionId, ofPlan) {
      const stored = await stores.connections.read(connectionId);
      if (!stored) throw new OperatorError(`There is no connection ${connectionId}. See: ml-connector status`);
      const { version } = await stores.mappings.current(connectionId);
      return proposeRestore(ports, { id: connectionId, subdomain: stored.subdomain, mappingVersion: version }, ofPlan);
    },

    async tryOut(planId, who) {
      const effects = await stores.plans.effects(planId, { states: ["planned"], limit: everyEffect });
      const cards = chooseCanaries(effects);
      if (cards.length === 0)
        throw new OperatorError("This plan writes no organization: there is no card to try it on.");
      return stores.plans.tryOut(planId, cards, who);
    },

    async tried(connectionId, planId): Promise<TriedCard[]> {
      const connection = await stores.connections.read(connectionId);
      if (!connection) throw new OperatorError(`There is no connection ${connectionId}. See: ml-connector status`);
      const effects = await stores.plans.effects(planId, { canary: true, limit: everyEffect });
      const first = effects.filter(({ card, party, changed }) => card === party || Object.keys(changed).length > 0);
      const ids = first.flatMap(({ organizationId }) => organizationId ?? []);
      const live = ids.length === 0 ? [] : await ports.writers.bulk.showByIds(connection.subdomain, ids);
      const byId = new Map(live.map((organization) => [organization.id, organization]));
      return first.map((effect) => {
        const organization = effect.organizationId === undefined ? undefined : byId.get(effect.organizationId);
        return {
          effect,
          organization,
          different: Object.entries(effect.changed).flatMap(([key, [, after]]) =>
            (organization?.fields[key] ?? null) === (after ?? null) ? [] : [key],
          ),
        };
      });
    },
  };
}

const everyEffect = 1_000_000;
