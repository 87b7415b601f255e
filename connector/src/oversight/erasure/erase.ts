import { erasedTexts } from "./patterns.ts";
import type { ErasedPlace, ErasureStore, TouchedParty } from "./ports.ts";

export interface ErasureOptions {
  store: ErasureStore;
  /** Has these read again from QuickBooks: what it still holds comes back, and what we wrote to Zendesk follows. */
  readAgain(parties: readonly TouchedParty[], who: string): Promise<void>;
}

export interface Erasure {
  places: ErasedPlace[];
  /** QuickBooks may still hold the person there: these are read again. */
  parties: TouchedParty[];
}

/**
 * Takes one person out of everything that we keep: our copies of both systems' records, the journal's texts, incidents, the log of writes, the
 * results of asked-for work. What happened stays told, without whom. It changes nothing in QuickBooks: a person whom it still has is read
 * again with the next change, so erase there first.
 */
export async function erasePerson(given: readonly string[], who: string, options: ErasureOptions): Promise<Erasure> {
  const { places, parties } = await options.store.erase(erasedTexts(given));
  if (parties.length > 0) await options.readAgain(parties, who);
  return { places, parties };
}
