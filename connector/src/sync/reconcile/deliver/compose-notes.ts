import { priorities, RemoteFailure } from "../../../domain/index.ts";
import { noteField } from "../../../rules/mapping/index.ts";
import type { ListedOrganization } from "../../directory/index.ts";
import type { Owner } from "../own/owner.ts";
import { partiesOf } from "../settle/journal-rows.ts";
import type { Pending } from "../settle/pending.ts";
import { asPatch, emptySettlement, mergeSettlements } from "../settle/settlement.ts";
import { backOffMs } from "./back-off.ts";

/** Cards that may be written now, with the notes that their blocks go into, as far as they write any. */
export interface WithNotes {
  pendings: readonly Pending[];
  notesOf: ReadonlyMap<Pending, string>;
}

/**
 * Reads the notes of organizations right before something is written into them: Zendesk has no conditional write, and people's text stays to
 * the letter. Where the notes are not as the decision took them to be, nothing is written: the directory learns it, and the card is decided again.
 */
export async function readNotesFirst(
  owner: Owner,
  lane: "live" | "bulk",
  pendings: readonly Pending[],
): Promise<WithNotes> {
  const writing = pendings.filter(writesNotes);
  if (writing.length === 0) return { pendings, notesOf: new Map() };
  const found = await readOrganizations(owner, lane, writing).catch((fault: unknown) =>
    waitAfter(owner, pendings, fault),
  );
  if (!found) return { pendings: [], notesOf: new Map() };
  const notesOf = new Map<Pending, string>();
  const stale = new Map<Pending, ListedOrganization>();
  for (const pending of writing) {
    const organization = found(pending);
    if (organization && !isAsDecided(pending, organization)) stale.set(pending, organization);
    // Where there is none, the write itself finds that out.
    else notesOf.set(pending, organization?.notes ?? "");
  }
  await owner.commit(
    mergeSettlements(
      [...stale].map(([{ marks }, organization]) => ({
        ...emptySettlement(),
        organizations: [asPatch(organization)],
        deferred: marks.map((mark) => ({ ...mark, waitMs: 0, failure: undefined })),
      })),
    ),
  );
  return { pendings: pendings.filter((pending) => !stale.has(pending)), notesOf };
}

/**
 * Looks at blocks that were put beside people's text: whoever wrote there in between has won, and their text is not touched again before the
 * card was decided anew.
 */
export async function readNotesAfter(
  owner: Owner,
  lane: "live" | "bulk",
  written: readonly { pending: Pending; id: ListedOrganization["id"]; before: string; block: unknown }[],
): Promise<void> {
  const beside = written.filter(({ before, block }) => block !== undefined && before.trim() !== "");
  if (beside.length === 0) return;
  const organizations = await owner.untilAnswered(() =>
    owner.ports.writers[lane].showByIds(
      owner.subdomain,
      beside.map(({ id }) => id),
    ),
  );
  const byId = new Map(organizations.map((organization) => [organization.id, organization]));
  const changed = beside.flatMap((one) => {
    const now = byId.get(one.id);
    return now && (now.fields[noteField.key] ?? null) !== (one.block ?? null) ? [{ ...one, now }] : [];
  });
  if (changed.length === 0) return;
  await owner.commit({ ...emptySettlement(), organizations: changed.map(({ now }) => asPatch(now)) });
  const at = owner.ports.now().toISOString();
  await owner.ports.marks.mark(
    changed.flatMap(({ pending }) =>
      partiesOf(pending.decision).map((key) => ({
        connectionId: pending.connection.id,
        kind: "party" as const,
        key,
        priority: priorities.background,
        causes: [{ kind: "zendesk" as const, what: "the notes changed while they were written", at }],
      })),
    ),
  );
}

/** Nothing was written: everybody waits, and what concerns more than these cards is noted. */
async function waitAfter(owner: Owner, pendings: readonly Pending[], fault: unknown): Promise<undefined> {
  if (!(fault instanceof RemoteFailure)) throw fault;
  await owner.noteFailure(fault, pendings[0]?.connection);
  const waitMs = Math.max(fault.retryAfterMs ?? 0, backOffMs(0, owner.ports.random));
  const deferred = pendings.flatMap(({ marks }) => marks.map((mark) => ({ ...mark, waitMs, failure: undefined })));
  await owner.commit({ ...emptySettlement(), deferred });
}

function writesNotes({ decision }: Pending): boolean {
  if (decision.kind === "update" || decision.kind === "clear") return Object.hasOwn(decision.changed, noteField.key);
  // A single call that creates may meet an organization that an earlier call made, with notes in it by now.
  return decision.kind === "create" && typeof decision.fields[noteField.key] === "string";
}

async function readOrganizations(
  owner: Owner,
  lane: "live" | "bulk",
  pendings: readonly Pending[],
): Promise<(pending: Pending) => ListedOrganization | undefined> {
  const writer = owner.ports.writers[lane];
  const ids = pendings.flatMap(({ decision }) =>
    decision.kind === "update" || decision.kind === "clear" ? [decision.organization.id] : [],
  );
  const externalIds = pendings.flatMap(({ decision }) => (decision.kind === "create" ? [decision.externalId] : []));
  const [byId, byExternalId] = await owner.untilAnswered(() =>
    Promise.all([
      ids.length === 0 ? [] : writer.showByIds(owner.subdomain, ids),
      externalIds.length === 0 ? [] : writer.showByExternalIds(owner.subdomain, externalIds),
    ]),
  );
  const known = new Map<number | string, ListedOrganization>(
    byId.map((organization) => [organization.id, organization]),
  );
  // external_id is matched without regard to case by Zendesk (organizations reference).
  for (const organization of byExternalId) known.set(organization.externalId?.toLowerCase() ?? "", organization);
  return ({ decision }) => {
    if (decision.kind === "create") return known.get(decision.externalId.toLowerCase());
    return decision.kind === "update" || decision.kind === "clear" ? known.get(decision.organization.id) : undefined;
  };
}

function isAsDecided({ decision }: Pending, now: ListedOrganization): boolean {
  // It exists: the next pass finds it by its key.
  if (decision.kind === "create") return false;
  if (decision.kind !== "update" && decision.kind !== "clear") return true;
  const { organization } = decision;
  return (
    (now.fields[noteField.key] ?? null) === (organization.fields[noteField.key] ?? null) &&
    (now.notesHaveText ?? false) === (organization.notesHaveText ?? false)
  );
}
