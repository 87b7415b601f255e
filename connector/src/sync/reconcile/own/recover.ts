import {
  type ConnectionId,
  type OrganizationId,
  parseOrganizationId,
  parsePartyKey,
  partyKeyText,
  priorities,
  type UserId,
} from "../../../domain/index.ts";
import type { OwnedField } from "../../../rules/mapping/index.ts";
import type { ListedOrganization } from "../../directory/index.ts";
import { chunked } from "../deliver/deliver.ts";
import { pause } from "../deliver/job-poller.ts";
import { storedOtherwise } from "../deliver/read-back.ts";
import type { OpenWrite, OrganizationWrite, Recheck, Settlement } from "../ports.ts";
import { asPatch, emptySettlement } from "../settle/settlement.ts";
import type { Owner } from "./owner.ts";

/** Zendesk's limit for a list of ids. */
const usersAtOnce = 100;

/**
 * Closes the writes that earlier owners left open. Until then nobody writes to these organizations.
 *
 *   submitted (job id) --poll to the end, 404 = expired--\
 *   intended           --deadline passed, jobs that the   >-- read organizations by id and external_id --> done | lost
 *                        account has open have ended-----/                                              and the parties are marked
 *
 * A read before that proves nothing: the job may still be running. Where the job says of an item that it was done, that is believed
 * whatever is there now: somebody may have changed it since. What took effect gets its journal row here, since its own owner could not
 * write one. The parties are decided again in any case, now and once more 30 s later, because a zombie may have sent more.
 */
export async function closeEarlierWrites(owner: Owner): Promise<void> {
  const open = await owner.ports.writes.openOfEarlierEpochs(owner.fence);
  if (open.length === 0) return;
  const jobs = new Map<string, OpenWrite[]>();
  for (const write of open)
    if (write.jobId !== undefined) jobs.set(write.jobId, [...(jobs.get(write.jobId) ?? []), write]);
  const made = new Map<number, OrganizationId>();
  await Promise.all(
    [...jobs].map(async ([jobId, writes]) => {
      const job = await owner.poller.ended(jobId, itemsOf(writes));
      if (job.state !== "ended") return;
      for (const { id, jobPlace } of writes) {
        const result = job.results[jobPlace];
        if (result?.kind === "done") made.set(id, parseOrganizationId(result.id));
      }
    }),
  );
  const unsent = open.filter(({ jobId }) => jobId === undefined);
  if (unsent.length > 0) {
    await pause(Math.max(0, ...unsent.map(({ deadlineInMs }) => deadlineInMs)), owner.signal);
    await owner.waitForOpenJobs();
  }
  const found = await readOrganizations(owner, open);
  const placeOf = await readMembers(owner, open);
  await owner.commit(closeBy(open, { made, found, placeOf, ownedOf: await fieldsOf(owner, open) }));
  await markParties(owner, open);
}

/** The items of a job in its order, as far as their writes are still open. */
function itemsOf(writes: readonly OpenWrite[]): OrganizationWrite[] {
  const size = Math.max(...writes.map(({ jobPlace }) => jobPlace)) + 1;
  const items = Array.from({ length: size }, (): OrganizationWrite => ({ fields: {} }));
  for (const { jobPlace, organizationId, externalId, name, fields } of writes)
    items[jobPlace] = {
      ...(organizationId === undefined ? {} : { id: organizationId }),
      ...(externalId === undefined ? {} : { externalId }),
      ...(name === undefined ? {} : { name }),
      fields,
    };
  return items;
}

async function readOrganizations(owner: Owner, open: readonly (OpenWrite | Recheck)[]): Promise<ListedOrganization[]> {
  const ids = [...new Set(open.flatMap(({ organizationId }) => organizationId ?? []))];
  const externalIds = [...new Set(open.flatMap(({ externalId }) => externalId ?? []))];
  const writer = owner.ports.writers.live;
  const [byId, byExternalId] = await owner.untilAnswered(() =>
    Promise.all([
      ids.length === 0 ? [] : writer.showByIds(owner.subdomain, ids),
      externalIds.length === 0 ? [] : writer.showByExternalIds(owner.subdomain, externalIds),
    ]),
  );
  return [...byId, ...byExternalId];
}

/** In which organization users are whom a write was to make a member. */
async function readMembers(owner: Owner, open: readonly OpenWrite[]): Promise<Map<UserId, OrganizationId | undefined>> {
  const ids = [...new Set(open.flatMap(({ userId }) => userId ?? []))];
  const users = await Promise.all(
    chunked(ids, usersAtOnce).map((chunk) =>
      owner.untilAnswered(() => owner.ports.writers.live.showUsers(owner.subdomain, chunk)),
    ),
  );
  return new Map(users.flat().map(({ id, organizationId }) => [id, organizationId]));
}

/** The types of what each write sent, by its id: those of its own mapping version. */
async function fieldsOf(owner: Owner, open: readonly OpenWrite[]): Promise<Map<number, readonly OwnedField[]>> {
  const owned = open.map(
    async ({ id, connectionId, mappingVersion }) =>
      [id, (await owner.ports.mappingOf(connectionId, mappingVersion)).owned] as const,
  );
  return new Map(await Promise.all(owned));
}

