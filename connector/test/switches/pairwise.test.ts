// The flow of a connector's life, first load and live changes, once for each row of switches: whatever the documentation leaves open, the
// end is the same, each party has one organization, and nothing of other people is touched.
import { describe, expect, it } from "vitest";
import { smallAccount, smallCompany } from "../harness/small-world.ts";
import { coveringArray } from "./covering-array.ts";
import { type Chosen, factors, quickbooksOf, webhooksOf, zendeskOf } from "./factors.ts";
import { playFaults } from "./happenings.ts";
import { startWorld, type World } from "./world.ts";

/** Parties with one invoice each, beside the ten that stand for something. */
const others = 20;
const rows = coveringArray(factors, 1);

describe.concurrent("whatever the switches of both systems say", () => {
  // SPEC.md I22.
  it.each(rows.map((row, place) => [place + 1, row] as const))("row %i ends equal", async (place, chosen) => {
    const world = await startWorld({
      company: smallCompany(others),
      account: smallAccount(),
      quickbooksSwitches: quickbooksOf(chosen),
      zendeskSwitches: zendeskOf(chosen),
      webhooks: { ...webhooksOf(chosen), aggregationMs: 50 },
    });
    try {
      await play(world, chosen);
      const verdict = await world.verdict();
      const found = verdict.differences.map((difference) => JSON.stringify(difference));
      expect(found, `row ${place}: ${JSON.stringify(chosen)}\n${world.said()}`).toEqual([]);
      expect(verdict).toMatchObject({ different: 0, duplicates: 0, foreignTouched: 0 });
      expect(verdict.equal).toBeGreaterThanOrEqual(others + 4);
    } catch (fault) {
      throw new Error(`row ${place}: ${JSON.stringify(chosen)}`, { cause: fault });
    } finally {
      await world.close();
    }
  });
});

async function play(world: World, chosen: Chosen): Promise<void> {
  const faults = playFaults(world, chosen);
  if (chosen.events === "lost") await world.quickbooksControl("POST", "profile", { webhooksLost: 1 });
  await faults.beforeSweep();
  await world.connect();
  // A name that was free when the directory was read: an item of the job fails.
  await world.makeForeignOrganization({ name: "Sorrel 1010" });
  await faults.beforeLoad();
  await world.approve();
  await world.quiet();

  // A few cards at a time go by single calls.
  await faults.beforeSingles();
  await world.change(invoice("5", 12.5), { ...party, record: { DisplayName: "One alone" } });
  await (chosen.events === "lost" || chosen.visibleAfterMs > 0 ? heardBy(world, chosen, "poll") : world.quiet());

  await faults.beforeMany();
  if (chosen.secondChange === "in the same second")
    await changeTwiceWithinASecond(world, invoice("1002", 3), invoice("1002", 4));
  await peopleWorkInZendesk(world);
  await world.change(
    { entity: "Payment", operation: "create", record: payment("2", 25.5, "102") },
    { entity: "BillPayment", operation: "create", record: billPayment },
    { entity: "Invoice", operation: "void", id: "1003" },
    { entity: "Invoice", operation: "delete", id: "1007" },
    { entity: "Customer", operation: "rename", id: "8", record: { DisplayName: "Gorse Gardens North" } },
    { entity: "Customer", operation: "rename", id: "1", record: { DisplayName: "Alder Joiners" } },
    { entity: "Customer", operation: "inactivate", id: "1004" },
    { entity: "Customer", operation: "merge", id: "1005", into: "1006" },
    ...["1011", "1012", "1013", "1014", "1015", "1016"].map((id) => invoice(id, 7)),
  );
  await heardBy(world, chosen, chosen.mergeLoser === "absent" ? "sweep" : "poll");
}

/** What people do in Zendesk is told by events, which may all be lost, and by the hourly export; a deletion, by the next write too. */
async function peopleWorkInZendesk(world: World): Promise<void> {
  await world.subscribed();
  const all = await world.organizations();
  const of = (customer: string): number => {
    const found = all.find((one) => one.external_id === `qbo:${world.realm}:customer:${customer}`);
    if (!found) throw new Error(`customer ${customer} has no organization`);
    return found.id;
  };
  const mine = { entity: "organization", operation: "update" };
  await world.edit(
    { ...mine, id: of("1014"), record: { name: "Sorrel in our words" } },
    { ...mine, id: of("1015"), record: { notes: "ours", organization_fields: { qbo_contact: "somebody else" } } },
    { entity: "organization", operation: "delete", id: of("1016") },
  );
}

/** What no event tells is heard by the change poll; of a record that vanished without a trace only a sweep can tell. */
async function heardBy(world: World, { visibleAfterMs }: Chosen, way: "poll" | "sweep"): Promise<void> {
  await world.quiet();
  await world.exported();
  await world.quickbooksControl("POST", "clock", { advanceMs: 2 * visibleAfterMs });
  await world[way]();
  await world.wake();
  await world.quiet();
}

/** The second change comes when the first was read, within the second that both have for their LastUpdatedTime. */
async function changeTwiceWithinASecond(world: World, first: object, second: object): Promise<void> {
  const clock = (body: object): Promise<{ now: string }> => world.quickbooksControl("POST", "clock", body);
  const { now } = await clock({});
  const fullSecond = Math.floor(Date.parse(now) / 1_000) * 1_000 + 1_000;
  await clock({ now: new Date(fullSecond).toISOString(), freeze: true });
  await world.change(first);
  await clock({ advanceMs: 100 });
  await world.quiet("stands");
  await world.change(second);
  await clock({ advanceMs: 100, freeze: false });
}

const party = { entity: "Customer", operation: "create" };
const invoice = (customer: string, TotalAmt: number) => ({
  entity: "Invoice",
  operation: "create",
  record: { CustomerRef: { value: customer }, TxnDate: "2026-11-01", DueDate: "2026-12-01", TotalAmt },
});
const payment = (customer: string, TotalAmt: number, TxnId: string) => ({
  CustomerRef: { value: customer },
  TotalAmt,
  Line: [{ Amount: TotalAmt, LinkedTxn: [{ TxnId, TxnType: "Invoice" }] }],
});
const billPayment = {
  VendorRef: { value: "1" },
  PayType: "Check",
  TotalAmt: 20,
  Line: [{ Amount: 20, LinkedTxn: [{ TxnId: "201", TxnType: "Bill" }] }],
};
