// What Zendesk makes of the values that we write, and what others write over them: never a write loop, and never in silence.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parsePartyKey } from "../../src/domain/index.ts";
import { eventually } from "../harness/index.ts";
import { smallAccount, smallCompany } from "../harness/small-world.ts";
import { startWorld, type World } from "../switches/world.ts";

// SPEC.md I25.
describe("a value that we write", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({
      company: smallCompany(6),
      account: smallAccount(),
      webhooks: { aggregationMs: 100 },
      // Several hours pass within a minute: more exports than others may ask for.
      plan: "enterprise-plus",
    });
    await world.connect();
    await world.approve();
    await world.quiet();
  });
  afterAll(() => world?.close());

  const organizationOf = async (party: string) => {
    const { organizationId } = await world.standing(party);
    const found = (await world.organizations()).find(({ id }) => id === organizationId);
    if (!found) throw new Error(`${party} has no organization`);
    return found;
  };
  const bill = (customer: string, TotalAmt: number, DueDate = "2026-12-12") =>
    world.change({
      entity: "Invoice",
      operation: "create",
      record: { CustomerRef: { value: customer }, TxnDate: "2026-11-02", DueDate, TotalAmt },
    });
  const lastSeq = async () => (await world.calls()).at(-1)?.seq ?? 0;
  const writesSince = async (seq: number) =>
    (await world.calls(seq)).filter(({ operation }) => /^(Create|Update)\w*Organization/.test(operation)).length;
  /** But for one that a busy machine opens: changes that take long. */
  const causes = async () =>
    (await world.incidents()).map(({ cause }) => cause).filter((cause) => !cause.startsWith("freshness"));
  /** What was stored is looked at once the write is settled: an incident may come a moment after all is quiet. */
  const noticed = (...expected: string[]) =>
    eventually(async () => {
      const open = await causes();
      return expected.every((cause) => open.includes(cause));
    });
  const journal = async (party: string) =>
    (await world.application.journal.search({ connectionId: world.connection(), party, limit: 20 })).filter(
      ({ action }) => action === "updated",
    );

  it("and that Zendesk alters twice the same way is remembered as its canonical form with a notice", async () => {
    await world.zendeskControl("POST", "switches", { decimalPlaces: 0 });
    await bill("1001", 10.25);
    await world.quiet();
    const since = await lastSeq();
    expect((await organizationOf("customer:1001")).organization_fields["qbo_open_amount"]).toBe(15);
    expect(await causes()).toEqual([]);
    // Once more in case somebody changed it; the same comes back.
    await world.hourPasses();
    expect(await writesSince(since)).toBe(1);
    await noticed("altered-field:qbo_balance", "altered-field:qbo_open_amount");
    expect(await causes()).toHaveLength(2);
    const rested = await lastSeq();
    await world.hourPasses();
    expect(await writesSince(rested)).toBe(0);
    // Another value is written like any other.
    await bill("1001", 1);
    await world.quiet();
    expect((await organizationOf("customer:1001")).organization_fields["qbo_open_amount"]).toBe(16);
    await world.zendeskControl("POST", "switches", { decimalPlaces: 15 });
  });

  it("and that Zendesk drops without a word is an incident", async () => {
    const {
      organization_fields: fields,
    }: { organization_fields: { id: number; key: string; custom_field_options: { value: string }[] }[] } =
      await world.zendeskControl("GET", "state");
    const status = fields.find(({ key }) => key === "qbo_status");
    const options = status?.custom_field_options ?? [];
    const offer = (custom_field_options: object[]) =>
      world.edit({
        entity: "organization_field",
        operation: "update",
        id: status?.id,
        record: { custom_field_options },
      });
    await offer(options.filter(({ value }) => value !== "qbo_status_overdue"));
    await bill("1002", 3, "2026-11-10");
    await world.quiet();
    await noticed("dropped-field:qbo_status");
    await offer(options);
  });

  it("and that somebody changes is restored with a row, three times in a day; then it is left alone as another writer's", async () => {
    const party = "customer:1003";
    const { id, organization_fields: before } = await organizationOf(party);
    const meddle = (qbo_contact: string) =>
      world.edit({ entity: "organization", operation: "update", id, record: { organization_fields: { qbo_contact } } });
    const contact = async () => (await organizationOf(party)).organization_fields["qbo_contact"];
    for (const times of [1, 2, 3]) {
      await meddle(`Somebody ${times}`);
      await world.hourPasses();
      expect(await contact()).toBe(before["qbo_contact"]);
      const [row, ...earlier] = await journal(party);
      expect(earlier).toHaveLength(times - 1);
      expect(row).toMatchObject({
        before: { qbo_contact: `Somebody ${times}` },
        after: { qbo_contact: before["qbo_contact"] },
      });
    }
    expect((await causes()).filter((cause) => cause.startsWith("another-writer"))).toEqual([]);
    const since = await lastSeq();
    await meddle("Somebody 4");
    await world.hourPasses();
    expect(await contact()).toBe("Somebody 4");
    expect(await writesSince(since)).toBe(0);
    await noticed(`another-writer:${id}:qbo_contact`);
    // Its figures go on, and that field stays as it is.
    await bill("1003", 2);
    await world.quiet();
    expect((await organizationOf(party)).organization_fields).toMatchObject({
      qbo_open_amount: 7,
      qbo_contact: "Somebody 4",
    });
    // A day later it is tried anew.
    await world.dayPassesForRestores();
    await world.application.requestMark(world.connection(), [parsePartyKey(party)], "test", "replay");
    await world.quiet();
    expect(await contact()).toBe(before["qbo_contact"]);
  });
});
