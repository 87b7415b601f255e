import type { Document } from "./document.ts";
import type { DocumentEntity, Entity, PartyEntity, RecordKey, ReferenceEntity } from "./keys.ts";
import type { Party } from "./party.ts";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

interface CopyCommon {
  id: string;
  /** MetaData, instants. LastUpdatedTime has one-second resolution and moves without SyncToken. */
  createdAt: string;
  updatedAt: string;
  syncToken: number;
  /** SHA-256 over the content without MetaData and SyncToken: tells a touched record from a changed one. */
  contentHash: Uint8Array;
}

/** One record as QuickBooks answered it, in our words. */
export type RecordCopy =
  | (CopyCommon & { kind: "party"; entity: PartyEntity; party: Party; record: JsonObject })
  | (CopyCommon & { kind: "document"; entity: DocumentEntity; document: Document })
  | (CopyCommon & {
      kind: "reference";
      entity: ReferenceEntity;
      name: string | undefined;
      record: JsonObject;
      company?: CompanySaid;
    });

/** What CompanyInfo and Preferences say of the company; each only what stands in it. */
export interface CompanySaid {
  name?: string;
  country?: string;
  homeCurrency?: string;
  /** A zone that exists. */
  zone?: string;
}

/** A record that a read by id confirmed as gone, or that a change poll reports as deleted (which only marks it). */
export interface GoneRecord extends RecordKey {
  at: string;
}

/** What one question to QuickBooks brought. `readAt` is the server's own time of the answer. */
export interface RecordsAnswer {
  records: RecordCopy[];
  readAt: string;
  /** Exist, but cannot be read: passed over, so that they stand in nobody's way. */
  unreadable?: readonly UnreadableRecord[];
}

export interface UnreadableRecord {
  entity: Entity;
  /** `Invoice 12`, or `the Invoice created right after Invoice 11` where QuickBooks does not even hand out its id. */
  which: string;
  /** Undefined where QuickBooks does not hand it out. */
  id: string | undefined;
  /** damaged: QuickBooks answers 4002 for it; form: it came in a form that we cannot read, at `where`. */
  because: { kind: "damaged" } | { kind: "form"; where: string };
}
