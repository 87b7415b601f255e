import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { applyMutation } from "../control/mutate.ts";
import { ControlProblem } from "../control/problem.ts";
import { orderedFields } from "../records/organizations.ts";
import { type Simulator, settleAll, tenantOf } from "../server/simulator.ts";
import type { Account } from "../world/account.ts";
import { fieldForm, organizationForm, userForm } from "./forms.ts";
import { type Html, html } from "./html.ts";
import { pageHeaders, renderPage } from "./layout.ts";
import { objectsView, objectView } from "./object-views.ts";
import { readForm } from "./read-form.ts";
import {
  fieldsView,
  organizationTable,
  organizationView,
  ticketTable,
  ticketView,
  userTable,
  userView,
} from "./views.ts";

const rowsPerPage = 100;

type View = (account: Account, request: FastifyRequest) => Html | undefined;

/** What an agent or admin sees and changes, for people and screenshots. Changes are a person's: no limits, no request log. */
export function registerPages(app: FastifyInstance, simulator: Simulator): void {
  const page = (url: string, title: string, view: View): void => {
    app.get(url, async (request, reply) => {
      settleAll(simulator);
      const { account } = tenantOf(simulator, request.headers.host ?? "");
      await sendPage(reply, account, title, view(account, request));
    });
  };
  app.get("/", async (_request, reply) => reply.redirect("/tickets"));
  page("/tickets", "Tickets", (account, request) => {
    const { rows, more } = slice(account.tickets.all().reverse(), request, "/tickets");
    return html`<h1>Tickets</h1><section class="card">${ticketTable(account, rows)}${more}</section>`;
  });
  page("/tickets/:id", "Ticket", (account, request) => {
    const ticket = account.tickets.get(idOf(request));
    return ticket && ticketView(account, ticket);
  });
  page("/organizations", "Organizations", listOrganizations);
  page("/organizations/:id", "Organization", (account, request) => {
    const organization = account.organizations.get(idOf(request));
    return organization && organizationView(account, organization, organizationForm(account, organization));
  });
  page("/users", "People", listUsers);
  page("/users/:id", "Person", (account, request) => {
    const user = account.users.get(idOf(request));
    return user && userView(account, user, userForm(account, user));
  });
  page("/organization_fields", "Fields", (account) => fieldsView(orderedFields(account), fieldForm));
  page("/custom_objects", "Objects", objectsView);
  page("/custom_objects/:id", "Object", (account, request) => {
    const key = (request.params as { id: string }).id;
    const object = account.customObjects.first("key", key);
    if (!object) return undefined;
    const { rows, more } = slice(account.objectRecords.get(key)?.all() ?? [], request, `/custom_objects/${key}`);
    return objectView(account, object, rows, more);
  });
  for (const entity of ["ticket", "organization", "user", "organization_field"]) registerForm(app, simulator, entity);
}

/** `POST /organizations` makes one, `POST /organizations/{id}` changes it; then the page is shown again. */
function registerForm(app: FastifyInstance, simulator: Simulator, entity: string): void {
  const take = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const tenant = tenantOf(simulator, request.headers.host ?? "");
    const { account } = tenant;
    if (!isFromOurPages(request)) {
      await reply.code(403).send({ error: "forms are taken from this simulator's own pages only" });
      return;
    }
    const id = (request.params as { id?: string }).id === undefined ? undefined : idOf(request);
    const form = new URLSearchParams(Buffer.isBuffer(request.body) ? request.body.toString("utf8") : "");
    try {
      applyMutation(simulator, tenant, readForm(form, entity, id, orderedFields(account)));
      const gone = form.get("do") === "delete" || form.get("do") === "merge";
      await reply.redirect(
        id === undefined || gone || entity === "organization_field" ? `/${entity}s` : `/${entity}s/${id}`,
        303,
      );
    } catch (error) {
      if (!(error instanceof ControlProblem)) throw error;
      const body = html`<h1>That was refused</h1><p class="error" role="alert">${error.message}</p><p><a href="/${entity}s">Back</a></p>`;
      await reply
        .code(error.status)
        .headers(pageHeaders)
        .send(renderPage({ title: "Refused", subdomain: account.subdomain, body }));
    }
  };
  app.post(`/${entity}s`, take);
  app.post(`/${entity}s/:id`, take);
}

/** A page elsewhere cannot post here with the help of a browser that happens to be open. */
function isFromOurPages(request: FastifyRequest): boolean {
  const origin = request.headers.origin;
  return origin === undefined || origin === `http://${request.headers.host ?? ""}`;
}

function listOrganizations(account: Account, request: FastifyRequest): Html {
  const wanted = searched(request);
  const sorted = account.organizations.sortedBy("page", (a, b) =>
    a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1,
  );
  const found = wanted === "" ? sorted : sorted.filter((one) => one.name.toLowerCase().includes(wanted));
  const { rows, more } = slice(found, request, `/organizations?q=${encodeURIComponent(wanted)}`);
  return html`<h1>Organizations (${found.length})</h1><section class="card">${searchForm(wanted)}${organizationTable(account, rows)}${more}</section>${organizationForm(account, undefined)}`;
}

function listUsers(account: Account, request: FastifyRequest): Html {
  const wanted = searched(request);
  const found = account.users
    .all()
    .filter((user) => user.active && `${user.name} ${user.email ?? ""}`.toLowerCase().includes(wanted));
  const { rows, more } = slice(found, request, `/users?q=${encodeURIComponent(wanted)}`);
  return html`<h1>People (${found.length})</h1><section class="card">${searchForm(wanted)}${userTable(account, rows)}${more}</section>${userForm(account, undefined)}`;
}

const searchForm = (wanted: string): Html =>
  html`<form method="get" role="search" style="margin-bottom:12px;max-width:320px"><label>Name contains <input name="q" value="${wanted}"></label></form>`;

async function sendPage(reply: FastifyReply, account: Account, title: string, body: Html | undefined): Promise<void> {
  const missing = html`<h1>Not found</h1><p>There is no such record in this account.</p>`;
  await reply
    .code(body ? 200 : 404)
    .headers(pageHeaders)
    .send(renderPage({ title, subdomain: account.subdomain, body: body ?? missing }));
}

const idOf = (request: FastifyRequest): number => Number((request.params as { id: string }).id);

/** A repeated parameter arrives as a list; the last one counts. */
function parameter(request: FastifyRequest, name: string): string {
  const sent = (request.query as Record<string, string | string[] | undefined>)[name];
  return (Array.isArray(sent) ? sent.at(-1) : sent) ?? "";
}

const searched = (request: FastifyRequest): string => parameter(request, "q").trim().toLowerCase();

function slice<T>(rows: readonly T[], request: FastifyRequest, url: string): { rows: readonly T[]; more: Html } {
  const number = Math.max(1, Math.floor(Number(parameter(request, "page"))) || 1);
  const start = (number - 1) * rowsPerPage;
  const next = `${url}${url.includes("?") ? "&" : "?"}page=${number + 1}`;
  const more = start + rowsPerPage < rows.length ? html`<p><a href="${next}">More</a></p>` : html``;
  return { rows: rows.slice(start, start + rowsPerPage), more };
}
