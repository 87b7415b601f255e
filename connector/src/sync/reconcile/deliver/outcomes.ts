import { type OrganizationId, parseOrganizationId, RemoteFailure } from "../../../domain/index.ts";
import { noteField } from "../../../rules/mapping/index.ts";
import type { ListedOrganization } from "../../directory/index.ts";
import type { Owner } from "../own/owner.ts";
import type { ItemResult, Settlement } from "../ports.ts";
import type { Pending } from "../settle/pending.ts";
import { settleWritten } from "../settle/settle-decision.ts";
import { asPatch, mergeSettlements } from "../settle/settlement.ts";
import { backOffMs, wholeWaitMs } from "./back-off.ts";
import { readNotesAfter } from "./compose-notes.ts";
import { type Logged, writtenAsSent, writtenFrom } from "./logged.ts";
import {
  deferredSettlement,
  failedSettlement,
  gone,
  lostSettlement,
  oursAlready,
  parkTakenName,
} from "./not-written.ts";
import { readTargets, readUnknown, tookEffect } from "./read-unknown.ts";

/** A single call answers with what Zendesk stored: that is what the directory keeps. */
export async function settleSingle(
  owner: Owner,
  logged: Logged,
  organization: ListedOrganization,
  requestId: string | undefined,
): Promise<void> {
  await owner.readBack.compare([{ pending: logged.pending, item: logged.item, found: organization }]);
  const settled = settleWritten(logged.pending, writtenFrom(logged, organization, requestId));
  await owner.commit({
    ...settled,
    organizations: [{ ...asPatch(organization), fields: { ...organization.fields, ...logged.item.fields } }],
  });
}

/** Delivers one card by a call of its own, which says what is wrong with it. */
type Alone = (owner: Owner, pending: Pending) => Promise<void>;

/** Jobs say what became of each item, in several forms; what they do not say is read back before anything is written again. */
export async function settleResults(
  owner: Owner,
  logged: readonly Logged[],
  results: readonly ItemResult[],
  requestId: string | undefined,
  alone: Alone,
): Promise<void> {
  const done: { logged: Logged; id: OrganizationId }[] = [];
  const failed: { logged: Logged; result: Extract<ItemResult, { kind: "failed" }> }[] = [];
  const unknown: Logged[] = [];
  for (const [index, one] of logged.entries()) {
    const result = results[index] ?? { kind: "unknown" as const };
    if (result.kind === "done") done.push({ logged: one, id: parseOrganizationId(result.id) });
    else if (result.kind === "failed") failed.push({ logged: one, result });
    else unknown.push(one);
  }
  // Before they are settled: whoever dies in between leaves open writes, which a successor compares once more.
  await owner.readBack.afterJob(
    done.map(({ logged: one, id }) => ({ pending: one.pending, item: { ...one.item, id } })),
  );
  await owner.commit(
    mergeSettlements(done.map(({ logged: one, id }) => settleWritten(one.pending, writtenAsSent(one, id, requestId)))),
  );
  await readNotesAfter(
    owner,
    "bulk",
    done.map(({ logged: { pending, item }, id }) => ({
      pending,
      id,
      before: item.notesBefore ?? "",
      block: item.fields[noteField.key],
    })),
  );
  if (failed.length > 0) await settleFailedItems(owner, failed, alone);
  if (unknown.length > 0) await settleUnknownItems(owner, unknown, "the job did not say", alone);
}

async function settleFailedItems(
  owner: Owner,
  failed: readonly { logged: Logged; result: Extract<ItemResult, { kind: "failed" }> }[],
  alone: Alone,
): Promise<void> {
  const existing = await readTargets(
    owner,
    failed.map(({ logged }) => logged),
  );
  const settlements: Settlement[] = [];
  const refused: Logged[] = [];
  for (const { logged, result } of failed) {
    const found = existing(logged);
    // A create that an earlier attempt had carried out already fails on its own name: it is ours, by external_id.
    if (found && tookEffect(logged, found))
      settlements.push(settleWritten(logged.pending, writtenFrom(logged, found, undefined)));
    else if (found && logged.item.id === undefined) settlements.push(oursAlready(logged, found));
    else if (result.duplicateName) settlements.push(await parkTakenName(owner, logged));
    else if (logged.item.id !== undefined && !found) settlements.push(gone(logged));
    else {
      settlements.push(lostSettlement(logged, result.code));
      refused.push(logged);
    }
  }
  await owner.commit(mergeSettlements(settlements));
  // A job gives its reason as a sentence in somebody's language; a call of its own gives status and code.
  for (const { pending } of refused) await alone(owner, pending);
}

