import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../harness/index.ts";
import { type LiveFlow, startLiveFlow } from "./live-bench.ts";

const stamp = "2026-10-01T09:00:00-07:00";
const common = { MetaData: { CreateTime: stamp, LastUpdatedTime: stamp }, CurrencyRef: { value: "USD" } };
const company = { Customer: [{ Id: "1", DisplayName: "Client 1", Active: true, Balance: 0, ...common }] };

describe("webhooks that stop coming", () => {
  let flow: LiveFlow;
  beforeAll(async () => {
    flow = await startLiveFlow({ company, account: {}, today: "2026-11-20" });
  });
  afterAll(() => flow?.close());

  const isNoted = async () =>
    (await flow.running.engine.stores.incidents.open(flow.connectionId)).some(
      ({ cause }) => cause === "webhooks-silent",
    );
  let changes = 0;
  const change = (more: object) => {
    changes += 1;
    const record = { CompanyName: `Name ${changes}` };
    return flow.change({ entity: "Customer", operation: "update", id: "1", record, ...more });
  };
  const polledAt = async () => (await flow.row()).polled_at?.getTime() ?? 0;
  const pollNow = async () => {
    const before = await polledAt();
    await flow.application.requestPoll(flow.connectionId, "test");
    await eventually(async () => (await polledAt()) > before && !(await flow.isPollDue()));
  };
  /** All that is remembered of webhooks and polls happened so much earlier. */
  const pass = (minutes: number) =>
    flow.run(sql`update connection set webhook_seen_at = webhook_seen_at - make_interval(mins => ${minutes}),
      silent_since = silent_since - make_interval(mins => ${minutes})`);

  it("are noted once polls have found unannounced changes for two intervals, and not before", async () => {
    await change({ silent: true });
    await pollNow();
    await eventually(async () => (await flow.row()).silent_since !== null);
    expect(await isNoted()).toBe(false);
    await pass(6);
    await change({ silent: true });
    await pollNow();
    expect(await isNoted()).toBe(false);
    await pass(6);
    await pollNow();
    expect(await isNoted(), "a poll that found nothing new says nothing").toBe(false);
    await change({ silent: true });
    await pollNow();
    await eventually(isNoted);
  });

  it("are forgotten with the next one that comes", async () => {
    await change({});
    await eventually(async () => !(await isNoted()));
    await change({ silent: true });
    await pollNow();
    expect(await isNoted()).toBe(false);
  });
});
