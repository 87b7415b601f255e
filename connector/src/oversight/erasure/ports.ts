import type { ConnectionId, PartyKey } from "../../domain/index.ts";

/** What is looked for, in the forms in which tables hold it. */
export interface ErasedTexts {
  /** As they were given: whole addresses are rows of their own. */
  texts: readonly string[];
  /** Regular expressions of PostgreSQL, without regard to letter case: inside JSON, and inside plain text. */
  inJson: string;
  inText: string;
  /** What stands there afterwards. */
  put: string;
}

export interface ErasedPlace {
  /** `journal`, `party`: the table. */
  place: string;
  rows: number;
}

/** A customer or vendor that had such a text and that QuickBooks had not deleted when it was last read. */
export interface TouchedParty {
  connectionId: ConnectionId;
  party: PartyKey;
}

export interface ErasureStore {
  /** Everything in one transaction. Copies of records that are changed are read anew before they count again. */
  erase(texts: ErasedTexts): Promise<{ places: ErasedPlace[]; parties: TouchedParty[] }>;
}
