import { sourcesOf } from "../records/lookups.ts";
import { orderedObjectFields } from "../records/object-fields.ts";
import type { Account } from "../world/account.ts";
import type { CustomObject, FieldValue, ObjectField, ObjectRecord, Organization } from "../world/entities.ts";
import { money, pill, wording } from "./billing.ts";
import { type Html, html } from "./html.ts";

const shownRecords = 50;

/** What a lookup points at, by the name that people know. */
function targetName(account: Account, field: ObjectField, value: FieldValue): Html {
  const id = String(value);
  if (field.relationship_target_type === "zen:organization") {
    const organization = account.organizations.get(Number(id));
    return organization ? html`<a href="/organizations/${organization.id}">${organization.name}</a>` : html`${id}`;
  }
  if (field.relationship_target_type === "zen:user") return html`${account.users.get(Number(id))?.name ?? id}`;
  return html`${id}`;
}

/** Amounts with the currency that a text field of the same record names. */
function valueCell(account: Account, field: ObjectField, record: ObjectRecord): Html {
  const value = record.values[field.key] ?? null;
  if (value === null) return html`<td></td>`;
  if (field.type === "lookup") return html`<td>${targetName(account, field, value)}</td>`;
  if (field.type === "decimal") {
    const currency = Object.entries(record.values).find(([key]) => key.endsWith("currency"))?.[1];
    return html`<td class="money">${money(Number(value), typeof currency === "string" ? currency : "")}</td>`;
  }
  if (field.type === "dropdown") return html`<td>${pill(wording(field, value), String(value))}</td>`;
  const text = wording(field, value);
  return /^https?:\/\//.test(text)
    ? html`<td><a href="${text}" rel="noreferrer noopener">Open</a></td>`
    : html`<td>${text}</td>`;
}

export function recordTable(account: Account, fields: readonly ObjectField[], records: readonly ObjectRecord[]): Html {
  if (records.length === 0) return html`<p class="soft">None</p>`;
  const rows = records.map(
    (record) =>
      html`<tr><td>${record.name}</td>${fields.map((field) => valueCell(account, field, record))}<td class="soft">${record.external_id ?? ""}</td></tr>`,
  );
  return html`<table><thead><tr><th scope="col">Name</th>${fields.map((field) => html`<th scope="col">${field.title}</th>`)}<th scope="col">External id</th></tr></thead><tbody>${rows}</tbody></table>`;
}

/** The records that point at an organization, one card for each object that has some. */
export function relatedRecords(account: Account, organization: Organization): Html[] {
  return account.objectFields
    .all()
    .filter((field) => field.type === "lookup" && field.relationship_target_type === "zen:organization")
    .flatMap((field) => {
      const records = sourcesOf(account, field, String(organization.id));
      const object = account.customObjects.first("key", field.object_key);
      if (!object || records.length === 0) return [];
      const others = orderedObjectFields(account, object.key).filter((one) => one.active && one.id !== field.id);
      return [
        html`<section class="card"><h2>${object.title_pluralized} (${records.length})</h2>${recordTable(account, others, records.slice(0, shownRecords))}</section>`,
      ];
    });
}

export function objectsView(account: Account): Html {
  const objects = account.customObjects.all();
  const rows = objects.map(
    (object) =>
      html`<tr><td><a href="/custom_objects/${object.key}">${object.title_pluralized}</a></td><td>${object.key}</td><td class="money">${account.objectRecords.get(object.key)?.size ?? 0}</td></tr>`,
  );
  const table = html`<table><thead><tr><th scope="col">Object</th><th scope="col">Key</th><th scope="col" class="money">Records</th></tr></thead><tbody>${rows}</tbody></table>`;
  return html`<h1>Custom objects (${objects.length})</h1><section class="card">${objects.length === 0 ? html`<p class="soft">None</p>` : table}</section>`;
}

export function objectView(account: Account, object: CustomObject, records: readonly ObjectRecord[], more: Html): Html {
  const fields = orderedObjectFields(account, object.key).filter((field) => field.active);
  return html`<p class="soft">Custom object ${object.key}</p><h1>${object.title_pluralized}</h1><section class="card">${recordTable(account, fields, records)}${more}</section>`;
}
