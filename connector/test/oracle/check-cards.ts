import type { Books, Unit } from "./books.ts";
import { byRank, cardFields, type FieldKey, type FieldValue, fieldOptions, fieldTypes } from "./card-fields.ts";
import { createdNames } from "./created-names.ts";
import type { Directory, Organization } from "./directory.ts";
import type { Findings } from "./findings.ts";
import type { Input } from "./input.ts";
import { isJson, type Json, listAt, textAt } from "./json.ts";
import { nameKey } from "./text.ts";

/** One organization with the parties linked to it. */
export interface Card {
  organizationId: number;
  units: Unit[];
  origin: string;
}

export function cardsOf(input: Input, books: Books): Card[] {
  const cards = new Map<number, Card>();
  for (const { key, disposition, organizationId, origin } of input.parties) {
    const unit = books.units.get(key) ?? standAlone(books, key);
    if (disposition !== "linked" || organizationId === undefined || unit === undefined) continue;
    const card = cards.get(organizationId) ?? { organizationId, units: [], origin: origin ?? "adopted" };
    card.units.push(unit);
    cards.set(organizationId, card);
  }
  return [...cards.values()];
}

/** A sub-customer that a person linked by itself. */
function standAlone(books: Books, key: string): Unit | undefined {
  const party = books.parties.get(key);
  return party && { top: party, members: [party] };
}

/** Every field of every card, value by value, and the names of those that we made. */
export function checkCards(
  cards: readonly Card[],
  world: { input: Input; books: Books; now: Directory },
  findings: Findings,
): void {
  const { input, books, now } = world;
  const adopted = new Map<string, string>();
  for (const card of cards) {
    const name = now.organizations.get(card.organizationId)?.name;
    if (card.origin !== "adopted" || name === undefined) continue;
    for (const unit of card.units) adopted.set(unit.top.key, name);
  }
  const names = createdNames(books, input, adopted);
  for (const card of cards) {
    const organization = now.organizations.get(card.organizationId);
    const { organizationId } = card;
    if (organization === undefined) {
      findings.add("different", { organizationId, what: "organization", expected: "there", found: "gone" });
      continue;
    }
    checkFields(card, organization, world, findings);
    if (card.origin === "created") checkName(card, organization, { ...world, names }, findings);
  }
}

function checkFields(
  card: Card,
  { fields }: Organization,
  { input, books }: { input: Input; books: Books },
  findings: Findings,
): void {
  const expected = cardFields(card.units, books, input);
  for (const key of Object.keys(expected) as FieldKey[]) {
    const found = fields[key] ?? null;
    if (isSame(key, expected[key], found)) continue;
    const { organizationId } = card;
    findings.add("different", { organizationId, ...partyOf(card), what: key, expected: expected[key], found });
  }
}

function partyOf({ units }: Card): { party?: string } {
  const first = units[0]?.top.key;
  return first === undefined ? {} : { party: first };
}

/** Empty text reads as nothing, an unset checkbox as false; a number must be a number, a date a date-time. */
function isSame(key: FieldKey, expected: FieldValue, found: unknown): boolean {
  switch (fieldTypes[key]) {
    case "text":
    case "textarea":
      return (expected ?? "") === (found ?? "");
    case "checkbox":
      return expected === (found ?? false);
    case "date":
      return expected === found || (typeof found === "string" && expected === found.replace("Z", "+00:00"));
    case "integer":
    case "decimal":
    case "dropdown":
      return expected === found;
  }
}

function checkName(
  card: Card,
  organization: Organization,
  world: { input: Input; now: Directory; names: ReadonlyMap<string, string> },
  findings: Findings,
): void {
  const { organizationId } = card;
  const first = [...card.units].sort((one, other) => byRank(one.top, other.top))[0]?.top;
  const name = world.names.get(first?.key ?? "");
  if (first === undefined || name === undefined) return;
  const externalId = `qbo:${world.input.realm}:${first.key}`;
  if (organization.externalId !== externalId) {
    findings.add("different", {
      organizationId,
      party: first.key,
      what: "external_id",
      expected: externalId,
      found: organization.externalId,
    });
  }
  if (organization.name === name) return;
  // A rename that collides keeps the old name, goes on with the figures and is listed as a conflict.
  const holder = [...world.now.organizations.values()].find(
    (other) => other.id !== organizationId && nameKey(other.name) === nameKey(name),
  );
  if (holder) return;
  findings.add("different", {
    organizationId,
    party: first.key,
    what: "name",
    expected: name,
    found: organization.name,
  });
}

/** The fields themselves: type, title and options as we make them on connect. */
export function checkDefinitions(now: Directory, findings: Findings): void {
  for (const [key, type] of Object.entries(fieldTypes)) {
    const field = now.fields.get(key);
    const found = field === undefined ? "no such field" : describe(field);
    const options = fieldOptions[key as FieldKey];
    const expected = { type, title: "QuickBooks ...", ...(options ? { options: [...options].sort() } : {}) };
    if (field !== undefined && isDefined(field, type, options)) continue;
    findings.add("different", { what: `field ${key}`, expected, found });
  }
}

function describe(field: Json) {
  return { type: textAt(field, "type"), title: textAt(field, "title"), options: optionsOf(field) };
}

function isDefined(field: Json, type: string, options: readonly string[] | undefined): boolean {
  if (textAt(field, "type") !== type || field["active"] === false) return false;
  if (!(textAt(field, "title") ?? "").startsWith("QuickBooks")) return false;
  return options === undefined || options.every((value) => optionsOf(field).includes(value));
}

function optionsOf(field: Json): string[] {
  return listAt(field, "custom_field_options")
    .filter(isJson)
    .map((option) => textAt(option, "value") ?? "");
}
