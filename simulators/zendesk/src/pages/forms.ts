import { orderedFields } from "../records/organizations.ts";
import type { Account } from "../world/account.ts";
import type { CustomField, FieldValue, Organization, User } from "../world/entities.ts";
import { type Html, html } from "./html.ts";

// Forms to see and change the state as a person does. Plain HTML: they work without scripts.

const text = (value: FieldValue | undefined): string => (value === undefined || value === null ? "" : String(value));

export function organizationForm(account: Account, organization: Organization | undefined): Html {
  const fields = orderedFields(account).filter((field) => field.active);
  const values = organization?.organization_fields ?? {};
  const action = organization ? `/organizations/${organization.id}` : "/organizations";
  return html`<section class="card"><details><summary>${organization ? "Change this organization" : "New organization"}</summary>
<form class="edit" method="post" action="${action}">
<label>Name <input name="name" required maxlength="255" value="${organization?.name ?? ""}"></label>
<label>External id <input name="external_id" value="${organization?.external_id ?? ""}"></label>
<label>Domains, separated by blanks <input name="domain_names" value="${organization?.domain_names.join(" ") ?? ""}"></label>
<label>Tags, separated by blanks <input name="tags" value="${organization?.tags.join(" ") ?? ""}"></label>
<label class="wide">Details <textarea name="details" rows="2">${organization?.details ?? ""}</textarea></label>
<label class="wide">Notes <textarea name="notes" rows="4">${organization?.notes ?? ""}</textarea></label>
${fields.map((field) => fieldInput(field, values[field.key]))}
<div class="actions"><button name="do" value="save">Save</button>${organization ? html`<button class="danger" name="do" value="delete" formnovalidate>Delete</button>` : ""}</div>
</form>${organization ? mergeForm(organization) : ""}</details></section>`;
}

function mergeForm(organization: Organization): Html {
  return html`<h3>Merge into another</h3><form class="edit" method="post" action="/organizations/${organization.id}"><label>Id of the organization that stays <input name="into" inputmode="numeric" pattern="[0-9]+" required></label><div class="actions"><button class="danger" name="do" value="merge">Merge</button></div></form>`;
}

function fieldInput(field: CustomField, value: FieldValue | undefined): Html {
  const name = `field:${field.key}`;
  if (field.type === "dropdown") {
    const options = field.custom_field_options.map(
      (option) =>
        html`<option value="${option.value}"${option.value === value ? html` selected` : ""}>${option.name}</option>`,
    );
    return html`<label>${field.title} <select name="${name}"><option value=""></option>${options}</select></label>`;
  }
  if (field.type === "checkbox") {
    return html`<label>${field.title} <input type="hidden" name="${name}" value="false"><input type="checkbox" name="${name}" value="true"${value === true ? html` checked` : ""}></label>`;
  }
  if (field.type === "textarea")
    return html`<label>${field.title} <textarea name="${name}" rows="2">${text(value)}</textarea></label>`;
  const kind =
    field.type === "date"
      ? html` type="date"`
      : field.type === "integer" || field.type === "decimal"
        ? html` type="number" step="any"`
        : html``;
  const shown = field.type === "date" ? text(value).slice(0, 10) : text(value);
  return html`<label>${field.title} <input${kind} name="${name}" value="${shown}"></label>`;
}

export function userForm(account: Account, user: User | undefined): Html {
  const organization = user?.organization_id ?? null;
  const roles = ["end-user", "agent", "admin"].map(
    (role) => html`<option${role === (user?.role ?? "end-user") ? html` selected` : ""}>${role}</option>`,
  );
  const named = organization === null ? "" : (account.organizations.get(organization)?.name ?? "");
  return html`<section class="card"><details><summary>${user ? "Change this person" : "New person"}</summary>
<form class="edit" method="post" action="${user ? `/users/${user.id}` : "/users"}">
<label>Name <input name="name" required value="${user?.name ?? ""}"></label>
<label>${user ? "Further e-mail address" : "E-mail address"} <input name="email" type="email"></label>
<label>Role <select name="role">${roles}</select></label>
<label>Organization id${named === "" ? "" : html` (now ${named})`} <input name="organization_id" inputmode="numeric" pattern="[0-9]*" value="${organization ?? ""}"></label>
<div class="actions"><button name="do" value="save">Save</button>${user ? html`<button class="danger" name="do" value="delete" formnovalidate>Delete</button>` : ""}</div>
</form></details></section>`;
}

export function fieldForm(field: CustomField | undefined): Html {
  const types = ["text", "textarea", "checkbox", "date", "integer", "decimal", "regexp", "dropdown"].map(
    (type) => html`<option${type === field?.type ? html` selected` : ""}>${type}</option>`,
  );
  const options = (field?.custom_field_options ?? []).map((option) => `${option.value} ${option.name}`).join("\n");
  const identity = field
    ? html`<p class="soft">Key ${field.key}, type ${field.type}: neither can change.</p>`
    : html`<label>Key <input name="key" required pattern="\\w+"></label><label>Type <select name="type">${types}</select></label>`;
  return html`<section class="card"><details><summary>${field ? field.title : "New field"}</summary><form class="edit" method="post" action="${field ? `/organization_fields/${field.id}` : "/organization_fields"}">
${identity}<label>Title <input name="title" required value="${field?.title ?? ""}"></label>
${field === undefined || field.type === "dropdown" ? html`<label>Options of a drop-down, one a line: value, blank, name <textarea name="options" rows="4">${options}</textarea></label>` : ""}
<div class="actions"><button name="do" value="save">Save</button>${field ? html`<button class="danger" name="do" value="delete" formnovalidate>Delete for good</button>` : ""}</div></form></details></section>`;
}
