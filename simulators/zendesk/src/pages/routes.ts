import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Simulator, settleAll, tenantOf } from "../server/simulator.ts";
import type { Account } from "../world/account.ts";
import { type Html, html } from "./html.ts";
import { pageHeaders, renderPage } from "./layout.ts";
import { organizationTable, organizationView, ticketTable, ticketView } from "./views.ts";

const rowsPerPage = 100;

/** What an agent sees, for people and screenshots. Reads the state directly: no limits, no entry in the request log. */
export function registerPages(app: FastifyInstance, simulator: Simulator): void {
  const page = (
    url: string,
    title: string,
    view: (account: Account, request: FastifyRequest) => Html | undefined,
  ): void => {
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
  page("/organizations", "Organizations", (account, request) => {
    const wanted = ((request.query as { q?: string }).q ?? "").trim().toLowerCase();
    const sorted = account.organizations.sortedBy("page", (a, b) =>
      a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1,
    );
    const found = wanted === "" ? sorted : sorted.filter((one) => one.name.toLowerCase().includes(wanted));
    const { rows, more } = slice(found, request, `/organizations?q=${encodeURIComponent(wanted)}`);
    return html`<h1>Organizations (${found.length})</h1><section class="card"><form method="get" role="search" class="actions" style="margin-bottom:12px"><label>Name contains <input name="q" value="${wanted}"></label></form>${organizationTable(account, rows)}${more}</section>`;
  });
  page("/organizations/:id", "Organization", (account, request) => {
    const organization = account.organizations.get(idOf(request));
    return organization && organizationView(account, organization, html``);
  });
}

async function sendPage(reply: FastifyReply, account: Account, title: string, body: Html | undefined): Promise<void> {
  const missing = html`<h1>Not found</h1><p>There is no such record in this account.</p>`;
  await reply
    .code(body ? 200 : 404)
    .headers(pageHeaders)
    .send(renderPage({ title, subdomain: account.subdomain, body: body ?? missing }));
}

const idOf = (request: FastifyRequest): number => Number((request.params as { id: string }).id);

function slice<T>(rows: readonly T[], request: FastifyRequest, url: string): { rows: readonly T[]; more: Html } {
  const number = Math.max(1, Number((request.query as { page?: string }).page ?? 1) || 1);
  const start = (number - 1) * rowsPerPage;
  const next = `${url}${url.includes("?") ? "&" : "?"}page=${number + 1}`;
  const more = start + rowsPerPage < rows.length ? html`<p><a href="${next}">More</a></p>` : html``;
  return { rows: rows.slice(start, start + rowsPerPage), more };
}