/** After a fault of the call itself. Nothing is created a second time before Zendesk was read. `alone`: where the call was a job's. */
export async function settleFault(
  owner: Owner,
  logged: readonly Logged[],
  fault: unknown,
  alone?: Alone,
): Promise<void> {
  if (!(fault instanceof RemoteFailure)) throw fault;
  if (fault.outcomeUnknown) {
    if (alone) await settleUnknownItems(owner, logged, fault.code, alone);
    else await settleUnknown(owner, logged, fault);
    return;
  }
  const wholeAccount = await owner.noteFailure(fault, logged[0]?.pending.connection);
  if (wholeAccount) {
    const waitMs = wholeWaitMs(fault);
    await owner.commit(mergeSettlements(logged.map((one) => deferredSettlement(one, { waitMs, outcome: fault.code }))));
    return;
  }
  if (fault.status === undefined) {
    // It never left: that is nobody's fault, and no attempt of a record.
    const waitMs = backOffMs(0, owner.ports.random);
    await owner.commit(mergeSettlements(logged.map((one) => deferredSettlement(one, { waitMs, outcome: fault.code }))));
    return;
  }
  if (logged.length > 1 && alone) {
    // One bad record never blocks its batch: each goes alone.
    await owner.commit(mergeSettlements(logged.map((one) => lostSettlement(one, fault.code))));
    for (const { pending } of logged) await alone(owner, pending);
    return;
  }
  const [one] = logged;
  if (!one) return;
  const duplicate = fault.code === "DuplicateValue";
  if (fault.status === 404 && one.item.id !== undefined) await owner.commit(gone(one));
  else if (duplicate) await owner.commit(await parkTakenName(owner, one));
  else
    await owner.commit(
      failedSettlement(owner, one, {
        says: fault.says,
        code: fault.code,
        permanent: fault.action === "park" || fault.action === "bug",
      }),
    );
}

/** After a single call whose outcome nobody told us. What is not in effect is decided and sent again: both kinds of call may be repeated. */
async function settleUnknown(owner: Owner, logged: readonly Logged[], fault: RemoteFailure): Promise<void> {
  const { settlements, missing } = await readUnknown(owner, logged);
  const waitMs = (one: Logged) => backOffMs(one.pending.attempts, owner.ports.random);
  // A line that breaks and a system that is away are no fault of the record; a 500 may be.
  const counted =
    fault.status === undefined || fault.action === "wait" ? {} : { failure: `unknown outcome: ${fault.code}` };
  const outcome = `unknown: ${fault.code}`;
  const again = missing.map((one) =>
    // What was sent may still be on its way.
    deferredSettlement(one, { waitMs: waitMs(one), ...counted, outcome, recheck: true }),
  );
  await owner.commit(mergeSettlements([...settlements, ...again]));
}

/**
 * After a job whose outcome nobody told us. What is not in effect goes alone: a second job could be lost in the same way for good, and
 * `create_or_update` creates nothing twice even where Zendesk does not show yet what the first one made.
 */
async function settleUnknownItems(owner: Owner, logged: readonly Logged[], why: string, alone: Alone): Promise<void> {
  const { settlements, missing } = await readUnknown(owner, logged);
  const lost = missing.map((one) => lostSettlement(one, `unknown: ${why}`, { recheck: true }));
  await owner.commit(mergeSettlements([...settlements, ...lost]));
  for (const { pending } of missing) await alone(owner, pending);
}
