import { type Cause, type OrganizationId, parsePartyKey, RemoteFailure } from "../../../domain/index.ts";
import type { JournalEntry } from "../../../oversight/journal/index.ts";
import type { OwnedField } from "../../../rules/mapping/index.ts";
import { backOffMs } from "../deliver/back-off.ts";
import { chunked, deadlineMs } from "../deliver/deliver.ts";
import { pause } from "../deliver/job-poller.ts";
import type { Owner } from "../own/owner.ts";
import type { IntendedWrite, OrganizationWrite, RestoredEffect, Settlement } from "../ports.ts";
import { emptySettlement, mergeSettlements } from "../settle/settlement.ts";
import { decideRestore, type FormerOrganization, type InspectedOrganization } from "./decide-restore.ts";
import { ownedBy } from "./propose-restore.ts";
import type { Membership, RestoreUnderWay } from "./restore-ports.ts";
import { membersToUndo, undoMembers } from "./undo-members.ts";

/** One call reads so many, one job writes so many. */
const batch = 100;
/** Batches in work at once. */
const batches = 8;
const relatedAtOnce = 6;
const lookMs = 1_000;

type Decided = {
  of: FormerOrganization;
  now: InspectedOrganization | undefined;
  /** Of an organization that goes: members whom we have put there. */
  members: readonly Membership[];
} & ReturnType<typeof decideRestore>;
type Writing = Extract<Decided, { kind: "write" }>;

/**
 * Carries out the restores that were approved for an account, beside the lanes.
 *
 *   next planned organizations --> read --> decide --> write | remove | nothing --> settle --> again, until nothing is planned
 *
 * Level-triggered: whatever was done before a crash is found as it should be and costs no second write.
 */
export async function runRestores(owner: Owner, stopping: AbortSignal): Promise<void> {
  for (let failures = 0; !stopping.aborted; ) {
    const [restore] = await owner.ports.restores.due(owner.subdomain);
    if (!restore) {
      await pause(lookMs, stopping);
      continue;
    }
    try {
      await restoreBatches(owner, restore);
      failures = 0;
    } catch (fault) {
      if (!(fault instanceof RemoteFailure)) throw fault;
      await owner.noteFailure(fault, undefined);
      await pause(Math.max(fault.retryAfterMs ?? 0, backOffMs(failures, owner.ports.random)), stopping);
      failures += 1;
    }
  }
}

async function restoreBatches(owner: Owner, restore: RestoreUnderWay): Promise<void> {
  await owner.ports.restores.begin(restore.planId);
  const targets = await owner.ports.restores.next(restore, batch * batches);
  if (targets.length === 0) {
    await owner.ports.restores.finish(restore);
    return;
  }
  const owned = await ownedBy(owner.ports, restore);
  const ended = await Promise.allSettled(
    chunked(targets, batch).map((chunk) => restoreBatch(owner, restore, chunk, owned)),
  );
  for (const result of ended) if (result.status === "rejected") throw result.reason;
}

async function restoreBatch(
  owner: Owner,
  restore: RestoreUnderWay,
  chunk: readonly FormerOrganization[],
  owned: readonly OwnedField[],
): Promise<void> {
  const decided = await decideBatch(owner, chunk, owned);
  const writing = decided.filter((one): one is Writing => one.kind === "write");
  const removing = decided.filter(({ kind }) => kind === "remove");
  const resting = decided.filter(({ kind }) => kind === "gone" || kind === "unchanged");
  await owner.commit(mergeSettlements(resting.map((one) => settled(restore, one, undefined))));
  if (writing.length > 0) await owner.jobSlots.run(() => writeBack(owner, restore, writing, owned));
  if (removing.length > 0) await owner.jobSlots.run(() => remove(owner, restore, removing));
}

