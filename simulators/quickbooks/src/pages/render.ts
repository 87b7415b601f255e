import { type Company, recordIn, recordOf, tableOf } from "../company/index.ts";
import { escapeHtml, page } from "../html.ts";
import { type JsonRecord, recordAt, refAt, textAt } from "../json.ts";
import { amountText, companyName, mostShown, rowsMatching, type Side } from "./sides.ts";

function text(record: JsonRecord, field: string): string {
  return escapeHtml(textAt(record, field) ?? "");
}

function nav(company: Company): string {
  const at = `/companies/${encodeURIComponent(company.realm)}`;
  return `<nav><a href="/">Companies</a><a href="${at}/customers">Customers</a><a href="${at}/vendors">Vendors</a>
<a href="${at}/invoices">Invoices</a><a href="${at}/bills">Bills</a></nav>`;
}

function table(titles: readonly string[], rows: readonly string[]): string {
  const head = titles.map((title) => `<th>${escapeHtml(title)}</th>`).join("");
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

export function companiesPage(companies: readonly Company[]): string {
  const rows = companies.map((company) => {
    const at = `/companies/${encodeURIComponent(company.realm)}/customers`;
    const size = tableOf(company, "Customer").size;
    return `<tr><td><a href="${at}">${escapeHtml(companyName(company))}</a></td><td>${escapeHtml(company.realm)}</td><td class="amount">${size}</td></tr>`;
  });
  return page("Companies", table(["Company", "Realm", "Customers"], rows));
}

export function partiesPage(company: Company, side: Side, search: string): string {
  const { shown, more } = rowsMatching(company, side.party, search);
  const rows = shown.map((party) => {
    const at = `/companies/${encodeURIComponent(company.realm)}/${side.path}/${encodeURIComponent(textAt(party, "Id") ?? "")}`;
    const state = party["Active"] === false ? "inactive" : "";
    const name = escapeHtml(textAt(party, "FullyQualifiedName") ?? textAt(party, "DisplayName") ?? "");
    return `<tr><td><a href="${at}">${name}</a></td><td>${text(recordAt(party, "PrimaryEmailAddr") ?? {}, "Address")}</td><td>${state}</td><td class="amount">${amountText(party, "Balance")}</td></tr>`;
  });
  const note = more ? `<p>The first ${mostShown} are shown: search for others.</p>` : "";
  const form = `<form><input name="search" value="${escapeHtml(search)}" aria-label="Search"> <button>Search</button></form>`;
  const create = `<form method="post" action="/companies/${encodeURIComponent(company.realm)}/change"><input type="hidden" name="entity" value="${side.party}"><input type="hidden" name="operation" value="create">
<label>New ${side.party.toLowerCase()} <input name="name" required></label> <button>Create</button></form>`;
  return page(
    side.party === "Customer" ? "Customers" : "Vendors",
    `${nav(company)}${form}${create}${table(["Name", "E-mail", "", "Balance"], rows)}${note}`,
  );
}

export function formsPage(company: Company, side: Side, search: string): string {
  const { shown, more } = rowsMatching(company, side.form, search);
  const note = more ? `<p>The first ${mostShown} are shown: search for others.</p>` : "";
  const form = `<form><input name="search" value="${escapeHtml(search)}" aria-label="Search"> <button>Search</button></form>`;
  return page(`${side.form}s`, `${nav(company)}${form}${formsTable(company, side, shown)}${note}`);
}

function formsTable(company: Company, side: Side, records: readonly JsonRecord[]): string {
  const rows = records.map((record) => {
    const id = textAt(record, "Id") ?? "";
    const isVoid = (textAt(record, "PrivateNote") ?? "").startsWith("Voided");
    const actions = [
      side.form === "Invoice" && !isVoid ? button(company, { entity: side.form, operation: "void", id }, "Void") : "",
      button(company, { entity: side.form, operation: "delete", id }, "Delete"),
    ];
    return `<tr><td>${text(record, "DocNumber") || escapeHtml(id)}</td><td>${text(recordAt(record, side.reference) ?? {}, "name")}</td><td>${text(record, "TxnDate")}</td><td>${text(record, "DueDate")}</td><td>${isVoid ? "voided" : ""}</td><td class="amount">${amountText(record, "TotalAmt")}</td><td class="amount">${amountText(record, "Balance")}</td><td>${actions.join(" ")}</td></tr>`;
  });
  return table(["Number", "Name", "Date", "Due", "", "Total", "Open", ""], rows);
}

function hidden(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`)
    .join("");
}

function button(company: Company, fields: Readonly<Record<string, string>>, label: string): string {
  return `<form method="post" action="/companies/${encodeURIComponent(company.realm)}/change" style="display:inline">${hidden(fields)}<button>${label}</button></form>`;
}

/** One customer or vendor with what a person does to it: rename, inactivate, merge, write a form, receive a payment. */
export function partyPage(company: Company, side: Side, id: string): string | undefined {
  const party = recordIn(company, side.party, id);
  if (party === undefined) return undefined;
  const forms = [...tableOf(company, side.form).all()]
    .filter((row) => row.json.includes(`"${id}"`))
    .map(recordOf)
    .filter((record) => refAt(record, side.reference) === id);
  const change = `/companies/${encodeURIComponent(company.realm)}/change`;
  const one = { entity: side.party, id };
  const active = party["Active"] === false ? "activate" : "inactivate";
  const open = forms.filter((record) => Number(record["Balance"] ?? 0) > 0);
  const body = `${nav(company)}
<p>Balance <strong>${amountText(party, "Balance")}</strong>${party["BalanceWithJobs"] === undefined ? "" : `, with sub-customers ${amountText(party, "BalanceWithJobs")}`}. ${text(recordAt(party, "PrimaryEmailAddr") ?? {}, "Address")}</p>
<form method="post" action="${change}">${hidden({ ...one, operation: "rename" })}<label>Name <input name="name" value="${text(party, "DisplayName")}" required></label> <button>Rename</button></form>
${button(company, { ...one, operation: active }, active === "inactivate" ? "Make inactive" : "Make active")}
<form method="post" action="${change}">${hidden({ ...one, operation: "merge" })}<label>Merge into the one with id <input name="into" required size="8"></label> <button>Merge</button></form>
<form method="post" action="${change}">${hidden({ entity: side.form, operation: "create", party: id })}<label>New ${side.form.toLowerCase()} over <input name="amount" inputmode="decimal" required size="8"></label>
<label>due <input type="date" name="due"></label> <button>Create</button></form>
${open.length === 0 ? "" : paymentForm(change, side, id, open)}
<h2>${side.form}s</h2>${formsTable(company, side, forms)}`;
  return page(textAt(party, "DisplayName") ?? id, body);
}

function paymentForm(action: string, side: Side, id: string, open: readonly JsonRecord[]): string {
  const lines = open.map((record) => {
    const formId = textAt(record, "Id") ?? "";
    const number = textAt(record, "DocNumber") ?? formId;
    return `<label>${escapeHtml(number)} (${amountText(record, "Balance")}) <input name="apply-${escapeHtml(formId)}" inputmode="decimal" size="8"></label>`;
  });
  const title = side.payment === "Payment" ? "Receive payment" : "Pay bills";
  return `<form method="post" action="${action}">${hidden({ entity: side.payment, operation: "create", party: id })}<fieldset><legend>${title}</legend>
<label>Amount <input name="amount" inputmode="decimal" required size="8"></label> ${lines.join(" ")} <button>Save</button></fieldset></form>`;
}

export function refusedPage(company: Company, reason: string): string {
  return page("That did not work", `${nav(company)}<p>${escapeHtml(reason)}</p>`);
}
