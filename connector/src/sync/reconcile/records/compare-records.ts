import type { DocumentRecord } from "../../../domain/index.ts";
import { documentRecord, nextLook, recordText } from "../../../rules/records/index.ts";
import type { KnownRecord, PartyDocument } from "./ports.ts";

type RecordContext = Parameters<typeof documentRecord>[1];

export interface RecordChanges {
  /** `before`: what Zendesk has of it, as far as we know. */
  upserts: { record: DocumentRecord; kept: KnownRecord; before: string | undefined }[];
  deletes: KnownRecord[];
  /** As Zendesk has them; only what we remember of them moves. */
  moved: KnownRecord[];
}

/**
 * What has to be sent so that the records of some parties are those that their documents ask for. Pure. A document that changed hands
 * is no other record: its lookup goes along. Only what we made (`known`) is ever deleted.
 */
export function compareRecords(
  known: readonly KnownRecord[],
  documents: readonly PartyDocument[],
  context: RecordContext,
): RecordChanges {
  const changes: RecordChanges = { upserts: [], deletes: [], moved: [] };
  const knownBy = new Map(known.map((record) => [`${record.entity} ${record.id}`, record]));
  for (const document of documents) {
    const key = `${document.entity} ${document.id}`;
    const record = documentRecord(document, context);
    if (record === undefined) continue;
    const before = knownBy.get(key);
    knownBy.delete(key);
    const kept: KnownRecord = {
      entity: document.entity,
      id: document.id,
      party: document.top,
      externalId: record.externalId,
      content: recordText(record),
      lookOn: nextLook(document, context),
    };
    if (before?.content !== kept.content) changes.upserts.push({ record, kept, before: before?.content });
    else if (before?.party !== kept.party || before.lookOn !== kept.lookOn) changes.moved.push(kept);
  }
  changes.deletes.push(...knownBy.values());
  return changes;
}