/** Whoever uses an organization by now keeps it: asked of Zendesk right before, not of our directory. */
async function decideBatch(
  owner: Owner,
  chunk: readonly FormerOrganization[],
  owned: readonly OwnedField[],
): Promise<Decided[]> {
  const { undo } = owner.ports;
  const found = await undo.inspect(
    owner.subdomain,
    chunk.map(({ organizationId }) => organizationId),
  );
  const byId = new Map(found.map((organization) => [organization.id, organization]));
  const decide = (of: FormerOrganization, mayRemove: boolean): Decided => {
    const now = byId.get(of.organizationId);
    return { of, now, members: [], ...decideRestore(of, now, owned, { mayRemove }) };
  };
  const decided = chunk.map((of) => decide(of, true));
  const made = await owner.ports.restores.membersMade(chunk.map(({ organizationId }) => organizationId));
  const removable = decided.flatMap((one, place) => (one.kind === "remove" ? [place] : []));
  for (const places of chunked(removable, relatedAtOnce))
    await Promise.all(
      places.map(async (place) => {
        const one = decided[place];
        if (!one) return;
        const { organizationId } = one.of;
        const members = await membersToUndo(owner, organizationId, made.get(organizationId) ?? []);
        decided[place] = members ? { ...one, members } : decide(one.of, false);
      }),
    );
  return decided;
}

async function writeBack(
  owner: Owner,
  restore: RestoreUnderWay,
  writing: readonly Writing[],
  owned: readonly OwnedField[],
): Promise<void> {
  const logged = await log(owner, writing, (one) => ({ ...intended(restore, one), kind: "update" }));
  const items = logged.map(({ one }): OrganizationWrite & { id: OrganizationId } => ({
    id: one.of.organizationId,
    ...(one.name === undefined ? {} : { name: one.name }),
    ...(one.externalId === undefined ? {} : { externalId: one.externalId }),
    fields: one.changed,
    notesBefore: one.now?.notes ?? "",
    types: owned.flatMap(({ key, type }) => (type === "note" ? [] : [{ key, type }])),
  }));
  await carryOut(owner, restore, logged, items, (deadline) =>
    owner.ports.writers.bulk.updateMany(owner.subdomain, items, deadline),
  );
}

async function remove(owner: Owner, restore: RestoreUnderWay, removing: readonly Decided[]): Promise<void> {
  for (const { of, members } of removing) {
    const parties = of.parties.length > 0 ? of.parties : [of.party];
    const { connectionId } = restore;
    await undoMembers(
      owner,
      { connectionId, organizationId: of.organizationId, parties, cause: causeOf(restore) },
      members,
    );
  }
  const logged = await log(owner, removing, (one) => ({ ...intended(restore, one), kind: "remove" }));
  const ids = logged.map(({ one }) => one.of.organizationId);
  const items = ids.map((id): OrganizationWrite => ({ id, fields: {} }));
  await carryOut(owner, restore, logged, items, (deadline) =>
    owner.ports.undo.removeMany(owner.subdomain, ids, deadline),
  );
}

interface LoggedRestore {
  one: Decided;
  writeId: number;
}

/** Logs the writes under the fence. An organization that has an open write is left for the next round. */
async function log<One extends Decided>(
  owner: Owner,
  decided: readonly One[],
  writeOf: (one: One) => IntendedWrite,
): Promise<{ one: One; writeId: number }[]> {
  const ids = await owner.ports.writes.intend(owner.fence, decided.map(writeOf), deadlineMs);
  return decided.flatMap((one, index) => {
    const writeId = ids[index];
    return writeId === undefined ? [] : [{ one, writeId }];
  });
}

function intended(restore: RestoreUnderWay, one: Decided): IntendedWrite {
  const writing = one.kind === "write" ? one : undefined;
  return {
    connectionId: restore.connectionId,
    kind: "update",
    parties: [one.of.party],
    organizationId: one.of.organizationId,
    externalId: undefined,
    nameKey: undefined,
    name: writing?.name,
    fields: writing?.changed ?? {},
    before: writing?.before ?? {},
    causes: [causeOf(restore)],
    mappingVersion: restore.mappingVersion,
    lane: "bulk",
    userId: undefined,
  };
}

function causeOf({ ofPlan, approvedBy, approvedAt }: RestoreUnderWay): Cause {
  return { kind: "person", who: approvedBy, what: `undid plan ${ofPlan}`, at: approvedAt.toISOString() };
}

