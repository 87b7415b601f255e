// What a person answers for many, over the stores.
import type { Application } from "../cli/application.ts";
import type { PartyKey } from "../domain/index.ts";
import { isFor, possibleDuplicates, proposeAnswers, topOf } from "../sync/links/index.ts";
import type { Stores } from "./stores.ts";

const page = 1_000;

export function createReview(
  stores: Stores,
): Pick<Application, "review" | "proposeAnswers" | "partiesLike" | "possibleDuplicates"> {
  return {
    review: stores.review,
    proposeAnswers: (connection, rule) => proposeAnswers(stores, connection, rule),
    possibleDuplicates: (connectionId, limit) => possibleDuplicates(stores.review, connectionId, limit),

    async partiesLike(connectionId, pattern) {
      const found: { party: PartyKey; displayName: string }[] = [];
      let after: PartyKey | undefined;
      for (;;) {
        const tops = await stores.replica.allTops({ id: connectionId }, after, page);
        after = tops.at(-1);
        if (after === undefined) return found;
        for (const family of await stores.replica.familiesOf({ id: connectionId }, tops)) {
          const { kind, displayName } = topOf(family);
          if (isFor(pattern, { kind, displayName })) found.push({ party: family.top, displayName });
        }
      }
    },
  };
}
