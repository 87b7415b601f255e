import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AuthorizationOutcome } from "../connections/index.ts";
import type { System } from "../domain/index.ts";
import { escapeText, sendPage } from "./page.ts";

export interface OauthRouteOptions {
  completeAuthorization(
    system: System,
    query: Readonly<Record<string, string | undefined>>,
    /** The secret of the browser in which it began, if it has one. */
    browser: string | undefined,
  ): Promise<AuthorizationOutcome>;
  /** Where the person goes to consent; undefined: the ticket is not good. */
  reconnect(ticket: string, browser: string): Promise<string | undefined>;
  newBrowserSecret(): string;
  /** People reach us by https: the cookie goes nowhere else. */
  isSecure(): boolean;
}

const callbacks: readonly { system: System; name: string; path: string }[] = [
  { system: "quickbooks", name: "QuickBooks", path: "/oauth/quickbooks/callback" },
  { system: "zendesk", name: "Zendesk", path: "/oauth/zendesk/callback" },
];

/** Codes and states are far shorter; Intuit's longest observed code has 50 characters. */
const longestParameter = 4_096;
const parameters = ["code", "state", "realmId", "error", "ticket"];
const cookie = "ml_connector_consent";

/** What we gave this browser when a sign-in began in it. */
function browserOf(request: FastifyRequest): string | undefined {
  const given = (request.headers.cookie ?? "").split(";").map((part) => part.trim());
  const value = given.find((part) => part.startsWith(`${cookie}=`))?.slice(cookie.length + 1);
  return value !== undefined && /^[\w-]{43}$/.test(value) ? value : undefined;
}

/** Where the browser comes back to after a consent. The page leads nowhere: there is nothing to redirect to that a stranger could choose. */
export function oauthRoutes(app: FastifyInstance, options: OauthRouteOptions): void {
  app.get("/oauth/reconnect", async (request, reply) => {
    const browser = browserOf(request) ?? options.newBrowserSecret();
    const target = await options.reconnect(plainQuery(request.query)["ticket"] ?? "", browser);
    if (target === undefined)
      return page(
        reply,
        400,
        "Connect again",
        "This link is not complete or too old. Ask whoever runs ml-connector for a new one, or run: ml-connector connect",
      );
    const secure = options.isSecure() ? "; Secure" : "";
    return reply
      .header("set-cookie", `${cookie}=${browser}; Path=/oauth; HttpOnly; SameSite=Lax; Max-Age=900${secure}`)
      .redirect(target, 303);
  });
  app.get("/oauth/disconnected", async (_request, reply) =>
    page(
      reply,
      200,
      "Disconnected in QuickBooks",
      "QuickBooks no longer lets ml-connector read this company. What is in Zendesk stays as it is. To go on, connect the company again; to end it and choose what becomes of the billing fields, run: ml-connector disconnect",
    ),
  );
  for (const { system, name, path } of callbacks)
    app.get(path, async (request, reply) => {
      const outcome = await options.completeAuthorization(system, plainQuery(request.query), browserOf(request));
      return outcome.kind === "connected"
        ? page(reply, 200, `${name} is connected`, connectedText(outcome))
        : page(reply, 400, `${name} is not connected`, outcome.says);
    });
}

/** Each parameter once; a repeated or overlong one counts as absent. */
function plainQuery(query: unknown): Record<string, string | undefined> {
  const given = typeof query === "object" && query !== null ? (query as Record<string, unknown>) : {};
  return Object.fromEntries(
    parameters.map((name) => {
      const value = given[name];
      return [name, typeof value === "string" && value.length <= longestParameter ? value : undefined];
    }),
  );
}

const waitsFor = {
  quickbooks: "QuickBooks must still be connected",
  zendesk: "Zendesk must still be connected",
  zone: "the company's time zone must be confirmed",
};

function connectedText(outcome: Extract<AuthorizationOutcome, { kind: "connected" }>): string {
  const { name, missing } = outcome;
  if (missing.length === 0) return `${name} is connected. You can close this page.`;
  return `${name} is connected. Before anything is loaded, ${missing.map((what) => waitsFor[what]).join(" and ")}.`;
}

function page(reply: FastifyReply, status: number, title: string, text: string): FastifyReply {
  return sendPage(reply, { status, title, body: `<p>${escapeText(text)}</p>` });
}
