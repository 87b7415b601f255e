import {
  type Disposition,
  type OrganizationId,
  parseOrganizationId,
  partyKeyText,
  RemoteFailure,
} from "../../../domain/index.ts";
import { noteField } from "../../../rules/mapping/index.ts";
import type { ListedOrganization } from "../../directory/index.ts";
import { nameWait } from "../consider/naming.ts";
import type { Owner } from "../own/owner.ts";
import { renameConflict } from "../own/tell.ts";
import type { ItemResult, OrganizationWrite, Settlement } from "../ports.ts";
import type { Pending, Written } from "../settle/pending.ts";
import { asPatch, emptySettlement, mergeSettlements, settleWritten } from "../settle/settlement.ts";
import { backOffMs, wholeWaitMs } from "./back-off.ts";
import { readNotesAfter } from "./compose-notes.ts";
import { storedOtherwise } from "./read-back.ts";

/** A write that was logged, with what it sends and what it settles. */
export interface Logged {
  pending: Pending;
  writeId: number;
  item: OrganizationWrite;
}

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

/** Reads what the writes were to change, once no job of the account can still be changing it. */
async function readUnknown(
  owner: Owner,
  logged: readonly Logged[],
): Promise<{ settlements: Settlement[]; missing: Logged[] }> {
  await owner.waitForOpenJobs();
  const existing = await readTargets(owner, logged);
  const settlements: Settlement[] = [];
  const missing: Logged[] = [];
  for (const one of logged) {
    const found = existing(one);
    if (found && tookEffect(one, found))
      settlements.push(settleWritten(one.pending, writtenFrom(one, found, undefined)));
    else if (!found && one.item.id !== undefined) settlements.push(gone(one));
    else missing.push(one);
  }
  return { settlements, missing };
}

async function readTargets(
  owner: Owner,
  logged: readonly Logged[],
): Promise<(one: Logged) => ListedOrganization | undefined> {
  const ids = logged.flatMap(({ item }) => item.id ?? []);
  const externalIds = logged.flatMap(({ item }) => (item.id === undefined ? (item.externalId ?? []) : []));
  const writer = owner.ports.writers.live;
  const [byId, byExternalId] = await owner.untilAnswered(() =>
    Promise.all([
      ids.length === 0 ? [] : writer.showByIds(owner.subdomain, ids),
      externalIds.length === 0 ? [] : writer.showByExternalIds(owner.subdomain, externalIds),
    ]),
  );
  const idMap = new Map(byId.map((organization) => [organization.id, organization]));
  // external_id is matched without regard to case by Zendesk (organizations reference).
  const externalMap = new Map(
    byExternalId.map((organization) => [organization.externalId?.toLowerCase(), organization]),
  );
  return ({ item }) => (item.id === undefined ? externalMap.get(item.externalId?.toLowerCase()) : idMap.get(item.id));
}

function tookEffect({ item, pending }: Logged, found: ListedOrganization): boolean {
  const named = item.name === undefined || item.name === found.name;
  return named && storedOtherwise(pending.connection.mapping.owned, item.fields, found.fields).length === 0;
}

async function parkTakenName(owner: Owner, { pending, writeId, item }: Logged): Promise<Settlement> {
  const name = item.name ?? "";
  const [bearer] = await owner.ports.writers.bulk.findByName(owner.subdomain, name);
  const settlement = emptySettlement();
  settlement.closed.push({ id: writeId, state: "lost", outcome: "the name is taken" });
  if (bearer) settlement.organizations.push(asPatch(bearer));
  if (pending.decision.kind !== "create") {
    // A rename that collides keeps the old name; figures go on with the next pass, which sees the bearer in the directory.
    settlement.deferred.push(...pending.marks.map((mark) => ({ ...mark, waitMs: 0, failure: undefined })));
    await owner.ports.incidents.note({
      cause: `rename-conflict:${pending.decision.kind === "update" ? pending.decision.organization.id : ""}`,
      says: renameConflict(name),
      connectionId: pending.connection.id,
    });
    return settlement;
  }
  const candidate = bearer && {
    organizationId: bearer.id,
    name: bearer.name,
    score: 0.9,
    evidence: ["It has the name that we would give."],
  };
  const parked: Disposition = {
    kind: "parked",
    reason: "name-taken",
    says: `Zendesk has an organization named "${name}" already. Is it the same client?`,
    candidates: candidate ? [candidate] : [],
    waitsFor: nameWait(name, candidate),
  };
  return { ...settlement, ...parkedFamilies(pending, parked), settled: pending.marks };
}

