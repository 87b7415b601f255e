import type { CustomField, FieldValue, Organization } from "../world/entities.ts";
import { type Html, html } from "./html.ts";

/** A field of an organization as an agent reads it: title and wording instead of key and raw value. */
export interface ShownField {
  field: CustomField;
  value: FieldValue;
  text: string;
  isMoney: boolean;
}

const billingPrefix = "qbo_";

/** Set fields, in the order of the account's fields; billing fields (by their key) apart from the others. */
export function shownFields(
  fields: readonly CustomField[],
  organization: Organization,
): { billing: ShownField[]; other: ShownField[] } {
  const currency = currencyOf(fields, organization);
  const shown = fields.flatMap((field): ShownField[] => {
    const value = organization.organization_fields[field.key];
    if (!field.active || value === undefined || value === null) return [];
    const isMoney = field.type === "decimal";
    return [{ field, value, text: isMoney ? money(Number(value), currency) : wording(field, value), isMoney }];
  });
  return {
    billing: shown.filter(({ field }) => field.key.startsWith(billingPrefix)),
    other: shown.filter(({ field }) => !field.key.startsWith(billingPrefix)),
  };
}

/** The currency code in a text field whose key says so; amounts without one stay plain numbers. */
function currencyOf(fields: readonly CustomField[], organization: Organization): string {
  const field = fields.find(({ key, type }) => type === "text" && key.endsWith("currency"));
  const value = field && organization.organization_fields[field.key];
  return typeof value === "string" && /^[A-Z]{3}$/.test(value) ? value : "";
}

export function money(amount: number, currency: string): string {
  const [whole = "0", cents = "00"] = Math.abs(amount).toFixed(2).split(".");
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ",");
  return `${amount < 0 ? "−" : ""}${grouped}.${cents}${currency === "" ? "" : ` ${currency}`}`;
}

export function wording(field: CustomField, value: FieldValue): string {
  const optionName = (one: string): string =>
    field.custom_field_options.find((option) => option.value === one)?.name ?? one;
  if (field.type === "dropdown") return optionName(String(value));
  if (field.type === "multiselect" && Array.isArray(value)) return value.map(optionName).join(", ");
  if (field.type === "checkbox") return value === true ? "Yes" : "No";
  if (field.type === "date") return String(value).slice(0, 10);
  return String(value);
}

// Words that a status or an age may contain, worst first; colour is never the only sign, the text is always there.
const moods: readonly (readonly [RegExp, string])[] = [
  [/overdue|late|91|61-90|61_90/i, "bad"],
  [/31-60|31_60|1-30|1_30|owe|merged/i, "warn"],
  [/paid|settled|credit|current/i, "good"],
  [/open/i, "calm"],
];

export function pill(text: string, raw: string): Html {
  const mood = moods.find(([pattern]) => pattern.test(raw))?.[1] ?? "plain";
  return html`<span class="pill ${mood}">${text}</span>`;
}

function isLoud({ field, value, isMoney }: ShownField): boolean {
  return isMoney && /overdue/.test(field.key) && Number(value) > 0;
}

/** Status first, then the amounts with the overdue one loudest, then everything else. */
export function billingCard(billing: readonly ShownField[]): Html {
  if (billing.length === 0) {
    return html`<section class="card" aria-labelledby="billing"><h2 id="billing">Billing</h2><p class="soft">No billing data for this organization.</p></section>`;
  }
  const statuses = billing.filter(({ field }) => field.type === "dropdown" && /status|bucket|age/.test(field.key));
  const amounts = billing.filter((one) => one.isMoney).sort((a, b) => Number(isLoud(b)) - Number(isLoud(a)));
  const rest = billing.filter((one) => !statuses.includes(one) && !amounts.includes(one));
  return html`<section class="card" aria-labelledby="billing"><h2 id="billing">Billing</h2>
<div>${statuses.map((one, index) => html`<p class="status${index === 0 ? " first" : ""}"><span class="soft">${one.field.title}:</span> ${pill(one.text, String(one.value))}</p>`)}</div>
<div class="figures">${amounts.map((one) => figure(one, billing))}</div>
${rest.length > 0 && html`<table class="facts"><tbody>${rest.map(factRow)}</tbody></table>`}
</section>`;
}

function figure(one: ShownField, billing: readonly ShownField[]): Html {
  const [, amount = one.text, currency = ""] = /^(\S+)(?: (\S+))?$/.exec(one.text) ?? [];
  const beside = isLoud(one) ? besideOverdue(billing) : "";
  return html`<div class="figure${isLoud(one) ? " loud" : ""}"><p class="label">${one.field.title}</p><div class="amount">${amount}${currency === "" ? "" : html` <small>${currency}</small>`}</div>${beside === "" ? "" : html`<p class="beside">${beside}</p>`}</div>`;
}

/** How many and since when, next to the sum: what an agent asks first. */
function besideOverdue(billing: readonly ShownField[]): string {
  const count = billing.find(({ field }) => field.type === "integer" && field.key.includes("overdue"))?.value;
  const since = billing.find(({ field }) => field.type === "date" && field.key.includes("overdue"))?.text;
  const invoices = typeof count === "number" ? `${count} ${count === 1 ? "document" : "documents"}` : "";
  return [invoices, since === undefined ? "" : `since ${since}`].filter((part) => part !== "").join(", ");
}

export function factRow({ field, text, isMoney }: ShownField): Html {
  const isLink = field.type === "text" && /^https?:\/\//.test(text);
  const shown = isLink ? html`<a href="${text}" rel="noreferrer noopener">Open</a>` : html`${text}`;
  const isNumber = isMoney || field.type === "integer";
  return html`<tr><th scope="row">${field.title}</th><td${isNumber ? html` class="money"` : ""}>${shown}</td></tr>`;
}
