// Whether one connection can do its work: each side is asked, nothing is written.
import { createHmac } from "node:crypto";
import type { Check, PingResult } from "@ml-connector/contract";
import type { ClientSeeker, StoredConnection } from "../connections/index.ts";
import { type ConnectionId, OperatorError, RemoteFailure, type Subdomain, type System } from "../domain/index.ts";
import { compareFields } from "../sync/reconcile/index.ts";
import type { Exchange } from "../systems/ports.ts";
import { fitView } from "../views/index.ts";
import { attempt, checksOf } from "./checks.ts";
import type { Engine } from "./engine.ts";
import { fitOf } from "./fit.ts";

export interface PingOptions {
  engine: Engine;
  publicUrl: string;
  /** The first verifier of QuickBooks' webhooks; undefined: none is configured. */
  verifier: string | undefined;
  /** For requests to our own public address. */
  exchange: Exchange;
}

const timeoutMs = 10_000;
const connectAgain = (subdomain: string) => `ml-connector connect ${subdomain}`;

export async function pingConnection(id: ConnectionId, options: PingOptions): Promise<PingResult> {
  const checks = await checkConnection(id, options);
  const ok = checks.every(({ state }) => state !== "failed");
  return { connectionId: id, ok, checks, ...(await fitReport(id, options.engine)) };
}

/** Without the report: it decides every card, which is too much where all connections are looked at. */
export async function checkConnection(id: ConnectionId, options: PingOptions): Promise<Check[]> {
  const connection = await options.engine.stores.connections.read(id);
  if (connection === undefined) throw new OperatorError(`There is no connection ${id}.`);
  return [
    ...stateOf(connection),
    ...(await pingCompany(connection, options)),
    ...(await pingAccount(connection, options)),
    ...(await pingWebhooks(connection.subdomain, options)),
  ];
}

/** It costs the reading of our own copy, and a few calls: whoever asks whether all is well also wants to know what it is good for. */
async function fitReport(id: ConnectionId, engine: Engine): Promise<Pick<PingResult, "fit" | "noFitBecause">> {
  try {
    return { fit: fitView(await fitOf(engine, id)), noFitBecause: null };
  } catch (fault) {
    if (fault instanceof OperatorError) return { fit: null, noFitBecause: fault.message };
    if (fault instanceof RemoteFailure) return { fit: null, noFitBecause: fault.says };
    throw fault;
  }
}

function stateOf({ id, state, pausedBy, subdomain }: StoredConnection): Check[] {
  const of = checksOf("connection");
  switch (state) {
    case "active":
      return [of.ok("state", "active: changes are written")];
    case "planned":
      return [of.warning("state", "its plan waits for approval", `ml-connector plan approve --connection ${id}`)];
    case "paused":
      return pausedBy?.startsWith("person:")
        ? [of.warning("state", "paused by a person", `ml-connector resume --connection ${id}`)]
        : [of.failed("state", `paused: ${pausedBy ?? "unknown"}`, connectAgain(subdomain))];
    case "loading":
      return [of.ok("state", "is read for the first time")];
    case "connecting":
    case "disconnected":
      return [of.warning("state", `${state}: nothing is done for it`, connectAgain(subdomain))];
  }
}

async function pingCompany({ id, realm, subdomain }: StoredConnection, { engine }: PingOptions): Promise<Check[]> {
  const of = checksOf("quickbooks");
  if (realm === undefined) return [of.failed("company", "no company is connected", connectAgain(subdomain))];
  return attempt("company", of, connectAgain(subdomain), async () => {
    const facts = await engine.clients.quickbooks.live.readCompany(realm);
    const company = await engine.stores.companies.read(realm);
    const currencies = facts.multiCurrency ? `${facts.homeCurrency} and others` : facts.homeCurrency;
    return [
      await clientCheck("quickbooks", realm, { realm, subdomain, id }, engine),
      of.ok("company", `${facts.name} (${realm}), ${facts.country ?? "country unknown"}, ${currencies}`),
      company?.zone.kind === "known"
        ? of.ok(
            "time zone",
            `${company.zone.name} (${company.zone.source === "company" ? "from QuickBooks" : "confirmed"})`,
          )
        : of.warning(
            "time zone",
            "nobody has confirmed it: due dates are not looked at",
            `ml-connector connect ${subdomain} --zone America/New_York`,
          ),
    ];
  });
}

/** Which of our clients speaks, and whether another one waits for a consent. */
async function clientCheck(
  system: System,
  subject: string,
  connection: ClientSeeker,
  { ourClients }: Engine,
): Promise<Check> {
  const of = checksOf(system);
  const now = await ourClients.speaking(system, subject);
  const next = await ourClients.ofConnection(connection, system);
  if (now.clientId === "")
    return of.failed(
      "client",
      "none: neither the deployment nor the connection has one",
      `ml-connector clients bring ${system}`,
    );
  const whose = now.broughtBy === undefined ? "the deployment's" : "of its own";
  const where = system === "quickbooks" ? `, ${now.environment}` : "";
  return next.clientId === now.clientId
    ? of.ok("client", `${now.clientId} (${whose}${where})`)
    : of.warning(
        "client",
        `${now.clientId} (${whose}${where}); ${next.clientId} takes over with the next consent`,
        connectAgain(connection.subdomain),
      );
}

const rights = "Connect Zendesk again as an administrator";

