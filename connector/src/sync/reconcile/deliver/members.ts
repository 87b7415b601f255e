import { type OrganizationId, RemoteFailure, type UserId } from "../../../domain/index.ts";
import type { Owner } from "../own/owner.ts";
import type { IntendedWrite, Settlement } from "../ports.ts";
import { partiesOf } from "../settle/journal-rows.ts";
import type { Pending } from "../settle/pending.ts";
import { settleWithoutWrite } from "../settle/settle-decision.ts";
import { emptySettlement, mergeSettlements } from "../settle/settlement.ts";
import { chunked, deadlineMs } from "./deliver.ts";

interface Addition {
  pending: Pending;
  userId: UserId;
  organizationId: OrganizationId;
}

/** Makes users without an organization members of the cards whose addresses they have; settles these cards when they are in. */
export async function deliverMembers(owner: Owner, lane: "live" | "bulk", pendings: readonly Pending[]): Promise<void> {
  const additions = pendings.flatMap((pending) =>
    pending.decision.kind === "unchanged"
      ? pending.decision.facts.members.map((userId) => ({
          pending,
          userId,
          // only unchanged cards lack members
          organizationId: (pending.decision as Extract<Pending["decision"], { kind: "unchanged" }>).organizationId,
        }))
      : [],
  );
  const failed = new Set<Pending>();
  const settlements: Settlement[] = [];
  for (const chunk of chunked(additions, 100)) {
    const outcome = await owner.jobSlots.run(() => addFreeMembers(owner, lane, chunk));
    settlements.push(outcome.settlement);
    for (const { pending } of outcome.unsettled) failed.add(pending);
  }
  await owner.commit(
    mergeSettlements([
      ...settlements,
      ...pendings.map((pending) => (failed.has(pending) ? putOff(pending) : settleWithoutWrite(pending))),
    ]),
  );
}

interface Added {
  settlement: Settlement;
  /** Nobody knows yet whether these are in: they are looked at again. */
  unsettled: readonly Addition[];
}

/**
 * The directory may be hours old, and Zendesk has no membership "only if there is none yet": whom somebody has put into an organization
 * since, or made an agent, is left out. On plans with one organization per user ours would take the place of that person's choice.
 */
async function addFreeMembers(owner: Owner, lane: "live" | "bulk", chunk: readonly Addition[]): Promise<Added> {
  const { directory, writers } = owner.ports;
  let free: Set<UserId>;
  try {
    const readAt = await directory.now();
    const users = await writers[lane].showUsers(
      owner.subdomain,
      chunk.map(({ userId }) => userId),
    );
    await directory.keepUsers(owner.subdomain, users, readAt);
    free = new Set(
      users.filter(({ agent, organizationId }) => !agent && organizationId === undefined).map(({ id }) => id),
    );
  } catch (fault) {
    if (!(fault instanceof RemoteFailure)) throw fault;
    await owner.noteFailure(fault, chunk[0]?.pending.connection);
    return { settlement: emptySettlement(), unsettled: chunk };
  }
  const additions = chunk.filter(({ userId }) => free.has(userId));
  return additions.length === 0 ? { settlement: emptySettlement(), unsettled: [] } : addMembers(owner, lane, additions);
}

async function addMembers(owner: Owner, lane: "live" | "bulk", chunk: readonly Addition[]): Promise<Added> {
  const ids = (
    await owner.ports.writes.intend(
      owner.fence,
      chunk.map((addition) => intended(addition, lane)),
      deadlineMs,
    )
  ).flatMap((id) => id ?? []);
  const settlement = emptySettlement();
  try {
    const { jobId, requestId } = await owner.ports.writers[lane].createMemberships(
      owner.subdomain,
      chunk.map(({ userId, organizationId }) => ({ userId, organizationId })),
      performance.now() + deadlineMs,
    );
    await owner.ports.writes.submitted(ids, jobId, requestId);
    const state = await owner.poller.ended(
      jobId,
      chunk.map(() => ({ fields: {} })),
    );
    settlement.closed.push(
      ...ids.map((id) => ({ id, state: "done" as const, outcome: "members asked for", requestId })),
    );
    const unsettled: Addition[] = [];
    for (const [index, addition] of chunk.entries()) {
      // A job that was cut short, or whose results are lost, says nothing of some.
      const result = (state.state === "ended" ? state.results[index] : undefined) ?? { kind: "unknown" as const };
      if (result.kind === "unknown") unsettled.push(addition);
      else if (result.kind === "done") {
        settlement.members.push({ userId: addition.userId, organizationId: addition.organizationId });
        settlement.journal.push(journalOf(addition, ids[index], requestId));
      } else {
        await owner.ports.incidents.note({
          cause: "member-refused",
          says: `Zendesk did not make a user a member of an organization: ${result.says}`,
          subdomain: owner.subdomain,
        });
      }
    }
    return { settlement, unsettled };
  } catch (fault) {
    if (!(fault instanceof RemoteFailure)) throw fault;
    // A membership that exists already is a success when it is asked for again, so an unknown outcome needs no reading.
    await owner.noteFailure(fault, chunk[0]?.pending.connection);
    settlement.closed.push(...ids.map((id) => ({ id, state: "lost" as const, outcome: fault.code })));
    return { settlement, unsettled: chunk };
  }
}

function intended({ pending, userId, organizationId }: Addition, lane: "live" | "bulk"): IntendedWrite {
  return {
    connectionId: pending.connection.id,
    kind: "membership",
    parties: partiesOf(pending.decision),
    organizationId,
    externalId: undefined,
    nameKey: undefined,
    name: undefined,
    fields: {},
    before: {},
    causes: pending.causes,
    mappingVersion: pending.connection.mappingVersion,
    lane,
    userId,
  };
}

function journalOf(
  { pending, userId, organizationId }: Addition,
  writeId: number | undefined,
  requestId: string | undefined,
): Settlement["journal"][number] {
  return {
    connectionId: pending.connection.id,
    action: "member-added",
    parties: partiesOf(pending.decision),
    organizationId,
    who: "engine",
    causes: pending.causes,
    before: {},
    after: { user: userId },
    outcome: "written",
    writeId,
    requestIds: requestId === undefined ? {} : { zendesk: requestId },
  };
}

function putOff({ marks }: Pending): Settlement {
  return { ...emptySettlement(), deferred: marks.map((mark) => ({ ...mark, waitMs: 2_000, failure: "membership" })) };
}
