import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { html } from "../pages/html.ts";
import { consentHeaders, renderPage } from "../pages/layout.ts";
import { redactQuery } from "../server/log.ts";
import { type Simulator, tenantOf } from "../server/simulator.ts";
import type { Account } from "../world/account.ts";
import { type AuthorizationRequest, allow, deny, readAuthorization } from "./authorize.ts";

const path = "/oauth/authorizations/new";

/** The page where a person lets a client in. `&simulator_consent=allow` (or `deny`) answers at once, for scripts. */
export function registerConsentPage(app: FastifyInstance, simulator: Simulator): void {
  app.get(path, async (request, reply) => {
    await answer(simulator, request, reply, new URLSearchParams(request.url.split("?")[1] ?? ""), undefined);
  });
  app.post(path, async (request, reply) => {
    const form = new URLSearchParams(Buffer.isBuffer(request.body) ? request.body.toString("utf8") : "");
    await answer(simulator, request, reply, form, form.get("decision") ?? "deny");
  });
}

async function answer(
  simulator: Simulator,
  request: FastifyRequest,
  reply: FastifyReply,
  query: URLSearchParams,
  decision: string | undefined,
): Promise<void> {
  const startedAt = simulator.stopwatch();
  const { account, credentials } = tenantOf(simulator, request.headers.host ?? "");
  const understood = readAuthorization(credentials, query);
  const chosen = decision ?? query.get("simulator_consent");
  simulator.log.count("oauth.authorize");
  if (understood.kind === "refuse") {
    const body = html`<h1>Authorization request refused</h1><p class="error">${understood.reason}</p>`;
    await reply
      .code(400)
      .headers(consentHeaders)
      .send(renderPage({ title: "Refused", subdomain: account.subdomain, body }));
  } else if (understood.kind === "redirect") {
    await reply.redirect(understood.to, 302);
  } else if (chosen === "allow") {
    await reply.redirect(allow(account, credentials, understood.request, userIdOf(account, query)), 302);
  } else if (chosen === "deny") {
    await reply.redirect(deny(understood.request), 302);
  } else {
    await reply.headers(consentHeaders).send(consentPage(account, understood.request, query));
  }
  const entry = {
    at: new Date(simulator.clock.now()).toISOString(),
    subdomain: account.subdomain,
    method: request.method,
    path,
    query: redactQuery(request.url.split("?")[1] ?? ""),
    operation: "oauth.authorize",
    status: reply.statusCode,
    ms: Math.round((simulator.stopwatch() - startedAt) * 100) / 100,
    requestBody: null,
  };
  simulator.log.add(entry, 300);
}

/** The person who signs in: one of the account's agents or admins, else its owner. */
function userIdOf(account: Account, query: URLSearchParams): number | null {
  const user = account.users.get(Number(query.get("simulator_user") ?? Number.NaN));
  return user?.active ? user.id : null;
}

function consentPage(account: Account, request: AuthorizationRequest, query: URLSearchParams): string {
  const staff = account.users.all().filter((user) => user.active && user.role !== "end-user");
  const kept = [...query].filter(([name]) => name !== "decision" && name !== "simulator_user");
  const body = html`<h1>Let “${request.client.identifier}” into “${account.subdomain}”?</h1>
<p>It asks for: ${request.scopes.map((scope) => html`<span class="tag">${scope}</span>`)} and would be sent back to <strong>${request.redirectUri}</strong>.</p>
<form class="edit card" method="post" action="${path}">
${kept.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<label>Sign in as <select name="simulator_user">${staff.map((user) => html`<option value="${user.id}">${user.name} (${user.role})</option>`)}</select></label>
<div class="actions"><button name="decision" value="allow">Allow</button><button class="other" name="decision" value="deny">Deny</button></div>
</form>`;
  return renderPage({ title: "Authorize", subdomain: account.subdomain, body });
}
