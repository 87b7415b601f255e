import { parseOrganizationKey } from "../../../domain/index.ts";
import type { Owner } from "../own/owner.ts";
import type { IntendedWrite, ItemResult, OrganizationWrite } from "../ports.ts";
import { partiesOf } from "../settle/journal-rows.ts";
import type { Pending } from "../settle/pending.ts";
import { emptySettlement } from "../settle/settlement.ts";
import { readNotesFirst, type WithNotes } from "./compose-notes.ts";
import type { Logged } from "./logged.ts";
import { settleFault, settleResults, settleSingle } from "./outcomes.ts";

/** Up to this many cards of the live lane go by single calls; more of them fold into a job. */
export const singleCalls = 5;
export const jobItems = 100;
/** How long after the epoch check a write may still leave. */
export const deadlineMs = 5_000;

/** Carries out decisions of the live lane that write. Returns when every one is settled, deferred, or left to a successor. */
export async function deliverLive(owner: Owner, pendings: readonly Pending[]): Promise<void> {
  const creates = pendings.filter(({ decision }) => decision.kind === "create");
  const others = pendings.filter(({ decision }) => decision.kind === "update" || decision.kind === "clear");
  if (pendings.length <= singleCalls) {
    await Promise.all(pendings.map((pending) => deliverSingle(owner, pending)));
    return;
  }
  const chunks = [...chunked(creates, jobItems), ...chunked(others, jobItems)];
  await Promise.all(chunks.map((chunk) => owner.jobSlots.run(() => deliverJob(owner, "live", chunk))));
}

async function deliverSingle(owner: Owner, pending: Pending): Promise<void> {
  const [logged] = await logWrites(owner, "live", await readNotesFirst(owner, "live", [pending]));
  if (!logged) return;
  const deadline = performance.now() + deadlineMs;
  try {
    const { item } = logged;
    const answer =
      item.id === undefined
        ? await owner.ports.writers.live.createOrUpdate(owner.subdomain, item, deadline)
        : await owner.ports.writers.live.update(owner.subdomain, { ...item, id: item.id }, deadline);
    owner.ports.observe.wrote("live", 1);
    await settleSingle(owner, logged, answer.organization, answer.requestId);
  } catch (fault) {
    await settleFault(owner, [logged], fault);
  }
}

/** One job, and the settlement of what it says. */
export async function deliverJob(owner: Owner, lane: "live" | "bulk", chunk: readonly Pending[]): Promise<void> {
  if (await wasStopped(owner, chunk)) return;
  // What is created by a job is refused where it exists: only organizations that are there have notes to be read.
  const ready =
    chunk[0]?.decision.kind === "create"
      ? { pendings: chunk, notesOf: new Map() }
      : await readNotesFirst(owner, lane, chunk);
  const logged = await logWrites(owner, lane, ready);
  if (logged.length === 0) return;
  const items = logged.map(({ item }) => item);
  const creating = chunk[0]?.decision.kind === "create";
  const deadline = performance.now() + deadlineMs;
  try {
    const writer = owner.ports.writers[lane];
    const { jobId, requestId } = creating
      ? await writer.createMany(owner.subdomain, items, deadline)
      : await writer.updateMany(owner.subdomain, items, deadline);
    await owner.ports.writes.submitted(
      logged.map(({ writeId }) => writeId),
      jobId,
      requestId,
    );
    const state = await owner.jobEnded(jobId, items, chunk[0]?.connection);
    owner.ports.observe.wrote(lane, items.length);
    const results: ItemResult[] = state.state === "ended" ? state.results : items.map(() => ({ kind: "unknown" }));
    await owner.atDesk(lane, () => settleResults(owner, logged, results, requestId, deliverSingle));
  } catch (fault) {
    await settleFault(owner, logged, fault, deliverSingle);
  }
}

/** A person stopped the plan while these waited for their turn: their marks come again, and find that. */
async function wasStopped(owner: Owner, chunk: readonly Pending[]): Promise<boolean> {
  const plan = chunk[0]?.connection.plan;
  if (plan?.mode !== "applying" || (await owner.ports.plans.read(plan.id))?.state !== "stopped") return false;
  const deferred = chunk.flatMap(({ marks }) => marks.map((mark) => ({ ...mark, waitMs: 0, failure: undefined })));
  await owner.commit({ ...emptySettlement(), deferred });
  return true;
}

/** Logs the writes under the fence. A card whose organization has an open write is left: its marks come again. */
async function logWrites(owner: Owner, lane: "live" | "bulk", { pendings, notesOf }: WithNotes): Promise<Logged[]> {
  if (pendings.length === 0) return [];
  const intended = pendings.map((pending) => intendedWrite(pending, lane));
  const ids = await owner.ports.writes.intend(owner.fence, intended, deadlineMs);
  const left = emptySettlement();
  const logged: Logged[] = [];
  for (const [index, pending] of pendings.entries()) {
    const writeId = ids[index];
    if (writeId !== undefined)
      logged.push({ pending, writeId, item: { ...itemOf(pending), ...notesBefore(notesOf.get(pending)) } });
    else left.deferred.push(...pending.marks.map((mark) => ({ ...mark, waitMs: 1_000, failure: undefined })));
  }
  if (left.deferred.length > 0) await owner.commit(left);
  return logged;
}

function intendedWrite({ decision, connection, causes }: Pending, lane: "live" | "bulk"): IntendedWrite {
  const common = {
    connectionId: connection.id,
    causes,
    mappingVersion: connection.mappingVersion,
    lane,
    userId: undefined,
  };
  if (decision.kind === "create")
    return {
      ...common,
      kind: "create",
      parties: partiesOf(decision),
      organizationId: undefined,
      externalId: decision.externalId,
      nameKey: decision.nameKey,
      name: decision.name,
      fields: decision.fields,
      before: {},
    };
  if (decision.kind !== "update" && decision.kind !== "clear") throw new Error(`nothing to write for ${decision.kind}`);
  const name = decision.kind === "update" ? decision.name : undefined;
  return {
    ...common,
    kind: "update",
    parties: partiesOf(decision),
    organizationId: decision.organization.id,
    externalId: undefined,
    nameKey: name?.key,
    name: name?.value,
    formerName: name ? decision.organization.name : undefined,
    formerExternalId:
      decision.kind === "clear" && createdByUs(decision.organization) ? decision.organization.externalId : undefined,
    fields: decision.changed,
    before: decision.before,
  };
}

function itemOf({ decision, connection }: Pending): OrganizationWrite {
  const types = connection.mapping.fields;
  if (decision.kind === "create")
    return { name: decision.name, externalId: decision.externalId, fields: decision.fields, types };
  if (decision.kind === "update")
    return {
      id: decision.organization.id,
      ...(decision.name ? { name: decision.name.value } : {}),
      fields: decision.changed,
      types,
    };
  if (decision.kind === "clear")
    return {
      id: decision.organization.id,
      fields: decision.changed,
      types,
      ...(createdByUs(decision.organization) ? { externalId: null } : {}),
    };
  throw new Error(`nothing to write for ${decision.kind}`);
}

function notesBefore(notes: string | undefined): Pick<OrganizationWrite, "notesBefore"> {
  return notes === undefined ? {} : { notesBefore: notes };
}

export function createdByUs(organization: { externalId: string | undefined }): boolean {
  return organization.externalId !== undefined && parseOrganizationKey(organization.externalId) !== undefined;
}

export function chunked<Value>(values: readonly Value[], size: number): Value[][] {
  const chunks: Value[][] = [];
  for (let start = 0; start < values.length; start += size) chunks.push(values.slice(start, start + size));
  return chunks;
}
