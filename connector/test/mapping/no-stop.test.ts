import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Flow, startFlow } from "../flow/bench.ts";
import { changeMapping, mappingWith } from "./change-mapping.ts";

const clients = 120;
const invoices = 50;
const stamp = "2026-10-01T09:00:00-07:00";
const common = { MetaData: { CreateTime: stamp, LastUpdatedTime: stamp }, CurrencyRef: { value: "USD" } };
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const company = {
  Customer: numbers(clients).map((id) => ({
    Id: `${id}`,
    DisplayName: `Client ${id}`,
    Active: true,
    Balance: 0,
    ...common,
  })),
  Invoice: numbers(clients * invoices).map((id) => ({
    Id: `${1_000 + id}`,
    CustomerRef: { value: `${(id % clients) + 1}` },
    TxnDate: "2026-10-01",
    DueDate: "2026-12-01",
    TotalAmt: id,
    Balance: id,
    ...common,
  })),
};

describe("a plan over many cards with a costly mapping", () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ company, account: {}, today: "2026-11-20" });
    await flow.load();
  });
  afterAll(() => flow?.close());

  /** Decides every card without writing. Our own processor time, in all and within one turn of the event loop: others share this machine. */
  async function decideAll(): Promise<{ wholeMs: number; turnMs: number }> {
    const usedMs = () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1_000;
    };
    const startedMs = usedMs();
    let lastMs = startedMs;
    let turnMs = 0;
    let running = true;
    const turn = () => {
      const nowMs = usedMs();
      turnMs = Math.max(turnMs, nowMs - lastMs);
      lastMs = nowMs;
      if (running) setImmediate(turn);
    };
    setImmediate(turn);
    await flow.engine.dryRun(flow.connectionId);
    running = false;
    return { wholeMs: usedMs() - startedMs, turnMs };
  }

  it("never stops the program for longer than reading and a card take", async () => {
    await decideAll();
    const plain = await decideAll();
    // As much work as one expression may be: every invoice of a client against every other one.
    const expression = "card.documents.map(a, card.documents.exists(b, a.balance == b.total && !b.open)).exists(x, x)";
    const target = { key: "qbo_busy", type: "checkbox" as const, title: "Busy", description: "" };
    await changeMapping(flow, mappingWith({ rows: [{ target, value: { expression } }] }));
    const busy = await decideAll();
    const told = (ms: number) => `${ms.toFixed(0)} ms`;
    process.stderr.write(
      `${clients} cards: default mapping at most ${told(plain.turnMs)} in one turn, costly mapping ${told(busy.turnMs)} of ${told(busy.wholeMs)}\n`,
    );
    // Decided in one go, nearly all of the time would be one turn.
    expect(busy.turnMs).toBeLessThan(Math.max(plain.turnMs, 50) * 2);
    expect(busy.turnMs).toBeLessThan(busy.wholeMs / 4);
  });
});