/** Attempts are counted for what is blamed on the record; after the last one a person has to look. */
function failedSettlement(
  owner: Owner,
  { pending, writeId }: Logged,
  failure: { says: string; code: string; permanent: boolean },
): Settlement {
  const settlement = emptySettlement();
  settlement.closed.push({ id: writeId, state: "lost", outcome: failure.code });
  if (!failure.permanent && pending.attempts + 1 < pending.connection.settings.maxAttempts) {
    const waitMs = backOffMs(pending.attempts, owner.ports.random);
    settlement.deferred.push(...pending.marks.map((mark) => ({ ...mark, waitMs, failure: failure.code })));
    return settlement;
  }
  const parked: Disposition = {
    kind: "parked",
    reason: "failed",
    says: `${failure.code}: ${failure.says}`,
    candidates: [],
    waitsFor: [],
  };
  return { ...settlement, ...parkedFamilies(pending, parked), settled: pending.marks };
}

/** A linked card that cannot be written keeps its link: what waits is noted with its first party. */
function parkedFamilies(pending: Pending, parked: Disposition): Pick<Settlement, "standings" | "journal"> {
  const { decision, connection } = pending;
  const families = decision.kind === "create" || decision.kind === "update" ? decision.families : [];
  return {
    standings: families.flatMap(({ top, others }) => [
      { connectionId: connection.id, party: top, disposition: parked },
      ...others.map((party) => ({
        connectionId: connection.id,
        party,
        disposition: { kind: "rolled-up" as const, into: top },
      })),
    ]),
    journal: [
      {
        connectionId: connection.id,
        action: "parked",
        parties: families.map(({ top }) => partyKeyText(top)),
        organizationId: decision.kind === "update" ? decision.organization.id : undefined,
        who: "engine",
        causes: pending.causes,
        before: {},
        after: {},
        outcome: parked.kind === "parked" ? `${parked.reason}: ${parked.says}` : parked.kind,
        writeId: undefined,
        requestIds: {},
      },
    ],
  };
}

function deferredSettlement(
  { pending, writeId }: Logged,
  of: { waitMs: number; failure?: string; outcome: string; recheck?: boolean },
): Settlement {
  const { waitMs, failure, outcome, recheck = false } = of;
  const settlement = emptySettlement();
  settlement.closed.push({ id: writeId, state: "lost", outcome, recheck });
  settlement.deferred.push(...pending.marks.map((mark) => ({ ...mark, waitMs, failure })));
  return settlement;
}

/** It bears our key: a write whose outcome we never learned made it. The directory knows it now, and the next pass finds it by its key. */
function oursAlready({ pending, writeId }: Logged, found: ListedOrganization): Settlement {
  const settlement = emptySettlement();
  settlement.closed.push({ id: writeId, state: "lost", outcome: "made by an earlier write" });
  settlement.organizations.push(asPatch(found));
  settlement.deferred.push(...pending.marks.map((mark) => ({ ...mark, waitMs: 0, failure: undefined })));
  return settlement;
}

function lostSettlement({ writeId }: Logged, outcome: string, { recheck = false } = {}): Settlement {
  return { ...emptySettlement(), closed: [{ id: writeId, state: "lost", outcome, recheck }] };
}

/** The directory learns that it is gone; the marks stay, and the next pass decides on that. */
function gone({ pending, writeId, item }: Logged): Settlement {
  const settlement = emptySettlement();
  settlement.closed.push({ id: writeId, state: "lost", outcome: "the organization is gone" });
  if (item.id !== undefined) settlement.goneOrganizations.push(item.id);
  settlement.deferred.push(...pending.marks.map((mark) => ({ ...mark, waitMs: 0, failure: undefined })));
  return settlement;
}

function writtenAsSent(
  { writeId, item }: Logged,
  organizationId: OrganizationId,
  requestId: string | undefined,
): Written {
  return { organizationId, writeId, requestId, name: item.name, fields: item.fields };
}

function writtenFrom({ writeId }: Logged, organization: ListedOrganization, requestId: string | undefined): Written {
  return { organizationId: organization.id, writeId, requestId, name: organization.name, fields: organization.fields };
}
