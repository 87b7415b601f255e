import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { recordIn } from "../company/index.ts";
import { parseRecord, textAt } from "../json.ts";
import {
  type AuthorizeReply,
  answerRevoke,
  answerTokenRequest,
  authenticate,
  authorizeFault,
  authorizeRequest,
  consentPage,
  countRefresh,
  decide,
  discovery,
  type OAuthWorld,
  refusedPage,
  type TokenReply,
  userInfo,
} from "../oauth/index.ts";
import type { World } from "../world.ts";
import { bodyText, queryOf, serveVendorCall } from "./vendor-call.ts";
import type { VendorReply } from "./vendor-reply.ts";

/** Intuit's OAuth hosts, all served from this one address. */
export function addOAuthRoutes(server: FastifyInstance, world: World): void {
  const oauth = (): OAuthWorld => ({
    app: world.app,
    otherApps: world.otherApps,
    tokens: world.tokens,
    randomness: world.randomness,
    idTokens: world.idTokens,
    nowMs: world.clock.now(),
    monotonicMs: performance.now(),
    switches: world.switches,
  });
  const serve = (request: FastifyRequest, reply: FastifyReply, operation: string, perform: () => VendorReply) =>
    serveVendorCall(world, request, reply, { operation, kind: "other", perform }).then(() => reply);

  server.get("/connect/oauth2", (request, reply) =>
    serve(request, reply, "oauth.authorize", () => asReply(showConsent(world, oauth(), queryOf(request)))),
  );
  server.post("/connect/oauth2", (request, reply) =>
    serve(request, reply, "oauth.authorize", () => {
      const form = Object.fromEntries(new URLSearchParams(bodyText(request)));
      const asked = authorizeRequest(form);
      const fault = authorizeFault([world.app, ...world.otherApps], asked, world.switches.pkce);
      if (fault !== undefined) return asReply(refusedPage(fault));
      return asReply(consent(world, oauth(), asked, form["decision"] === "allow" ? (form["realm"] ?? "") : undefined));
    }),
  );
  server.post("/oauth2/v1/tokens/bearer", (request, reply) => {
    const form = new URLSearchParams(bodyText(request));
    const operation = form.get("grant_type") === "refresh_token" ? "oauth.refresh" : "oauth.token";
    const wantsHardExpiry = request.headers["x-include-refresh-token-hard-expires-in"] === "true";
    const { authorization } = request.headers;
    const token = form.get("refresh_token") ?? "";
    const perform = () => tokenReply(answerTokenRequest(oauth(), { authorization, form, wantsHardExpiry }));
    countRefresh(world.tokens, token, 1);
    return serveVendorCall(world, request, reply, { operation, kind: "token", perform })
      .finally(() => countRefresh(world.tokens, token, -1))
      .then(() => reply);
  });
  server.post("/v2/oauth2/tokens/revoke", (request, reply) =>
    serve(request, reply, "oauth.revoke", () => {
      const body = parseRecord(bodyText(request)) ?? Object.fromEntries(new URLSearchParams(bodyText(request)));
      const answer = answerRevoke(oauth(), request.headers.authorization, textAt(body, "token"));
      return answer.status === 200 ? { status: 200, body: "" } : tokenReply(answer);
    }),
  );
  server.get("/v1/openid_connect/userinfo", (request, reply) =>
    serve(request, reply, "oauth.userinfo", () => {
      const { grant } = authenticate(world.tokens, request.headers.authorization, world.clock.now());
      if (!grant.scopes.includes("openid")) return { status: 403, body: '{"error":"insufficient_scope"}' };
      return { status: 200, body: JSON.stringify(userInfo(grant.realm, grant.scopes)) };
    }),
  );
  for (const path of ["/.well-known/openid_configuration", "/.well-known/openid_sandbox_configuration"]) {
    server.get(path, (request, reply) =>
      serve(request, reply, "oauth.discovery", () => ({
        status: 200,
        body: JSON.stringify(discovery(`http://${request.headers.host ?? "127.0.0.1"}`)),
      })),
    );
  }
  server.get("/op/v1/jwks", (request, reply) =>
    serve(request, reply, "oauth.jwks", () => ({ status: 200, body: JSON.stringify(world.idTokens.jwks()) })),
  );
}

/** Shows who asks for what; `simulator_consent=allow` stands for the click of a person in scripts. */
function showConsent(world: World, oauth: OAuthWorld, query: Record<string, string>): AuthorizeReply {
  const asked = authorizeRequest(query);
  const fault = authorizeFault([world.app, ...world.otherApps], asked, world.switches.pkce);
  if (fault !== undefined) return refusedPage(fault);
  const consented = query["simulator_consent"];
  if (consented === "deny") return decide(oauth, asked, undefined);
  if (consented === "allow") {
    return consent(world, oauth, asked, query["simulator_realm"] ?? [...world.companies.keys()][0] ?? "");
  }
  const companies = [...world.companies.values()].map((company) => ({
    realm: company.realm,
    name: textAt(recordIn(company, "CompanyInfo", "1") ?? {}, "CompanyName") ?? company.realm,
  }));
  return { kind: "page", status: 200, html: consentPage(asked, companies) };
}

function consent(
  world: World,
  oauth: OAuthWorld,
  asked: ReturnType<typeof authorizeRequest>,
  realm: string | undefined,
): AuthorizeReply {
  if (realm !== undefined && !world.companies.has(realm)) return refusedPage("There is no such company.");
  return decide(oauth, asked, realm);
}

function asReply(answer: AuthorizeReply): VendorReply {
  if (answer.kind === "redirect") return { status: 302, body: "", headers: { location: answer.location } };
  return { status: answer.status, body: answer.html, contentType: "text/html; charset=utf-8" };
}

function tokenReply(answer: TokenReply): VendorReply {
  return { status: answer.status, body: JSON.stringify(answer.body), isDropped: answer.isDropped === true };
}
