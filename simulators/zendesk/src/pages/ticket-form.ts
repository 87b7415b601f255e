import { objectOfTarget } from "../records/lookups.ts";
import type { Account } from "../world/account.ts";
import type { CustomField, Organization, Ticket } from "../world/entities.ts";
import { type Html, html } from "./html.ts";

/** What an agent picks on a ticket: the account's ticket fields, lookups as lists of what they may point at. */
export function ticketForm(account: Account, ticket: Ticket): Html {
  const fields = account.ticketFields.all().filter((field) => field.active);
  if (fields.length === 0) return html``;
  return html`<section class="card" aria-labelledby="ticket-fields"><h2 id="ticket-fields">Ticket fields</h2><form class="edit" method="post" action="/tickets/${ticket.id}">${fields.map((field) => input(account, field, ticket))}<div class="actions"><button name="do" value="save">Save</button></div></form></section>`;
}

function input(account: Account, field: CustomField, ticket: Ticket): Html {
  const name = `field:${field.id}`;
  const value = ticket.custom_fields[field.key] ?? null;
  const choices = choicesOf(account, field);
  if (choices === undefined)
    return html`<label>${field.title} <input name="${name}" value="${value === null ? "" : String(value)}"></label>`;
  const options = choices.map(
    (choice) =>
      html`<option value="${choice.value}"${choice.value === value ? html` selected` : ""}>${choice.name}</option>`,
  );
  return html`<label>${field.title} <select name="${name}"><option value=""></option>${options}</select></label>`;
}

/** More than these are not shown in one list. */
const mostChoices = 1_000;

function choicesOf(account: Account, field: CustomField): { value: string; name: string }[] | undefined {
  if (field.type === "dropdown") return field.custom_field_options.map(({ value, name }) => ({ value, name }));
  if (field.type !== "lookup") return undefined;
  const key = objectOfTarget(field.relationship_target_type);
  if (key !== undefined)
    return (account.objectRecords.get(key)?.all() ?? [])
      .slice(0, mostChoices)
      .map((record) => ({ value: record.ulid, name: record.name }));
  if (field.relationship_target_type !== "zen:organization") return undefined;
  return account.organizations
    .all()
    .filter((organization) => passes(field, organization))
    .slice(0, mostChoices)
    .map(({ id, name }) => ({ value: String(id), name }));
}

/**
 * The field's filter narrows what is offered, never what may be stored. Of its conditions those on tags are built: `includes` and
 * `not_includes` (lookup relationships reference, "Filtering lookup relationship field results"); others let everything pass.
 */
function passes(field: CustomField, organization: Organization): boolean {
  const conditions = (name: "all" | "any") => {
    const list = field.relationship_filter?.[name];
    return Array.isArray(list) ? (list as { field?: unknown; operator?: unknown; value?: unknown }[]) : [];
  };
  const holds = ({ field: asked, operator, value }: { field?: unknown; operator?: unknown; value?: unknown }) => {
    if (asked !== "tags") return true;
    const has = organization.tags.includes(String(value));
    return operator === "not_includes" ? !has : has;
  };
  const any = conditions("any");
  return conditions("all").every(holds) && (any.length === 0 || any.some(holds));
}
