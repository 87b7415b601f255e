import type { Entity, GoneRecord, Realm, RecordKey, RecordsAnswer } from "../../domain/index.ts";

/** Where a keyset sweep stands within one entity: the CreateTime of the last row, and the ids already seen at that second. */
export interface SweepPosition {
  createdAt: string;
  seenAtThatSecond: string[];
}

/** QuickBooks, as the replica and intake ask it. Every method throws RemoteFailure; none writes. */
export interface RecordSource {
  /** Reads records by id, grouped (`Id IN`, several entities in one batch of queries). What the lists do not show is confirmed by a read by id: then it is `gone`. */
  readRecords(realm: Realm, keys: readonly RecordKey[]): Promise<RecordsAnswer & { gone: GoneRecord[] }>;
  /** One page of at most 1,000 rows ordered by CreateTime, inactive ones included. `next` is undefined on the last page. */
  readPage(
    realm: Realm,
    entity: Entity,
    after: SweepPosition | undefined,
  ): Promise<RecordsAnswer & { next: SweepPosition | undefined }>;
  countRecords(realm: Realm, entity: Entity): Promise<number>;
  /** Changes since an instant (at most 29 days back). `capped`: 1,000 objects came, the answer is not complete. `gone` here is hearsay: mark, never delete. */
  readChanges(
    realm: Realm,
    entities: readonly Entity[],
    since: string,
  ): Promise<RecordsAnswer & { gone: GoneRecord[]; capped: boolean }>;
}
