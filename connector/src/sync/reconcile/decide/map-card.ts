import {
  type Document,
  type FieldValues,
  type JsonObject,
  type LocalDate,
  type Organization,
  type Profile,
  partyKeyText,
} from "../../../domain/index.ts";
import { type CardToMap, type MappedCard, noteField } from "../../../rules/mapping/index.ts";
import type { BrokenField } from "../ports.ts";
import type { DecidedFamily, DecisionContext } from "./card-snapshot.ts";

/** The card as the mapping looks at it. */
export function cardToMap(
  card: { families: readonly DecidedFamily[]; documents: readonly Document[] },
  profile: Profile,
  context: Pick<DecisionContext, "realm" | "appUrl" | "homeCurrency" | "today" | "terms">,
): CardToMap {
  return {
    card: {
      parties: card.families.map(({ top }) => top),
      others: card.families.flatMap(({ others }) => others),
      documents: card.documents,
      records: new Map(card.families.map(({ top, record }): [string, JsonObject] => [partyKeyText(top), record])),
    },
    profile,
    terms: context.terms,
    company: { realm: context.realm, appUrl: context.appUrl, homeCurrency: context.homeCurrency },
    today: context.today,
  };
}

/** What a card is to have: what its mapping says, less what cannot be written or is not to be written there. */
export function wantedValues(
  mapped: MappedCard,
  organization: Organization | undefined,
  { mapping, brokenFields }: Pick<DecisionContext, "mapping" | "brokenFields">,
): FieldValues {
  const wanted = Object.fromEntries(
    Object.entries(mapped.values).filter(
      ([key, value]) => !brokenFields.some((broken) => broken.key === key && isBroken(broken, value)),
    ),
  );
  // Beside people's text only if the operator wants it; a block that stands there already is taken back rather than left to grow old.
  if (mapping.notePlace === "alone" && organization?.notesHaveText === true) wanted[noteField.key] = null;
  return wanted;
}

function isBroken({ options }: BrokenField, value: FieldValues[string] | undefined): boolean {
  return options === undefined || (typeof value === "string" && options.includes(value));
}

export function earlier(one: LocalDate | undefined, other: LocalDate | undefined): LocalDate | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one < other ? one : other;
}