async function carryOut(
  owner: Owner,
  restore: RestoreUnderWay,
  logged: readonly LoggedRestore[],
  items: readonly OrganizationWrite[],
  submit: (deadline: number) => Promise<{ jobId: string; requestId: string | undefined }>,
): Promise<void> {
  if (logged.length === 0) {
    await pause(lookMs, owner.signal);
    return;
  }
  try {
    const { jobId, requestId } = await submit(performance.now() + deadlineMs);
    await owner.ports.writes.submitted(
      logged.map(({ writeId }) => writeId),
      jobId,
      requestId,
    );
    const state = await owner.jobEnded(jobId, items, undefined);
    const results = state.state === "ended" ? state.results : [];
    const settlements = logged.map(({ one, writeId }, index) => {
      const result = results[index];
      if (result?.kind === "done") return settled(restore, one, { writeId, requestId });
      const outcome = result?.kind === "failed" ? result.code : "unknown: the job did not say";
      return lost(writeId, outcome);
    });
    await owner.commit(mergeSettlements(settlements));
  } catch (fault) {
    if (!(fault instanceof RemoteFailure)) throw fault;
    // What was sent may still take effect: it is read before anything is decided again.
    if (fault.outcomeUnknown) await owner.waitForOpenJobs();
    await owner.commit(mergeSettlements(logged.map(({ writeId }) => lost(writeId, fault.code))));
    throw fault;
  }
}

function lost(writeId: number, outcome: string): Settlement {
  return { ...emptySettlement(), closed: [{ id: writeId, state: "lost", outcome }] };
}

/** What becomes true when an organization is as it was before the plan, as far as it is ours to say. */
function settled(
  restore: RestoreUnderWay,
  one: Decided,
  written: { writeId: number; requestId: string | undefined } | undefined,
): Settlement {
  const { of } = one;
  const settlement = emptySettlement();
  const effect: RestoredEffect = {
    planId: restore.planId,
    organizationId: of.organizationId,
    state: one.kind === "remove" || (one.kind === "gone" && of.created) || !of.created ? "done" : "left",
    because: becauseOf(one),
  };
  settlement.restored.push(effect);
  for (const party of of.parties) {
    settlement.unlinked.push({ connectionId: restore.connectionId, party: parsePartyKey(party) });
    settlement.forgotten.push({ connectionId: restore.connectionId, party: parsePartyKey(party) });
  }
  if (of.linked) settlement.droppedCards.push(of.organizationId);
  if (one.kind === "remove" || one.kind === "gone") settlement.goneOrganizations.push(of.organizationId);
  if (one.kind === "write") {
    settlement.organizations.push({
      id: of.organizationId,
      fields: one.changed,
      ...(one.name === undefined ? {} : { name: one.name }),
      ...(one.externalId === undefined ? {} : { externalId: one.externalId }),
    });
    // What an earlier plan's undoing finds is ours, and not somebody's. The pass after the restore gives the card its next day.
    if (!of.linked)
      settlement.cards.push({
        connectionId: restore.connectionId,
        organizationId: of.organizationId,
        applied: one.changed,
        appliedName: one.name,
        mappingVersion: restore.mappingVersion,
        nextFlipOn: undefined,
      });
  }
  if (written) {
    settlement.closed.push({ id: written.writeId, state: "done", outcome: "restored", requestId: written.requestId });
    settlement.journal.push(journalRow(restore, one, written));
  }
  return settlement;
}

function becauseOf(one: Decided): string | undefined {
  if (one.kind === "gone") return "Zendesk has it no more";
  if (one.kind === "remove") return undefined;
  const kept = one.kept.length > 0 ? `people changed ${one.kept.join(", ")}` : undefined;
  if (!one.of.created) return kept;
  const additions = one.now?.additions.join(", ") ?? "";
  if (kept !== undefined) return kept;
  return additions === "" ? "it has users or tickets, or another name" : `people added ${additions}`;
}

function journalRow(
  restore: RestoreUnderWay,
  one: Decided,
  { writeId, requestId }: { writeId: number; requestId: string | undefined },
): JournalEntry {
  const writing = one.kind === "write" ? one : undefined;
  return {
    connectionId: restore.connectionId,
    action: one.kind === "remove" ? "removed" : "restored",
    parties: one.of.parties.length > 0 ? one.of.parties : [one.of.party],
    organizationId: one.of.organizationId,
    who: "engine",
    causes: [causeOf(restore)],
    before: { ...writing?.before, ...(writing?.name === undefined ? {} : { name: one.now?.name ?? null }) },
    after: { ...writing?.changed, ...(writing?.name === undefined ? {} : { name: writing.name }) },
    outcome: `plan ${restore.ofPlan} was undone`,
    writeId,
    requestIds: requestId === undefined ? {} : { zendesk: requestId },
  };
}
