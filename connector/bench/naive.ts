import { type Bench, type BenchContext, round } from "./bench.ts";
import { countCalls, listCalls } from "./calls.ts";
import { clientsOfOthers, type OtherClients } from "./other-clients.ts";
import {
  type BothSimulators,
  openStage,
  type Systems,
  secondPerJob,
  setLatency,
  startSimulators,
} from "./stage/index.ts";

const sizes = {
  full: { company: "customers=1750,vendors=250,invoices=5000,bills=800,seed=7", latencyMs: 100 },
  small: { company: "customers=60,vendors=10,invoices=180,bills=30,seed=7", latencyMs: 20 },
};
const atOnce = 10;
const pageSize = 1000;
const patienceMs = 10 * 60_000;

/** A first load of 2,000 parties, by our way and record by record with the clients that most integrations use, over the same systems. */
export const naive: Bench = async (context) => {
  const { company } = sizes[context.size];
  const systems: Systems = { company: { generate: company }, limits: "unlimited", jobs: secondPerJob };
  const theirs = await perRecord(context, systems);
  const ours = await inBulk(context, systems);
  return {
    callRatio: round(theirs.calls / ours.calls, 1),
    timeRatio: round(theirs.ms / ours.ms, 2),
    naiveCalls: theirs.calls,
    calls: ours.calls,
    naiveSeconds: round(theirs.ms / 1000, 1),
    seconds: round(ours.ms / 1000, 1),
    parties: theirs.parties,
    connectingCalls: ours.connecting,
  };
};

async function perRecord(context: BenchContext, systems: Systems) {
  const simulators = await startSimulators(systems);
  try {
    const clients = await clientsOfOthers(simulators);
    await setLatency(simulators, sizes[context.size].latencyMs);
    const before = await calls(simulators);
    const startedAt = performance.now();
    const parties = await loadPerRecord(clients);
    return { parties, ms: performance.now() - startedAt, calls: (await calls(simulators)) - before };
  } finally {
    await simulators.close();
  }
}

/** The usual script: all parties page by page; for each, its open documents, then one upsert; ten in flight. */
async function loadPerRecord({
  findCustomers,
  findVendors,
  openInvoices,
  openBills,
  upsert,
}: OtherClients): Promise<number> {
  const parties: { kind: "customer" | "vendor"; id: string; name: string }[] = [];
  for (const [kind, find] of [
    ["customer", findCustomers],
    ["vendor", findVendors],
  ] as const)
    for (let offset = 1; ; offset += pageSize) {
      const page = await find(offset, pageSize);
      parties.push(...page.map(({ Id, DisplayName }) => ({ kind, id: Id, name: `${DisplayName} (${kind} ${Id})` })));
      if (page.length < pageSize) break;
    }
  let next = 0;
  const work = async () => {
    for (let party = parties[next++]; party !== undefined; party = parties[next++]) {
      const open = await (party.kind === "customer" ? openInvoices(party.id) : openBills(party.id));
      await upsert({
        name: party.name,
        external_id: `${party.kind}-${party.id}`,
        organization_fields: {
          open_count: open.length,
          open_amount: Number(open.reduce((sum, { Balance }) => sum + Balance, 0).toFixed(2)),
        },
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return parties.length;
}

async function calls({ quickbooks, zendesk }: BothSimulators): Promise<number> {
  const counters = [
    await quickbooks.get<Record<string, number>>("counters"),
    await zendesk.get<Record<string, number>>("counters"),
  ];
  return counters.flatMap(Object.values).reduce((sum: number, count: number) => sum + count, 0);
}

async function inBulk(context: BenchContext, systems: Systems) {
  const stage = await openStage({ server: await context.server(), profileTo: context.profileTo, systems });
  try {
    const service = await stage.startService();
    await setLatency(stage, sizes[context.size].latencyMs);
    const connectionId = await stage.driver.connect();
    const startedAt = performance.now();
    await stage.driver.approve(connectionId, patienceMs);
    await stage.driver.settled(connectionId, patienceMs);
    const ms = performance.now() - startedAt;
    const { spans } = await service.observe();
    context.say(listCalls(spans));
    const counts = countCalls(spans);
    return { ms, calls: counts.quickbooks + counts.zendesk, connecting: counts.connecting };
  } finally {
    await stage.close();
  }
}
