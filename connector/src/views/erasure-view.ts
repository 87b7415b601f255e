import type { ErasureResult } from "@ml-connector/contract";
import { partyKeyText } from "../domain/index.ts";
import type { Erasure } from "../oversight/erasure/index.ts";

export function erasureView({ places, parties }: Erasure): ErasureResult {
  return {
    places,
    parties: parties.map(({ connectionId, party }) => ({ connectionId, party: partyKeyText(party) })),
  };
}
