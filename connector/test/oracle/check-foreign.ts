import type { Books } from "./books.ts";
import { fieldOptions, fieldTypes } from "./card-fields.ts";
import type { Card } from "./check-cards.ts";
import { type Directory, keysOn, type Organization, type User } from "./directory.ts";
import type { Findings } from "./findings.ts";
import type { Input } from "./input.ts";
import { textAt } from "./json.ts";

const ourTags = new Set(Object.values(fieldOptions).flat());
const ourFields = new Set<string>(Object.keys(fieldTypes));
const foreignKeys = ["details", "group_id", "shared_tickets", "shared_comments"] as const;

/** People's data is theirs: of what was there before, only our fields may differ. */
export function checkForeign(
  cards: readonly Card[],
  { before, now, input, books }: { before: Directory; now: Directory; input: Input; books: Books },
  findings: Findings,
): void {
  const linked = new Map(cards.map((card) => [card.organizationId, card]));
  for (const [organizationId, was] of before.organizations) {
    const is = now.organizations.get(organizationId);
    if (is === undefined) {
      findings.add("foreign", { organizationId, what: "organization", expected: was.name, found: "gone" });
      continue;
    }
    const origin = linked.get(organizationId)?.origin ?? (isMerged(is, input, books) ? "merged" : undefined);
    compareOrganization(was, is, origin, findings);
  }
  for (const [id, is] of now.organizations) {
    if (before.organizations.has(id) || linked.has(id) || isCleared(is) || isMerged(is, input, books)) continue;
    const what = "organization that nothing is linked to";
    findings.add("different", { organizationId: id, what, expected: "none", found: is.externalId ?? is.name });
  }
  for (const [id, was] of before.users) compareUser(was, now.users.get(id), findings);
}

/** `origin`: created or adopted where parties are linked to it, merged where none is since, undefined where none is. */
function compareOrganization(
  was: Organization,
  is: Organization,
  origin: string | undefined,
  findings: Findings,
): void {
  const organizationId = was.id;
  const compare = (what: string, expected: unknown, found: unknown) => {
    if (JSON.stringify(expected) !== JSON.stringify(found))
      findings.add("foreign", { organizationId, what, expected, found });
  };
  if (origin !== "created") {
    compare("name", was.name.trim(), is.name);
    compare("external_id", was.externalId ?? null, is.externalId ?? null);
  }
  for (const key of foreignKeys) compare(key, was.record[key] ?? blankOf(key), is.record[key] ?? blankOf(key));
  compare("tags", foreignTags(was), foreignTags(is));
  compare("domain_names", [...was.domains].sort(), [...is.domains].sort());
  for (const key of new Set([...Object.keys(was.fields), ...Object.keys(is.fields)])) {
    const [expected, found] = [was.fields[key] ?? null, is.fields[key] ?? null];
    // Ours on a linked card; on another they are as they were, or cleared when a link ended.
    if (ourFields.has(key) && (origin !== undefined || found === null || found === false)) continue;
    compare(`field ${key}`, canonical(expected), canonical(found));
  }
}

/**
 * A card whose last party was merged into another: without any figure, and it says so. Beside that it shows the survivor's key, in a form
 * that ties the organization to nobody; the survivor is a party of the company, unless nobody could know it.
 */
function isMerged(organization: Organization, { realm }: Input, { parties }: Books): boolean {
  const { fields } = organization;
  const others = [...ourFields].filter((field) => field !== "qbo_status" && field !== "qbo_key");
  const isCleared = others.every((field) => (fields[field] ?? false) === false);
  const shown = textAt(fields, "qbo_key") ?? "";
  const survivors = shown === "" ? [] : shown.split(" ");
  const prefix = `merged:qbo:${realm}:`;
  const areParties = survivors.every((text) => text.startsWith(prefix) && parties.has(text.slice(prefix.length)));
  return isCleared && areParties && keysOn(organization).length === 0 && fields["qbo_status"] === "qbo_status_merged";
}

/** A card that we made and that its last party left, by a person's answer or another setting: without any key or figure. */
function isCleared(organization: Organization): boolean {
  return (
    [...ourFields].every((field) => (organization.fields[field] ?? false) === false) &&
    keysOn(organization).length === 0
  );
}

const blankOf = (key: (typeof foreignKeys)[number]) => (key.startsWith("shared_") ? false : null);

/** A date that was set by a file reads back as a date-time; an unset checkbox as false. */
function canonical(value: unknown): unknown {
  if (value === false) return null;
  return typeof value === "string" ? value.replace(/^(\d{4}-\d{2}-\d{2})T00:00:00(\+00:00|Z)$/, "$1") : value;
}

/** Tags that people set: those of our drop-downs come and go with the values. */
function foreignTags({ tags }: Organization): string[] {
  return tags.filter((tag) => !ourTags.has(tag)).sort();
}

function compareUser(was: User, is: User | undefined, findings: Findings): void {
  const what = `user ${was.id}`;
  if (is === undefined) {
    findings.add("foreign", { what, expected: was.role, found: "gone" });
    return;
  }
  const facts = ({ role, name, addresses, record }: User) => [
    role,
    name,
    [...addresses].sort(),
    record["suspended"] === true,
  ];
  if (JSON.stringify(facts(was)) !== JSON.stringify(facts(is))) {
    findings.add("foreign", { what, expected: "role, name, addresses and suspension as before", found: "changed" });
  }
}

/** No two organizations carry one of our keys. */
export function checkDuplicates(now: Directory, findings: Findings): void {
  const holders = new Map<string, number>();
  for (const organization of now.organizations.values()) {
    for (const key of keysOn(organization)) {
      const other = holders.get(key);
      if (other === undefined) holders.set(key, organization.id);
      else
        findings.add("duplicate", {
          organizationId: organization.id,
          what: key,
          expected: other,
          found: organization.id,
        });
    }
  }
}
