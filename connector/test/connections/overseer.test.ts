// What the clock looks after, in the running service between both simulators: it goes on by itself where that is right.
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createOverseer, type Overseer } from "../../src/boot/overseer.ts";
import { type LiveFlow, startLiveFlow } from "../flow/live-bench.ts";
import { smallAccount, smallCompany, today } from "../harness/small-world.ts";

const quarterMs = 15 * 60_000;

describe("the overseer", () => {
  let flow: LiveFlow;
  let overseer: Overseer;
  let movedMs: number;
  let wallSkewMs: number;
  const refused: string[] = [];
  beforeAll(async () => {
    flow = await startLiveFlow({ company: smallCompany(), account: smallAccount(), today });
  });
  afterAll(() => flow?.close());
  beforeEach(async () => {
    movedMs = 0;
    wallSkewMs = 0;
    refused.length = 0;
    await flow.run(sql`delete from incident`);
    const { engine } = flow.running;
    overseer = createOverseer({
      stores: engine.stores,
      seal: engine.seal,
      channels: { email: none, slack: none, webhook: none },
      policy: { monthlyReads: 1_000_000 },
      clientOf: () => Promise.resolve({ clientId: "overseer-test", environment: "production" }),
      publicUrl: () => "http://127.0.0.1:1",
      reconnectUrl: engine.reconnectUrl,
      dataFolder: undefined,
      refused: ({ subject }) => Promise.resolve(void refused.push(subject)),
      probe: engine.probe,
      clock: { wallMs: () => Date.now() + wallSkewMs, monotonicMs: () => performance.now() + movedMs },
    });
  });

  const none = () => Promise.resolve();
  const causes = async () => (await flow.running.engine.stores.incidents.open()).map(({ cause }) => cause);
  async function later(ms: number): Promise<void> {
    movedMs += ms;
    await overseer.look();
  }

  it("resumes a connection that a system accepts again, after a quarter of an hour", async () => {
    await flow.run(sql`update connection set state = 'paused', paused_by = 'zendesk:403'`);
    await overseer.look();
    expect(await causes()).toEqual(["zendesk:403"]);
    await later(quarterMs - 60_000);
    expect((await flow.row()).state).toBe("paused");
    await later(120_000);
    expect((await flow.row()).state).toBe("active");
    await later(20_000);
    expect(await causes()).toEqual([]);
  });

  it("leaves alone whom a system still refuses, and whom a person has paused", async () => {
    await flow.run(sql`update connection set state = 'paused', paused_by = 'zendesk:403'`);
    await overseer.look();
    await flow.zendeskControl("POST", "faults", { operation: "oauth.token-current", nth: 1, times: 1, status: 401 });
    await flow.zendeskControl("POST", "faults", {
      operation: "oauth.client-credentials",
      nth: 1,
      times: 9,
      status: 429,
    });
    await later(quarterMs + 1_000);
    expect((await flow.row()).state).toBe("paused");
    await flow.zendeskControl("DELETE", "script");
    await flow.run(sql`update connection set paused_by = 'person:ann'`);
    await later(quarterMs + 1_000);
    await later(quarterMs + 1_000);
    expect((await flow.row()).state).toBe("paused");
    await flow.run(sql`update connection set state = 'active', paused_by = null`);
    await flow.run(sql`update credential set put_off = null`);
  });

  it("finds a refused consent whose connection still works", async () => {
    await flow.run(sql`update credential set state = 'refused', refused_because = 'gone' where system = 'quickbooks'`);
    await overseer.look();
    await flow.run(sql`update credential set state = 'valid', refused_because = null`);
    expect(refused).toEqual([(await flow.row()).realm]);
  });

  it("tells of changes that take longer than the objective, and of the end of it", async () => {
    const { id } = await flow.row();
    for (let nth = 0; nth < 30; nth += 1) overseer.settled(id, new Date(Date.now() - 9_000));
    await later(20_000);
    expect(await causes()).toEqual(["freshness"]);
    await flow.run(sql`update incident set last_seen_at = now() - interval '3 minutes'`);
    await later(11 * 60_000);
    expect(await causes()).toEqual([]);
  });

  it("tells of a clock that differs from the database's", async () => {
    wallSkewMs = 10_000;
    await overseer.look();
    expect(await causes()).toEqual(["clock-skew"]);
  });

  it("counts what Intuit meters, once, and keeps the count over processes", async () => {
    const call = { system: "quickbooks", subject: "934", operation: "query", ms: 1, requestId: undefined } as const;
    for (const outcome of [200, 200, 400, 401, 429, 503, "timeout"] as const) overseer.countCall({ ...call, outcome });
    overseer.countCall({ ...call, system: "zendesk", outcome: 200 });
    await overseer.flush();
    await overseer.flush();
    expect([...(await flow.running.engine.stores.watch.readsThisMonth("overseer-test")).values()]).toEqual([3]);
  });
});
