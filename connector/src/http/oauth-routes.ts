import type { FastifyInstance, FastifyReply } from "fastify";
import type { AuthorizationOutcome } from "../connections/index.ts";
import type { System } from "../domain/index.ts";
import { escapeText, sendPage } from "./page.ts";

export interface OauthRouteOptions {
  completeAuthorization(
    system: System,
    query: Readonly<Record<string, string | undefined>>,
  ): Promise<AuthorizationOutcome>;
}

const callbacks: readonly { system: System; name: string; path: string }[] = [
  { system: "quickbooks", name: "QuickBooks", path: "/oauth/quickbooks/callback" },
  { system: "zendesk", name: "Zendesk", path: "/oauth/zendesk/callback" },
];

/** Codes and states are far shorter; Intuit's longest observed code has 50 characters. */
const longestParameter = 4_096;
const parameters = ["code", "state", "realmId", "error"];

/** Where the browser comes back to after a consent. The page leads nowhere: there is nothing to redirect to that a stranger could choose. */
export function oauthRoutes(app: FastifyInstance, options: OauthRouteOptions): void {
  for (const { system, name, path } of callbacks)
    app.get(path, async (request, reply) => {
      const outcome = await options.completeAuthorization(system, plainQuery(request.query));
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
