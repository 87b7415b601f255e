import { type Account, announce, externalKey, nameKey, nextId } from "../world/account.ts";
import { isoSeconds } from "../world/clock.ts";
import type { CustomField, FieldValue, Organization } from "../world/entities.ts";
import { announceOrganizationChange } from "./announcements.ts";
import type { Author } from "./author.ts";
import { mergeFieldValues, mirroredTags, presentFieldValues } from "./field-values.ts";
import { isJsonObject, type JsonObject, type Kind, optionalString, textOf } from "./input.ts";
import { clearLookups } from "./lookups.ts";
import { deleteMembership } from "./memberships.ts";
import { type Problem, recordInvalid } from "./refusals.ts";
import { normaliseTags, replaceMirrored } from "./tags.ts";

/** Keys that a call may write; everything else is dropped with a warning (organizations reference, JSON format). */
export const organizationKeys: Record<string, Kind> = {
  name: "string",
  external_id: "identifier",
  details: "string",
  notes: "string",
  domain_names: "list",
  group_id: "integer",
  tags: "list",
  shared_tickets: "boolean",
  shared_comments: "boolean",
  organization_fields: "hash",
};

// The documentation names no limit; that of a text column is assumed.
const maximumTextBytes = 65_535;

export function orderedFields(account: Account): readonly CustomField[] {
  return account.organizationFields.sortedBy("position", (a, b) => a.position - b.position || a.id - b.id);
}

export function createOrganization(account: Account, sent: JsonObject, author: Author): Organization {
  const time = isoSeconds(author.at);
  const blank: Organization = {
    id: 0,
    name: "",
    shared_tickets: false,
    shared_comments: false,
    external_id: null,
    created_at: time,
    updated_at: time,
    domain_names: [],
    details: null,
    notes: null,
    group_id: null,
    tags: [],
    organization_fields: {},
  };
  const checked = checkOrganization(account, { name: "", ...sent }, blank, author.at);
  const organization = account.organizations.put({ ...checked, id: nextId(account) });
  announce(account, { kind: "organization.created", at: author.at, by: author.by, organization, event: {} });
  return organization;
}

/**
 * Keys that were not sent keep their value. `updated_at` moves only when something changed: recorded for an empty PUT in
 * zendesk/zendesk_api_client_rb, spec/fixtures/cassettes (Organization, update after save).
 */
export function updateOrganization(
  account: Account,
  before: Organization,
  sent: JsonObject,
  author: Author,
): Organization {
  const checked = checkOrganization(account, sent, before, author.at);
  if (JSON.stringify(checked) === JSON.stringify(before)) return before;
  rememberBefore(account, before, author.at);
  const organization = account.organizations.put({ ...checked, updated_at: isoSeconds(author.at) });
  announceOrganizationChange(account, before, organization, author);
  return organization;
}

/** Only where reads lag, which is a switch: the oldest state that such a read may still show. */
function rememberBefore(account: Account, before: Organization, at: number): void {
  const known = account.lagging.get(before.id);
  const lagMs = account.switches.showManyLagMs;
  if (lagMs > 0 && (!known || known.until <= at))
    account.lagging.set(before.id, { organization: before, until: at + lagMs });
}

/** An organization as a lagging read shows it; nothing while it is too young to be seen. */
export function laggingOrganization(
  account: Account,
  organization: Organization,
  at: number,
): Organization | undefined {
  const lagMs = account.switches.showManyLagMs;
  if (lagMs === 0) return organization;
  if (at - Date.parse(organization.created_at) < lagMs) return undefined;
  const known = account.lagging.get(organization.id);
  return known && known.until > at ? known.organization : organization;
}

/**
 * Deleting takes the memberships with it; working tickets fall back to the requester's default organization or none.
 * https://support.zendesk.com/hc/en-us/articles/4408882246298
 */
export function deleteOrganization(account: Account, organization: Organization, author: Author): void {
  for (const membership of account.memberships.where("organization", String(organization.id))) {
    deleteMembership(account, membership, author);
  }
  for (const ticket of account.tickets.where("organization", String(organization.id))) {
    if (ticket.status === "closed") continue;
    const fallback = account.users.get(ticket.requester_id)?.organization_id ?? null;
    account.tickets.put({ ...ticket, organization_id: fallback, updated_at: isoSeconds(author.at) });
  }
  account.organizations.remove(organization.id);
  clearLookups(account, "zen:organization", String(organization.id));
  account.deletedOrganizations.push({ organization, at: author.at });
  announce(account, { kind: "organization.deleted", at: author.at, by: author.by, organization, event: {} });
}

