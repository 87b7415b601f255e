import type { Party } from "../../domain/index.ts";
import { normaliseName } from "./normalise-name.ts";
import { nameKey, organizationName } from "./organization-name.ts";

/** What a party is found by among others: the keys of the names that its organization would get, and the stems of its own names. */
export interface PartyNames {
  nameKey: string;
  /** With the names of its parents: where families are kept separate. */
  pathKey: string;
  nameStems: string[];
}

export function partyNames(
  party: Pick<Party, "kind" | "id" | "displayName" | "companyName" | "fullyQualifiedName">,
): PartyNames {
  const path = organizationName(party, { separateFamilies: true, suffix: 0 });
  const stems = [party.displayName, party.companyName ?? "", path].map((name) => normaliseName(name).stem);
  return {
    nameKey: nameKey(organizationName(party, { separateFamilies: false, suffix: 0 })),
    pathKey: nameKey(path),
    nameStems: [...new Set(stems)].filter((stem) => stem !== ""),
  };
}
