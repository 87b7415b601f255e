import { type Account, announce } from "../world/account.ts";
import type { Organization } from "../world/entities.ts";
import type { Author } from "./author.ts";

/**
 * One event per thing that changed. There is none for notes, details or domain names.
 * https://developer.zendesk.com/api-reference/webhooks/event-types/organization-events/
 */
export function announceOrganizationChange(
  account: Account,
  before: Organization,
  after: Organization,
  author: Author,
): void {
  const tell = (kind: string, event: Record<string, unknown>): void =>
    announce(account, { kind: `organization.${kind}`, at: author.at, by: author.by, organization: after, event });
  if (before.name !== after.name) tell("name_changed", { current: after.name, previous: before.name });
  if (before.external_id !== after.external_id) {
    tell("external_id_changed", { current: after.external_id, previous: before.external_id });
  }
  const added = after.tags.filter((tag) => !before.tags.includes(tag));
  const removed = before.tags.filter((tag) => !after.tags.includes(tag));
  if (added.length + removed.length > 0) {
    tell("tags_changed", { added: { tags: added }, removed: { tags: removed } });
  }
  for (const key of new Set([...Object.keys(before.organization_fields), ...Object.keys(after.organization_fields)])) {
    const previous = before.organization_fields[key] ?? null;
    const current = after.organization_fields[key] ?? null;
    if (JSON.stringify(previous) === JSON.stringify(current)) continue;
    const field = account.organizationFields.first("key", key);
    tell("custom_field_changed", {
      field: { id: String(field?.id ?? ""), title: field?.title ?? key, type: field?.type ?? "text" },
      current,
      previous,
    });
    if (!account.switches.eventPerField) break;
  }
}
