import type { FastifyInstance, FastifyReply } from "fastify";
import type { Company } from "../company/index.ts";
import {
  companiesPage,
  formsPage,
  mutationOfForm,
  partiesPage,
  partyPage,
  refusedPage,
  sideAt,
  sideOfForm,
} from "../pages/index.ts";
import { applyMutation, MutationRefused, type World } from "../world.ts";
import { bodyText, queryOf } from "./vendor-call.ts";

/** The plain pages under / and /companies. */
export function addPageRoutes(server: FastifyInstance, world: World): void {
  server.get("/", (_request, reply) => show(reply, companiesPage([...world.companies.values()])));
  server.get<{ Params: { realm: string; list: string } }>("/companies/:realm/:list", (request, reply) => {
    const company = world.companies.get(request.params.realm);
    const search = queryOf(request)["search"] ?? "";
    const parties = sideAt(request.params.list);
    const forms = sideOfForm(request.params.list);
    if (company !== undefined && parties !== undefined) return show(reply, partiesPage(company, parties, search));
    if (company !== undefined && forms !== undefined) return show(reply, formsPage(company, forms, search));
    return notFound(reply, world);
  });
  server.get<{ Params: { realm: string; list: string; id: string } }>(
    "/companies/:realm/:list/:id",
    (request, reply) => {
      const company = world.companies.get(request.params.realm);
      const side = sideAt(request.params.list);
      const html =
        company === undefined || side === undefined ? undefined : partyPage(company, side, request.params.id);
      return html === undefined ? notFound(reply, world) : show(reply, html);
    },
  );
  server.post<{ Params: { realm: string } }>("/companies/:realm/change", (request, reply) => {
    const company = world.companies.get(request.params.realm);
    if (company === undefined) return notFound(reply, world);
    return change(reply, world, company, {
      fields: Object.fromEntries(new URLSearchParams(bodyText(request))),
      back: request.headers.referer,
    });
  });
}

function change(
  reply: FastifyReply,
  world: World,
  company: Company,
  { fields, back }: { fields: Record<string, string>; back: string | undefined },
): FastifyReply {
  const mutation = mutationOfForm(fields);
  if (typeof mutation === "string") return show(reply, refusedPage(company, mutation), 400);
  try {
    applyMutation(world, { realm: company.realm, silent: false, mutation });
  } catch (error) {
    if (error instanceof MutationRefused) return show(reply, refusedPage(company, error.message), 400);
    throw error;
  }
  const home = `/companies/${encodeURIComponent(company.realm)}/customers`;
  // Only the path: a referer must not send a person elsewhere. After a merge the page of the loser is gone.
  const path = back !== undefined && URL.canParse(back) ? new URL(back).pathname : home;
  return reply
    .code(303)
    .header("location", mutation.operation === "merge" || !path.startsWith("/companies/") ? home : path)
    .send();
}

function show(reply: FastifyReply, html: string, status = 200): FastifyReply {
  return reply
    .code(status)
    .header("content-type", "text/html; charset=utf-8")
    .header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'")
    .send(html);
}

function notFound(reply: FastifyReply, world: World): FastifyReply {
  return show(reply, companiesPage([...world.companies.values()]), 404);
}