/** The writable values of a record after a change, or every problem with it at once. */
function checkOrganization(account: Account, sent: JsonObject, before: Organization, at: number): Organization {
  const problems: Problem[] = [];
  const next = { ...before };
  if ("name" in sent) next.name = checkName(account, sent.name, before.id, at, problems);
  if ("external_id" in sent) next.external_id = checkExternalId(account, sent.external_id, before.id, problems);
  if ("details" in sent) next.details = checkText("details", sent.details, problems);
  if ("notes" in sent) next.notes = checkText("notes", sent.notes, problems);
  if ("group_id" in sent) next.group_id = sent.group_id === null ? null : Number(sent.group_id);
  if ("shared_tickets" in sent) next.shared_tickets = sent.shared_tickets === true;
  if ("shared_comments" in sent) next.shared_comments = sent.shared_comments === true;
  if ("domain_names" in sent) next.domain_names = checkDomains(sent.domain_names, problems);
  const fields = orderedFields(account);
  if ("tags" in sent && account.switches.tagging) {
    // Replaces the list; tags of values that stand are mirrored again.
    const own = normaliseTags(Array.isArray(sent.tags) ? sent.tags : []);
    next.tags = [...new Set([...own, ...mirroredTags(fields, before.organization_fields)])];
  }
  if (isJsonObject(sent.organization_fields)) {
    const find = (key: string) => account.organizationFields.first("key", key);
    const change = mergeFieldValues(find, before.organization_fields, sent.organization_fields, account.switches);
    problems.push(...change.problems);
    next.organization_fields = change.values;
    const was = mirroredTags(fields, before.organization_fields);
    next.tags = replaceMirrored(next.tags, was, mirroredTags(fields, change.values));
  }
  if (problems.length > 0) throw recordInvalid(problems, account.switches.language);
  return next;
}

/** Trimmed before it is compared; the pipe is not allowed (https://support.zendesk.com/hc/en-us/articles/4408882246298). */
function checkName(account: Account, sent: unknown, ownId: number, at: number, problems: Problem[]): string {
  const name = textOf(sent).trim();
  if (name === "") problems.push({ field: "name", code: "BlankValue" });
  else if (name.includes("|")) problems.push({ field: "name", code: "InvalidValue" });
  else if (name.length > account.switches.nameLimit) problems.push({ field: "name", code: "TooLong" });
  else if (isNameTaken(account, name, ownId, at)) problems.push({ field: "name", code: "DuplicateValue", value: name });
  return name;
}

function isNameTaken(account: Account, name: string, ownId: number, at: number): boolean {
  const { nameCase, nameRaceMs } = account.switches;
  const holders =
    nameCase === "sensitive"
      ? account.organizations.where("exactName", name)
      : account.organizations.where("name", nameKey(name));
  // Two creates at nearly the same time may both succeed (organizations reference, "Create Organization").
  return holders.some((holder) => holder.id !== ownId && at - Date.parse(holder.created_at) >= nameRaceMs);
}

function checkExternalId(account: Account, sent: unknown, ownId: number, problems: Problem[]): string | null {
  const externalId = optionalString(sent);
  const key = externalKey(externalId);
  if (externalId === null || key === undefined || !account.switches.externalIdUnique) return externalId;
  if (externalId.length > account.switches.nameLimit) problems.push({ field: "external_id", code: "TooLong" });
  if (account.organizations.where("external", key).some((holder) => holder.id !== ownId)) {
    problems.push({ field: "external_id", code: "DuplicateValue", value: externalId });
  }
  return externalId;
}

function checkText(field: string, sent: unknown, problems: Problem[]): string | null {
  if (sent === null || sent === undefined) return null;
  const text = textOf(sent);
  if (Buffer.byteLength(text) > maximumTextBytes) problems.push({ field, code: "TooLong" });
  return text;
}

/** The list is replaced as a whole (organizations reference, `domain_names`). */
function checkDomains(sent: unknown, problems: Problem[]): string[] {
  const domains = (Array.isArray(sent) ? sent : []).map((domain) => String(domain).trim().toLowerCase());
  const named = domains.filter((domain) => domain !== "");
  if (named.some((domain) => !/^[^\s@/]+\.[^\s@/]+$/.test(domain))) {
    problems.push({ field: "domain_names", code: "InvalidValue" });
  }
  return [...new Set(named)];
}

/** Keys in the order of the wire, as recorded in blakmatrix/node-zendesk test/fixtures; `root` is the host that was asked. */
export function presentOrganization(
  account: Account,
  organization: Organization,
  root: string,
): Organization & { url: string; organization_fields: Record<string, FieldValue> } {
  return {
    url: `${root}/organizations/${organization.id}.json`,
    id: organization.id,
    name: organization.name,
    shared_tickets: organization.shared_tickets,
    shared_comments: organization.shared_comments,
    external_id: organization.external_id,
    created_at: organization.created_at,
    updated_at: organization.updated_at,
    domain_names: organization.domain_names,
    details: organization.details,
    notes: organization.notes,
    group_id: organization.group_id,
    tags: organization.tags,
    organization_fields: presentFieldValues(
      orderedFields(account),
      organization.organization_fields,
      account.switches.uncheckedReads,
    ),
  };
}
