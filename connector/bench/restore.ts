import type { ConnectionId } from "../src/domain/index.ts";
import { type Bench, round } from "./bench.ts";
import { countCalls, listCalls } from "./calls.ts";
import { eventually, openStage, type Stage, secondPerJob, subdomain } from "./stage/index.ts";

const companies = {
  full: "customers=6100,vendors=650,invoices=17000,bills=2100,seed=7",
  small: "customers=200,vendors=20,invoices=600,bills=60,seed=7",
};
/** One in so many clients is an organization of Zendesk already, with what people wrote there. */
const oneIn = 10;
const patienceMs = 30 * 60_000;

interface Organization {
  id: number;
  name: string;
  external_id: string | null;
  details: string | null;
  notes: string | null;
  domain_names: string[];
  tags: string[];
  organization_fields: Record<string, unknown>;
}

/** The first load of a company with about 5,000 organizations, every tenth of which was there, is applied and undone. */
export const restore: Bench = async (context) => {
  const stage = await openStage({
    server: await context.server(),
    profileTo: context.profileTo,
    systems: { company: { generate: companies[context.size] }, limits: "unlimited", jobs: secondPerJob },
  });
  try {
    await fillAccount(stage);
    const before = await organizations(stage);
    const service = await stage.startService();
    const connectionId = await stage.driver.connect();
    const plannedAt = await stage.driver.approve(connectionId, patienceMs);
    await stage.driver.settled(connectionId, patienceMs);
    const loadMs = performance.now() - plannedAt;
    const loaded = await organizations(stage);
    await service.observe("forget");
    const restoreMs = await undo(stage, connectionId);
    const observed = await service.observe();
    context.say(listCalls(observed.spans));
    return {
      loadMs: round(loadMs),
      restoreMs: round(restoreMs),
      ratio: round(restoreMs / loadMs, 2),
      differences: differences(before, await organizations(stage)),
      organizations: [...loaded.values()].filter((one) => one.organization_fields["qbo_key"]).length,
      created: loaded.size - before.size,
      zendeskWrites: countCalls(observed.spans).organizationWrites,
    };
  } finally {
    await stage.close();
  }
};

async function fillAccount({ quickbooks, zendesk }: Stage): Promise<void> {
  const { companies } = await quickbooks.get<State>("state");
  const customers = Object.values(companies).flatMap(({ Customer }) => Customer);
  const known = customers.filter(({ ParentRef }) => ParentRef === undefined).filter((_, place) => place % oneIn === 0);
  for (const { DisplayName: name } of known)
    await zendesk.post("mutate", {
      entity: "organization",
      operation: "create",
      record: { name, notes: `Known as ${name}.`, tags: ["gold"] },
    });
}

interface State {
  companies: Record<string, { Customer: { DisplayName: string; ParentRef?: object }[] }>;
}

/** From the person's yes to the last organization. */
async function undo({ driver }: Stage, connectionId: ConnectionId): Promise<number> {
  const { planDesk, stores } = driver.engine;
  const startedAt = performance.now();
  const first = (await stores.plans.list(connectionId)).find(({ change }) => change.kind === "first-load");
  if (!first) throw new Error("there is no plan to undo");
  const plan = await planDesk.proposeRestore(connectionId, first.id);
  if (!(await stores.plans.approve(plan.id, "bench"))) throw new Error("the plan is not undone");
  await driver.engine.notify(subdomain);
  const isUndone = async () => (await stores.plans.read(first.id))?.state === "restored";
  await eventually("the plan undone", isUndone, { withinMs: patienceMs, lookMs: 50 });
  return performance.now() - startedAt;
}

async function organizations({ zendesk }: Stage): Promise<Map<number, Organization>> {
  const { organizations: all } = await zendesk.get<{ organizations: Organization[] }>("state");
  return new Map(all.map((organization) => [organization.id, organization]));
}

/** Organizations that are not as they were. A field that is empty says as much as one that did not exist yet. */
function differences(before: ReadonlyMap<number, Organization>, after: ReadonlyMap<number, Organization>): number {
  const ids = new Set([...before.keys(), ...after.keys()]);
  return [...ids].filter((id) => seen(before.get(id)) !== seen(after.get(id))).length;
}

function seen(organization: Organization | undefined): string {
  if (!organization) return "none";
  const { name, external_id, details, notes, domain_names, tags, organization_fields } = organization;
  const fields = Object.entries(organization_fields)
    .filter(([, value]) => value !== null && value !== false)
    .sort(([one], [other]) => one.localeCompare(other));
  return JSON.stringify([name, external_id, details, notes, domain_names, [...tags].sort(), fields]);
}