function closeBy(
  open: readonly OpenWrite[],
  {
    made,
    found,
    placeOf,
    ownedOf,
  }: {
    made: ReadonlyMap<number, OrganizationId>;
    found: readonly ListedOrganization[];
    placeOf: ReadonlyMap<UserId, OrganizationId | undefined>;
    ownedOf: ReadonlyMap<number, readonly OwnedField[]>;
  },
): Settlement {
  const settlement = emptySettlement();
  settlement.organizations.push(...found.map(asPatch));
  const byId = new Map(found.map((organization) => [organization.id, organization]));
  const byExternalId = new Map(found.map((organization) => [organization.externalId?.toLowerCase(), organization]));
  for (const write of open) {
    const target =
      write.organizationId === undefined
        ? byExternalId.get(write.externalId?.toLowerCase())
        : byId.get(write.organizationId);
    const seen = target && tookEffect(write, ownedOf.get(write.id) ?? [], target) ? target.id : undefined;
    const effect = made.get(write.id) ?? seen;
    if (write.kind === "remove") closeRemoval(settlement, write, target);
    else if (write.kind === "membership") closeMembership(settlement, write, made.has(write.id), placeOf);
    else if (effect !== undefined) {
      settlement.closed.push({
        id: write.id,
        state: "done",
        outcome: "found in effect after a restart",
        recheck: true,
      });
      settlement.cards.push({
        connectionId: write.connectionId,
        organizationId: effect,
        applied: write.fields,
        appliedName: write.name,
        mappingVersion: write.mappingVersion,
        nextFlipOn: undefined,
      });
      settlement.journal.push({
        connectionId: write.connectionId,
        action: write.kind === "create" ? "created" : "updated",
        parties: write.parties,
        organizationId: effect,
        who: "engine",
        causes: write.causes,
        before: write.before,
        after: { ...write.fields, ...(write.name === undefined ? {} : { name: write.name }) },
        outcome: "found in effect after a restart",
        writeId: write.id,
        requestIds: {},
      });
    } else
      settlement.closed.push({ id: write.id, state: "lost", outcome: "not in effect after a restart", recheck: true });
  }
  return settlement;
}

/** A user who is where the write was to put him is there by it: only those without an organization are ever asked for. */
function closeMembership(
  settlement: Settlement,
  write: OpenWrite,
  isMade: boolean,
  placeOf: ReadonlyMap<UserId, OrganizationId | undefined>,
): void {
  const { id, userId, organizationId } = write;
  const isIn = userId !== undefined && (isMade || placeOf.get(userId) === organizationId);
  const outcome = isIn ? "found in effect after a restart" : "not in effect after a restart";
  settlement.closed.push({ id, state: isIn ? "done" : "lost", outcome, recheck: true });
  if (!isIn || organizationId === undefined) return;
  settlement.members.push({ userId, organizationId });
  settlement.journal.push({
    connectionId: write.connectionId,
    action: "member-added",
    parties: write.parties,
    organizationId,
    who: "engine",
    causes: write.causes,
    before: {},
    after: { user: userId },
    outcome,
    writeId: id,
    requestIds: {},
  });
}

/** Whoever undoes the plan reads the organization again: only that it is gone is told here. */
function closeRemoval(settlement: Settlement, write: OpenWrite, target: ListedOrganization | undefined): void {
  const outcome = target ? "not in effect after a restart" : "found in effect after a restart";
  settlement.closed.push({ id: write.id, state: target ? "lost" : "done", outcome });
  if (target) return;
  settlement.journal.push({
    connectionId: write.connectionId,
    action: "removed",
    parties: write.parties,
    organizationId: write.organizationId,
    who: "engine",
    causes: write.causes,
    before: {},
    after: {},
    outcome,
    writeId: write.id,
    requestIds: {},
  });
}

function tookEffect(write: OpenWrite, owned: readonly OwnedField[], found: ListedOrganization): boolean {
  const named = write.name === undefined || write.name === found.name;
  return named && storedOtherwise(owned, write.fields, found.fields).length === 0;
}

/**
 * Looks once more, 30 s later, at the cards of writes whose outcome somebody else may still have changed. Done only when it is done: an
 * owner that ends on the way leaves it to the next.
 */
export async function recheckClosedWrites(owner: Owner): Promise<void> {
  const due = await owner.ports.writes.dueRechecks(owner.subdomain);
  if (due.length === 0) return;
  const found = await readOrganizations(owner, due);
  await owner.commit({ ...emptySettlement(), organizations: found.map(asPatch) });
  await markParties(owner, due);
  await owner.ports.writes.recheckDone(due.map(({ id }) => id));
}

async function markParties(
  owner: Owner,
  writes: readonly { connectionId: ConnectionId; parties: string[] }[],
): Promise<void> {
  const at = owner.ports.now().toISOString();
  await owner.ports.marks.mark(
    writes.flatMap(({ connectionId, parties }) =>
      parties.map((party) => ({
        connectionId,
        kind: "party" as const,
        key: partyKeyText(parsePartyKey(party)),
        priority: priorities.background,
        causes: [{ kind: "healed" as const, what: "a write that an earlier owner left open", at }],
      })),
    ),
  );
}
