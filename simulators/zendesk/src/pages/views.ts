import { orderedFields } from "../records/organizations.ts";
import type { Account } from "../world/account.ts";
import type { CustomField, Organization, Ticket, User } from "../world/entities.ts";
import { billingCard, factRow, pill, shownFields } from "./billing.ts";
import { type Html, html } from "./html.ts";
import { relatedRecords } from "./object-views.ts";
import { ticketForm } from "./ticket-form.ts";

const shownMembers = 50;

const userLink = (user: User): Html => html`<a href="/users/${user.id}">${user.name}</a>`;
const organizationLink = (organization: Organization): Html =>
  html`<a href="/organizations/${organization.id}">${organization.name}</a>`;

export function ticketView(account: Account, ticket: Ticket): Html {
  const requester = account.users.get(ticket.requester_id);
  const organization = ticket.organization_id === null ? undefined : account.organizations.get(ticket.organization_id);
  return html`<p class="soft">Ticket #${ticket.id} ${pill(ticket.status, ticket.status === "solved" ? "settled" : "plain")}</p>
<h1>${ticket.subject ?? ticket.description.slice(0, 80)}</h1>
<p>Requested by ${requester ? userLink(requester) : "somebody unknown"}${requester?.email ? html` <span class="soft">(${requester.email})</span>` : ""}${organization ? html`, ${organizationLink(organization)}` : html`, <span class="soft">no organization</span>`}</p>
<div class="columns"><div class="side">${organization ? organizationCards(account, organization) : html`<section class="card"><h2>Billing</h2><p class="soft">The requester belongs to no organization.</p></section>`}</div>
<div class="main"><section class="card" aria-labelledby="conversation"><h2 id="conversation">Conversation</h2>${ticket.comments.map((comment) => commentView(account, comment))}</section>
${ticketForm(account, ticket)}${organization ? notesCard(organization) : ""}${organization ? relatedRecords(account, organization) : ""}</div></div>`;
}

function commentView(account: Account, comment: Ticket["comments"][number]): Html {
  const author = account.users.get(comment.author_id)?.name ?? "somebody unknown";
  return html`<article class="comment"><div class="soft"><strong>${author}</strong> · <time datetime="${comment.created_at}">${comment.created_at.slice(0, 16).replace("T", " ")}</time>${comment.public ? "" : " · internal"}</div><p>${comment.body}</p></article>`;
}

function organizationCards(account: Account, organization: Organization): Html {
  const { billing, other } = shownFields(orderedFields(account), organization);
  return html`${billingCard(billing)}
<section class="card" aria-labelledby="organization"><h2 id="organization">${organizationLink(organization)}</h2>
<table class="facts"><tbody>${organization.details ? html`<tr><th scope="row">Details</th><td>${organization.details}</td></tr>` : ""}
${organization.domain_names.length > 0 ? html`<tr><th scope="row">Domains</th><td>${organization.domain_names.join(", ")}</td></tr>` : ""}
${other.map(factRow)}</tbody></table>
${membersOf(account, organization)}
<h3>Tags</h3>${organization.tags.length > 0 ? html`<p>${organization.tags.map((tag) => html`<span class="tag">${tag}</span>`)}</p>` : html`<p class="soft">None</p>`}
</section>`;
}

function notesCard(organization: Organization): Html {
  const notes = organization.notes
    ? html`<pre class="notes">${organization.notes}</pre>`
    : html`<p class="soft">No notes.</p>`;
  return html`<section class="card" aria-labelledby="notes"><h2 id="notes">Notes on ${organization.name}</h2>${notes}</section>`;
}

function membersOf(account: Account, organization: Organization): Html {
  const members = account.memberships
    .where("organization", String(organization.id))
    .flatMap((one) => account.users.get(one.user_id) ?? []);
  const rows = members
    .slice(0, shownMembers)
    .map(
      (user) =>
        html`<li>${userLink(user)}${user.email ? html` <span class="soft">${user.email}</span>` : ""}${user.role === "end-user" ? "" : html` ${pill(user.role, "plain")}`}</li>`,
    );
  const more = members.length > shownMembers ? html`<p class="soft">and ${members.length - shownMembers} more</p>` : "";
  return html`<h3>Members (${members.length})</h3>${members.length === 0 ? html`<p class="soft">None</p>` : html`<ul class="plain">${rows}</ul>${more}`}`;
}

