import { OperatorError, type OrganizationId } from "../../../domain/index.ts";
import type { OwnedField } from "../../../rules/mapping/index.ts";
import type { ReconcilePorts } from "../own/owner.ts";
import type { OwnedConnection } from "../ports.ts";
import { emptyCounts } from "./count-decision.ts";
import { decideRestore, type FormerOrganization, type InspectedOrganization } from "./decide-restore.ts";
import type { PlanPorts } from "./plan.ts";
import { type PlanCounts, type PlannedEffect, type ProposedPlan, planStatesBefore } from "./ports.ts";
import type { RestoreUnderWay } from "./restore-ports.ts";

const batch = 100;
const organizationsPerSecond = 15;

/** Stores what undoing a plan would do: every organization that would go is named, and every one that would stay, with its reason. */
export async function proposeRestore(
  ports: PlanPorts,
  connection: Pick<OwnedConnection, "id" | "subdomain" | "mappingVersion">,
  ofPlan: number,
): Promise<ProposedPlan> {
  const plan = await ports.plans.read(ofPlan);
  if (!plan || plan.connectionId !== connection.id || plan.change.kind === "restore")
    throw new OperatorError(`Connection ${connection.id} has no plan ${ofPlan} that could be undone.`);
  if (!planStatesBefore("restore").includes(plan.state))
    throw new OperatorError(
      plan.state === "approved" || plan.state === "applying"
        ? `Plan ${ofPlan} is being applied: stop it first.`
        : `Plan ${ofPlan} is ${plan.state}: there is nothing to undo.`,
    );
  const newer = (await ports.plans.list(connection.id)).find(
    ({ id, change, state }) => id > ofPlan && change.kind !== "restore" && planStatesBefore("restore").includes(state),
  );
  if (newer) throw new OperatorError(`Plan ${newer.id} was applied after plan ${ofPlan}: undo that one first.`);
  const owned = await ownedBy(ports, {
    ofPlan,
    connectionId: connection.id,
    mappingVersion: connection.mappingVersion,
  });
  const id = await ports.plans.draft(connection.id, { kind: "restore", ofPlan });
  const counts = emptyCounts();
  let after: OrganizationId | undefined;
  let kept = 0;
  for (;;) {
    const chunk = await ports.restores.formerOf(ofPlan, after, batch);
    if (chunk.length === 0) break;
    after = chunk.at(-1)?.organizationId;
    const found = await ports.undo.inspect(
      connection.subdomain,
      chunk.map(({ organizationId }) => organizationId),
    );
    const users = new Set(
      await ports.restores.withUsers(
        connection.subdomain,
        chunk.map(({ organizationId }) => organizationId),
      ),
    );
    const byId = new Map(found.map((organization) => [organization.id, organization]));
    const effects = chunk.map((of) => effectOf(of, byId.get(of.organizationId), owned, !users.has(of.organizationId)));
    for (const effect of effects) count(counts, effect);
    await ports.plans.addEffects(id, effects, kept);
    kept += effects.length;
  }
  counts.calls = 2 * Math.ceil(kept / batch) + counts.remove;
  counts.expectedSeconds = Math.ceil((counts.update + counts.remove + counts.leave) / organizationsPerSecond);
  await ports.plans.propose(id, counts);
  const proposed = await ports.plans.latest(connection.id);
  if (proposed?.id !== id) throw new Error(`plan ${id} was replaced while it was worked out`);
  return proposed;
}

function effectOf(
  of: FormerOrganization,
  now: InspectedOrganization | undefined,
  owned: readonly OwnedField[],
  mayRemove: boolean,
): PlannedEffect {
  const decision = decideRestore(of, now, owned, { mayRemove });
  const kept =
    "kept" in decision && decision.kept.length > 0 ? `people changed ${decision.kept.join(", ")}` : undefined;
  const additions = now && now.additions.length > 0 ? `people added ${now.additions.join(", ")}` : undefined;
  const common = {
    party: of.party,
    card: of.party,
    organizationId: of.organizationId,
    organization: now?.name,
    changed: {},
    traits: [],
  };
  if (decision.kind === "gone") return { ...common, effect: "gone", because: undefined };
  if (decision.kind === "remove") return { ...common, effect: "remove", because: undefined };
  const changed =
    decision.kind === "write"
      ? Object.fromEntries(
          Object.entries(decision.changed).map(([key, value]) => [key, [decision.before[key] ?? null, value]]),
        )
      : {};
  if (of.created)
    return {
      ...common,
      effect: "leave",
      because: kept ?? additions ?? (mayRemove ? "it has another name" : "it has users"),
      changed,
    };
  return { ...common, effect: decision.kind === "write" ? "restore" : "unchanged", because: kept, changed };
}

function count(counts: PlanCounts, { effect, changed }: PlannedEffect): void {
  if (effect === "restore") counts.update += 1;
  else if (effect === "remove" || effect === "leave" || effect === "gone" || effect === "unchanged")
    counts[effect] += 1;
  for (const [key, [before, after]] of Object.entries(changed)) {
    const field = counts.fields[key] ?? { set: 0, changed: 0, cleared: 0 };
    if (before === null) field.set += 1;
    else if (after === null) field.cleared += 1;
    else field.changed += 1;
    counts.fields[key] = field;
  }
}

/** The fields of the mapping that the plan brought and of the one that it replaced. */
export async function ownedBy(
  ports: Pick<ReconcilePorts, "mappingOf"> & { plans: Pick<PlanPorts["plans"], "read"> },
  { ofPlan, connectionId, mappingVersion }: Pick<RestoreUnderWay, "ofPlan" | "connectionId" | "mappingVersion">,
): Promise<OwnedField[]> {
  const change = (await ports.plans.read(ofPlan))?.change;
  const versions = new Set([mappingVersion, change?.kind === "mapping" ? change.version : mappingVersion]);
  const fields = new Map<string, OwnedField>();
  for (const version of versions)
    for (const field of (await ports.mappingOf(connectionId, version)).owned)
      if (!fields.has(field.key)) fields.set(field.key, field);
  return [...fields.values()];
}