async function pingAccount({ id, subdomain }: StoredConnection, { engine }: PingOptions): Promise<Check[]> {
  const of = checksOf("zendesk");
  const zendesk = engine.clients.zendesk.live;
  return attempt("account", of, connectAgain(subdomain), async () => {
    const { scopes } = await zendesk.checkToken(subdomain);
    const client = await clientCheck("zendesk", subdomain, { id, realm: undefined, subdomain }, engine);
    const lacking = ["read", "write"].filter((scope) => !scopes.includes(scope));
    const checks = [
      client,
      scopes.includes("read") && !scopes.includes("write")
        ? of.warning("scopes", "reading alone: no plan can be applied", connectAgain(subdomain))
        : scopes.length > 0 && lacking.length > 0
          ? of.failed("scopes", `the token lacks ${lacking.join(" and ")}`, connectAgain(subdomain))
          : of.ok("scopes", scopes.length === 0 ? "the account does not tell them" : scopes.join(" ")),
    ];
    const role = await zendesk.readRole(subdomain);
    const limit = zendesk.accountLimits(subdomain)?.account?.total;
    checks.push(
      of.ok(
        "account",
        `${subdomain}: ${limit === undefined ? "limit unknown" : `${limit} requests a minute${planOf(limit)}`}`,
      ),
      role === "admin"
        ? of.ok("permissions", "administrator: fields can be created and webhooks made")
        : of.failed(
            "permissions",
            `the connected person is ${role}: fields cannot be created, organizations hardly written`,
            rights,
          ),
    );
    const owned = (await engine.stores.ownership.connections(subdomain)).find((each) => each.id === id);
    if (owned)
      checks.push(fieldsCheck(compareFields(owned.mapping.definitions, await zendesk.listFields(subdomain)), role));
    return checks;
  });
}

/** Which plans have this limit (developer.zendesk.com, rate limits). */
function planOf(limit: number): string {
  const plans: Record<number, string> = {
    200: "Team",
    400: "Growth or Professional",
    700: "Enterprise",
    2500: "Enterprise Plus or the High Volume add-on",
  };
  const plan = plans[limit];
  return plan === undefined ? "" : ` (${plan})`;
}

function fieldsCheck({ missing, otherType, missingOptions }: ReturnType<typeof compareFields>, role: string): Check {
  const of = checksOf("zendesk");
  const wrong = [...otherType, ...missingOptions].map(({ key }) => key);
  if (wrong.length > 0)
    return of.failed(
      "fields",
      `${wrong.join(", ")} are not as the mapping needs them`,
      "Restore type and options of these fields in Zendesk",
    );
  if (missing.length === 0) return of.ok("fields", "all there");
  return role === "admin"
    ? of.ok("fields", `${missing.length} are made before the first write`)
    : of.failed("fields", `${missing.length} cannot be made`, rights);
}

async function pingWebhooks(subdomain: Subdomain, options: PingOptions): Promise<Check[]> {
  return [...(await pingIntuitWebhook(options)), ...(await pingZendeskWebhook(subdomain, options))];
}

const readPublic = "Check ML_CONNECTOR_PUBLIC_URL, the proxy in front of the service, and that the service runs";

/** An empty, signed delivery to our own public address: all the way but Intuit's own part of it. */
async function pingIntuitWebhook({ publicUrl, verifier, exchange }: PingOptions): Promise<Check[]> {
  const of = checksOf("webhooks");
  if (verifier === undefined)
    return [
      of.warning(
        "quickbooks",
        "no verifier is configured: changes arrive only by polls",
        "Set QUICKBOOKS_WEBHOOK_VERIFIER",
      ),
    ];
  const url = `${publicUrl}/webhooks/quickbooks`;
  const body = "[]";
  const outcome = await exchange({
    method: "POST",
    url,
    headers: {
      "content-type": "application/cloudevents+json",
      "intuit-signature": createHmac("sha256", verifier).update(body).digest("base64"),
    },
    body,
    timeoutMs,
    maxBytes: 64 * 1024,
  });
  if (outcome.kind === "none") return [of.failed("quickbooks", `${url} does not answer (${outcome.why})`, readPublic)];
  if (outcome.status !== 200) return [of.failed("quickbooks", `${url} answers ${outcome.status}`, readPublic)];
  return publicUrl.startsWith("https://")
    ? [of.ok("quickbooks", `${url} takes a signed delivery`)]
    : [
        of.warning(
          "quickbooks",
          `${url} takes a signed delivery, but Intuit only sends to https`,
          "Set ML_CONNECTOR_PUBLIC_URL to the https address of your proxy",
        ),
      ];
}

/** Zendesk itself is asked to send something: a real round trip. */
async function pingZendeskWebhook(subdomain: Subdomain, { engine }: PingOptions): Promise<Check[]> {
  const of = checksOf("webhooks");
  const live = engine.clients.zendesk.live;
  const path = await engine.stores.ends.webhookPath(subdomain);
  if (path === undefined)
    return [
      engine.zendeskHooks() === undefined
        ? of.warning(
            "zendesk",
            "Zendesk cannot reach us: what people do there is found once an hour",
            "Set ML_CONNECTOR_PUBLIC_URL to the https address of your proxy",
          )
        : of.ok("zendesk", "made after the first plan is approved"),
    ];
  return attempt("zendesk", of, rights, async () => {
    const ours = (await live.listWebhooks(subdomain)).find(({ endpoint }) =>
      endpoint.endsWith(`/webhooks/zendesk/${path}`),
    );
    if (ours === undefined)
      return of.warning(
        "zendesk",
        "the webhook is not there; it is made again within the hour",
        "Nothing, unless it stays",
      );
    const status = await live.testWebhook(subdomain, ours.id);
    return status === 200
      ? of.ok("zendesk", "Zendesk has sent a signed request, and it arrived")
      : of.failed(
          "zendesk",
          status === 0 ? "Zendesk cannot reach us" : `what Zendesk sent was answered ${status}`,
          readPublic,
        );
  });
}
