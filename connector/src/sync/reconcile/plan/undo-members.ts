// Members of organizations that go with their plan: those whom we made members leave first, and nobody else ever does.
import type { Cause, ConnectionId, OrganizationId, UserId } from "../../../domain/index.ts";
import type { JournalEntry } from "../../../oversight/journal/index.ts";
import { deadlineMs } from "../deliver/deliver.ts";
import type { Owner } from "../own/owner.ts";
import { emptySettlement } from "../settle/settlement.ts";
import type { Membership } from "./restore-ports.ts";

/**
 * The memberships of an organization if there are no others than those that we made, and no tickets; undefined: somebody uses it. With a
 * ticket it stays in any case: taking a membership away takes the organization from the person's tickets (memberships reference).
 */
export async function membersToUndo(
  owner: Owner,
  organizationId: OrganizationId,
  ours: readonly UserId[],
): Promise<Membership[] | undefined> {
  const { undo } = owner.ports;
  const { users, tickets } = await undo.related(owner.subdomain, organizationId);
  if (tickets > 0 || users > ours.length) return undefined;
  if (users === 0) return [];
  const members = await undo.memberships(owner.subdomain, organizationId);
  return members.every(({ userId }) => ours.includes(userId)) ? members : undefined;
}

/**
 * Ends them one by one, each with its row in the journal; the directory is told from a fresh read. After a crash those that are left are
 * found again, since what has ended is listed no more.
 */
export async function undoMembers(
  owner: Owner,
  of: { connectionId: ConnectionId; organizationId: OrganizationId; parties: string[]; cause: Cause },
  members: readonly Membership[],
): Promise<void> {
  if (members.length === 0) return;
  const { undo, directory, writers } = owner.ports;
  for (const { id, userId } of members) {
    const { requestId } = await undo.endMembership(owner.subdomain, id, performance.now() + deadlineMs);
    await owner.commit({ ...emptySettlement(), journal: [entryOf(of, userId, requestId)] });
  }
  const readAt = await directory.now();
  const users = await writers.bulk.showUsers(
    owner.subdomain,
    members.map(({ userId }) => userId),
  );
  await directory.keepUsers(owner.subdomain, users, readAt);
}

function entryOf(
  { connectionId, organizationId, parties, cause }: Parameters<typeof undoMembers>[1],
  userId: UserId,
  requestId: string | undefined,
): JournalEntry {
  return {
    connectionId,
    action: "member-removed",
    parties,
    organizationId,
    who: "engine",
    causes: [cause],
    before: { user: userId },
    after: {},
    outcome: "the plan that made it was undone",
    writeId: undefined,
    requestIds: requestId === undefined ? {} : { zendesk: requestId },
  };
}
