import type { Cause, RecordEntity } from "../../../domain/index.ts";
import { recordObjects } from "../../../domain/index.ts";
import { recordText } from "../../../rules/records/index.ts";
import { chunked } from "../deliver/deliver.ts";
import { OwnerStops } from "../deliver/job-poller.ts";
import type { Owner } from "../own/owner.ts";
import type { OwnedConnection } from "../ports.ts";
import type { DriftedRecord, FoundRecord, KnownRecord } from "./ports.ts";

/** How far the two clocks, and the moment in which a list shows a change, may be apart. */
const marginMs = 5 * 60_000;
const idsAtOnce = 100;

/**
 * Once an hour: records of ours that somebody changed or deleted in Zendesk. No webhook tells of them (the event types know organizations,
 * users and tickets). Lists come latest change first and are read back to the last look; a deleted record stands in no list, so where
 * Zendesk counts fewer than we made, those that we know are asked for by their external ids. What is found is remembered as it is, and its
 * party is due: the next batch puts it right, with what it overwrites in the journal. True where it was time to look.
 */
export async function findDrift(owner: Owner, connection: OwnedConnection): Promise<boolean> {
  const { records, directory } = owner.ports;
  const look = await records.driftDue(connection.id);
  if (!look) return false;
  const startedAt = await directory.now();
  for (const entity of Object.keys(recordObjects) as RecordEntity[]) {
    await findEdited(owner, connection, entity, look.from);
    await findDeleted(owner, connection, entity);
  }
  await records.driftLooked(connection.id, startedAt);
  return true;
}

async function findEdited(
  owner: Owner,
  connection: OwnedConnection,
  entity: RecordEntity,
  from: Date | undefined,
): Promise<void> {
  const { records, recordWriter } = owner.ports;
  const oldest = from === undefined ? Number.NEGATIVE_INFINITY : from.getTime() - marginMs;
  let cursor: string | undefined;
  do {
    if (owner.signal.aborted) throw new OwnerStops("the owner stops; a successor looks for changed records");
    const page = await recordWriter.listLatestRecords(owner.subdomain, recordObjects[entity], cursor);
    const fresh = page.records.filter(({ updatedAt }) => updatedAt.getTime() >= oldest);
    const known = await records.knownBy(
      connection.id,
      entity,
      fresh.map(({ record }) => record.externalId),
    );
    const drifted = driftedRecords(
      known,
      fresh.map(({ record }) => record),
    );
    await records.noteDrift(owner.fence, connection.id, drifted, causes("a record was changed", await now(owner)));
    cursor = fresh.length === page.records.length ? page.next : undefined;
  } while (cursor !== undefined);
}

/** Records of other connections in the same account count, too: only a number below all that we made tells anything. */
async function findDeleted(owner: Owner, connection: OwnedConnection, entity: RecordEntity): Promise<void> {
  const { records, recordWriter } = owner.ports;
  const object = recordObjects[entity];
  const made = await records.countMade(owner.subdomain, entity);
  if (made === 0 || (await recordWriter.countRecords(owner.subdomain, object)) >= made) return;
  let after: string | undefined;
  for (;;) {
    const known = await records.knownAfter(connection.id, entity, after, idsAtOnce * 10);
    if (known.length === 0) return;
    after = known.at(-1)?.id;
    for (const chunk of chunked(known, idsAtOnce)) {
      const found = await recordWriter.findRecords(
        owner.subdomain,
        object,
        chunk.map(({ externalId }) => externalId),
      );
      const there = new Set(found.map(({ externalId }) => externalId));
      const gone = chunk.filter(({ externalId, content }) => content !== undefined && !there.has(externalId));
      const drifted = gone.map((each) => ({ ...each, content: undefined }));
      await records.noteDrift(owner.fence, connection.id, drifted, causes("a record was deleted", await now(owner)));
    }
  }
}

/** Those that are not as we left them, as they are now. What nobody knows of is due already. Pure. */
export function driftedRecords(known: readonly KnownRecord[], found: readonly FoundRecord[]): DriftedRecord[] {
  const foundBy = new Map(found.map((record) => [record.externalId, record]));
  return known.flatMap((one) => {
    const there = foundBy.get(one.externalId);
    if (there === undefined || one.content === undefined) return [];
    // Without its organization it is no record that we could have written: what it holds is not told.
    const { organizationId } = there;
    const content = organizationId === undefined ? undefined : recordText({ ...there, organizationId });
    return content === one.content ? [] : [{ entity: one.entity, id: one.id, party: one.party, content }];
  });
}

const now = (owner: Owner): Promise<Date> => owner.ports.directory.now();

function causes(what: string, at: Date): Cause[] {
  return [{ kind: "zendesk", what, at: at.toISOString() }];
}