export function organizationView(account: Account, organization: Organization, form: Html): Html {
  const tickets = account.tickets.where("organization", String(organization.id));
  return html`<p class="soft">Organization ${organization.id}${organization.external_id ? html` · external id ${organization.external_id}` : ""}</p><h1>${organization.name}</h1>
<div class="columns"><div class="side">${organizationCards(account, organization)}</div>
<div class="main">${notesCard(organization)}${relatedRecords(account, organization)}
<section class="card" aria-labelledby="tickets"><h2 id="tickets">Tickets (${tickets.length})</h2>${ticketTable(account, tickets.slice(0, shownMembers))}</section>${form}</div></div>`;
}

export function ticketTable(account: Account, tickets: readonly Ticket[]): Html {
  if (tickets.length === 0) return html`<p class="soft">None</p>`;
  const rows = tickets.map((ticket) => {
    const requester = account.users.get(ticket.requester_id);
    const organization =
      ticket.organization_id === null ? undefined : account.organizations.get(ticket.organization_id);
    return html`<tr><td>#${ticket.id}</td><td><a href="/tickets/${ticket.id}">${ticket.subject ?? ticket.description.slice(0, 60)}</a></td><td>${requester ? userLink(requester) : ""}</td><td>${organization ? organizationLink(organization) : ""}</td><td>${organization ? statusPill(account, organization) : ""}</td><td>${ticket.status}</td></tr>`;
  });
  return html`<table><thead><tr><th scope="col">Ticket</th><th scope="col">Subject</th><th scope="col">Requester</th><th scope="col">Organization</th><th scope="col">Billing</th><th scope="col">Status</th></tr></thead><tbody>${rows}</tbody></table>`;
}

/** The first billing status that is set, as a pill. */
function statusPill(account: Account, organization: Organization): Html | string {
  const { billing } = shownFields(orderedFields(account), organization);
  const status = billing.find(({ field }) => field.type === "dropdown" && field.key.includes("status"));
  return status ? pill(status.text, String(status.value)) : "";
}

export function organizationTable(account: Account, organizations: readonly Organization[]): Html {
  if (organizations.length === 0) return html`<p class="soft">None</p>`;
  const rows = organizations.map((organization) => {
    const { billing } = shownFields(orderedFields(account), organization);
    const overdue = billing.find((one) => one.isMoney && one.field.key.includes("overdue"));
    const members = account.memberships.where("organization", String(organization.id)).length;
    return html`<tr><td>${organizationLink(organization)}</td><td>${statusPill(account, organization)}</td><td class="money">${overdue?.text ?? ""}</td><td class="money">${members}</td><td class="soft">${organization.external_id ?? ""}</td></tr>`;
  });
  return html`<table><thead><tr><th scope="col">Name</th><th scope="col">Billing</th><th scope="col" class="money">Overdue</th><th scope="col" class="money">Members</th><th scope="col">External id</th></tr></thead><tbody>${rows}</tbody></table>`;
}

export function userTable(account: Account, users: readonly User[]): Html {
  if (users.length === 0) return html`<p class="soft">None</p>`;
  const rows = users.map((user) => {
    const organization = user.organization_id === null ? undefined : account.organizations.get(user.organization_id);
    return html`<tr><td>${userLink(user)}</td><td>${user.email}</td><td>${user.role}</td><td>${organization ? organizationLink(organization) : ""}</td></tr>`;
  });
  return html`<table><thead><tr><th scope="col">Name</th><th scope="col">E-mail</th><th scope="col">Role</th><th scope="col">Organization</th></tr></thead><tbody>${rows}</tbody></table>`;
}

export function userView(account: Account, user: User, form: Html): Html {
  const memberships = account.memberships
    .where("user", String(user.id))
    .flatMap((one) => account.organizations.get(one.organization_id) ?? []);
  const addresses = account.identities.where("user", String(user.id));
  const tickets = account.tickets.where("requester", String(user.id));
  return html`<p class="soft">Person ${user.id} · ${user.role}${user.active ? "" : " · deleted"}</p><h1>${user.name}</h1>
<section class="card"><h2>Addresses</h2><ul class="plain">${addresses.map((one) => html`<li>${one.value} <span class="soft">${one.type}${one.primary ? ", primary" : ""}</span></li>`)}</ul>
<h2>Organizations</h2><ul class="plain">${memberships.map((one) => html`<li>${organizationLink(one)}</li>`)}</ul></section>
<section class="card"><h2>Tickets (${tickets.length})</h2>${ticketTable(account, tickets.slice(0, shownMembers))}</section>${form}`;
}

export function fieldsView(fields: readonly CustomField[], form: (field: CustomField | undefined) => Html): Html {
  return html`<h1>Organization fields (${fields.length})</h1>${form(undefined)}${fields.map((field) => form(field))}`;
}
