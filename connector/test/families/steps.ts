// What the tests of the setting `families` do to a flow, and what they see of it.
import { sql } from "kysely";
import { expect } from "vitest";
import { verifyConnection } from "../../src/boot/verify.ts";
import type { Families } from "../../src/domain/index.ts";
import type { ProposedPlan } from "../../src/sync/reconcile/index.ts";
import type { AccountDump, Flow } from "../flow/bench.ts";
import { eventually } from "../harness/index.ts";
import { compare } from "../oracle/compare.ts";
import { readInput } from "../oracle/input.ts";

export const today = "2026-11-20";

/** Whoever became a member stays one: `membersOf` is the account before the latest change of the setting. */
export async function differences(flow: Flow, accountBefore: AccountDump, membersOf = accountBefore) {
  const { users, organization_memberships } = membersOf;
  const { settings } = await flow.connection();
  const verdict = compare(
    readInput({
      company: await flow.quickbooksControl("GET", "state"),
      account: await flow.accountNow(),
      accountBefore: { ...accountBefore, users, organization_memberships },
      connector: {
        realm: flow.quickbooks.realm,
        appUrl: "https://qbo.intuit.com",
        zone: flow.zone,
        today,
        settings: { ...settings, tolerance: settings.tolerance.toFixed() },
        parties: await flow.engine.stores.overview.standings(flow.connectionId),
        answers: [],
      },
    }),
  );
  return verdict.differences;
}

/** `customer:2`: its standing, and the name of its organization. */
export async function standings(flow: Flow): Promise<Record<string, string>> {
  const { organizations: all } = await flow.accountNow();
  const nameOf = new Map(all.map(({ id, name }) => [id, name]));
  const found = await flow.engine.stores.overview.standings(flow.connectionId);
  return Object.fromEntries(
    found
      .filter(({ key }) => key.startsWith("customer:"))
      .map(({ key, disposition, organizationId, into }) => [
        key,
        organizationId === undefined ? (into ?? disposition) : (nameOf.get(organizationId) ?? "gone"),
      ]),
  );
}

/** As a person sees it: a field that is empty says as much as one that does not exist yet. */
export function seen({ organizations: all }: AccountDump): unknown[] {
  return all
    .map(({ id, name, external_id, notes, tags, organization_fields }) => ({
      id,
      name,
      external_id,
      notes,
      tags: [...tags].sort(),
      fields: Object.fromEntries(
        Object.entries(organization_fields).filter(([, value]) => value !== null && value !== false),
      ),
    }))
    .sort((one, other) => one.id - other.id);
}

export async function propose(flow: Flow, families: Families): Promise<ProposedPlan> {
  const plan = await flow.engine.planDesk.changeSettings(flow.connectionId, { families });
  if (!plan) throw new Error("a plan was expected");
  return plan;
}

/** What was written in the last minute is written again slowly: see `writePace`. */
export async function letMinutesPass(flow: Flow): Promise<void> {
  await sql`update write set intended_at = intended_at - interval '1 hour'`.execute(flow.store.database);
}

export async function change(flow: Flow, families: Families): Promise<ProposedPlan> {
  await letMinutesPass(flow);
  const plan = await propose(flow, families);
  expect(await flow.engine.stores.plans.approve(plan.id, "test")).toBe(true);
  await flow.settled();
  return plan;
}

export async function undo(flow: Flow, plan: ProposedPlan): Promise<void> {
  await eventually(async () => (await flow.engine.stores.plans.read(plan.id))?.state === "applied", 20_000);
  await letMinutesPass(flow);
  const back = await flow.engine.planDesk.proposeRestore(flow.connectionId, plan.id);
  expect(await flow.engine.stores.plans.approve(back.id, "test")).toBe(true);
  await eventually(async () => (await flow.engine.stores.plans.read(plan.id))?.state === "restored", 30_000);
  await flow.settled();
}

/** What our own comparison finds: cards that are not as they would be decided now, and standings that are not true any more. */
export async function verified(flow: Flow): Promise<string[]> {
  const { differences: found } = await verifyConnection(
    {
      engine: flow.engine,
      today: flow.business.today,
      wake: async () => void flow.engine.owners.wake(flow.subdomain),
    },
    flow.connectionId,
    { calls: undefined, repair: false, who: "test", onProgress: () => undefined },
  );
  return found.map(({ record, parties, what, reason }) => `${record ?? parties.join(" ")} ${what}: ${reason}`);
}
