// Consent, from the button to the stored credential. A state is 256 random bits, stored as a hash, for ten minutes, one use, one connection.
// The realm in QuickBooks' callback is an unsigned query parameter: it is believed only after the new token has read that company.
import { createHash, timingSafeEqual } from "node:crypto";
import {
  type ConnectionId,
  MalformedId,
  OperatorError,
  parseRealm,
  type Realm,
  RemoteFailure,
  type Subdomain,
  type System,
} from "../domain/index.ts";
import { type CredentialClock, type Grant, type Permission, type Seal, storeGrant } from "./credentials/index.ts";
import { endFormerClients } from "./former-clients.ts";
import { type LifeOptions, type Missing, resumeAfterFailure, startWhenReady } from "./life.ts";
import type { CompanyFacts, OauthStateStore, OurClient, PendingConsent, StoredConnection } from "./ports.ts";
import { companyZone } from "./zone.ts";

const stateLifeMs = 10 * 60_000;
const stateBytes = 32;
const zendeskScopes: Record<Permission, string[]> = { read: ["read"], write: ["read", "write"] };

export interface AuthorizationOptions extends LifeOptions {
  states: OauthStateStore;
  seal: Seal;
  clock: CredentialClock;
  randomBytes: (size: number) => Uint8Array;
  quickbooks: {
    redirectUri: string;
    /** Fails unless the token speaks for this company. */
    readCompany: (realm: Realm, accessToken: string, through: OurClient) => Promise<CompanyFacts>;
  };
  zendesk: {
    redirectUri: string;
    /** Fails unless the account accepts the token; what it was granted. */
    checkToken: (subdomain: Subdomain, accessToken: string) => Promise<{ scopes: string[] }>;
  };
  /** What this process remembers of a credential is void. */
  forget: (system: System, subject: string) => void;
}

export type AuthorizationOutcome =
  | { kind: "connected"; connectionId: ConnectionId; system: System; name: string; missing: Missing[] }
  /** Nothing was stored; a person can start again. */
  | { kind: "refused"; says: string };

/** The address to which the person's browser goes. */
export async function beginAuthorization(
  /** `permission`: less than everything we need, in Zendesk. `browser`: a secret of the browser that asks; without the same one the callback is refused. */
  request: { system: System; connectionId: ConnectionId; browser?: string; permission?: Permission },
  options: AuthorizationOptions,
): Promise<string> {
  const { system, connectionId, permission = "write" } = request;
  const connection = await options.connections.read(connectionId);
  if (connection === undefined) throw new OperatorError(`There is no connection ${connectionId}.`);
  const state = Buffer.from(options.randomBytes(stateBytes)).toString("base64url");
  const { grants } = await options.clients.ofConnection(connection, system);
  const { redirectUri } = options[system];
  // Intuit documents no PKCE; Zendesk takes it from every client.
  const verifier =
    system === "zendesk" ? Buffer.from(options.randomBytes(stateBytes)).toString("base64url") : undefined;
  const sealedVerifier = verifier && (await options.seal.seal(verifier, verifierBinding(hashOf(state))));
  const browserHash = request.browser === undefined ? undefined : hashOf(request.browser);
  await options.states.add(
    hashOf(state),
    { system, connectionId, permission, sealedVerifier, browserHash },
    stateLifeMs,
  );
  const challenge = verifier && createHash("sha256").update(verifier).digest("base64url");
  const subject = system === "zendesk" ? connection.subdomain : (connection.realm ?? "");
  return grants.authorizationUrl({ subject, state, redirectUri, challenge, permission });
}

/** The callback. Everything in the query is a stranger's word until the state is ours and the new token has spoken. */
export async function completeAuthorization(
  system: System,
  query: Readonly<Record<string, string | undefined>>,
  options: AuthorizationOptions,
  browser?: string,
): Promise<AuthorizationOutcome> {
  const stateHash = hashOf(query["state"] ?? "");
  const consent = await options.states.take(stateHash);
  if (consent === undefined || consent.system !== system)
    return refused("This sign-in was not started here, was used already or is older than ten minutes. Start again.");
  if (consent.browserHash !== undefined && !isSame(consent.browserHash, hashOf(browser ?? "")))
    return refused("This sign-in was started in another browser. Start again, and stay in one browser.");
  const outcome = await completeConsent(consent, stateHash, query, options);
  await options.states.conclude(stateHash, outcome.kind === "connected" ? "connected" : outcome.says.slice(0, 300));
  return outcome;
}

async function completeConsent(
  consent: PendingConsent,
  stateHash: Uint8Array,
  query: Readonly<Record<string, string | undefined>>,
  options: AuthorizationOptions,
): Promise<AuthorizationOutcome> {
  const { code, error } = query;
  if (error === "access_denied") return refused("The sign-in was declined. Nothing was connected.");
  if (error !== undefined) return refused("The sign-in page reported an error. Nothing was connected.");
  if (code === undefined || code === "") return refused("The sign-in page sent no code. Nothing was connected.");
  const connection = await options.connections.read(consent.connectionId);
  if (connection === undefined) return refused("The connection was deleted meanwhile.");
  try {
    return consent.system === "quickbooks"
      ? await completeQuickbooks(connection, code, query["realmId"], options)
      : await completeZendesk(
          connection,
          { code, verifier: await verifierOf(consent, stateHash, options), permission: consent.permission },
          options,
        );
  } catch (failure) {
    // A code is good for one exchange: a second one makes Intuit revoke what the first one issued. So nothing is repeated here.
    if (failure instanceof RemoteFailure) return refused(`${failure.says} Nothing was stored; start again.`);
    throw failure;
  }
}

async function completeQuickbooks(
  connection: StoredConnection,
  code: string,
  realmId: string | undefined,
  options: AuthorizationOptions,
): Promise<AuthorizationOutcome> {
  const realm = realmOf(realmId);
  if (realm === undefined) return refused("QuickBooks did not say which company was connected. Start again.");
  if (connection.realm !== undefined && connection.realm !== realm)
    return refused(
      `This connection belongs to company ${connection.realm}, and you chose another one. Start again and choose the same company.`,
    );
  const { redirectUri, readCompany } = options.quickbooks;
  const client = await options.clients.ofConnection(connection, "quickbooks");
  const grant = await client.grants.exchangeCode({ subject: realm, code, redirectUri, verifier: undefined });
  // The token is not revoked when this fails: revoking would end the consent of a connection that is already there.
  const facts = await readCompany(realm, grant.accessToken, client).catch((failure: unknown) => {
    if (!(failure instanceof RemoteFailure)) throw failure;
    return failure;
  });
  if (facts instanceof RemoteFailure)
    return refused(
      facts.action === "reauthorize" || facts.action === "bug"
        ? `The new token cannot read company ${realm}: QuickBooks named a company that it does not belong to. Nothing was stored.`
        : `Company ${realm} could not be read. ${facts.says} Nothing was stored; start again.`,
    );
  if (await hasOtherClient(connection, realm, client, options))
    return refused(
      `Company ${realm} is connected through another QuickBooks app, and one company goes through one app: bring the same app to each of its connections. Nothing was stored.`,
    );
  await options.companies.save(realm, facts, companyZone(facts));
  if (!(await options.connections.bindCompany(connection.id, realm)))
    return refused(`Company ${realm} and account ${connection.subdomain} are connected already.`);
  return finish(connection, { system: "quickbooks", subject: realm, name: facts.name, client, grant }, options);
}

async function completeZendesk(
  connection: StoredConnection,
  { code, verifier, permission }: { code: string; verifier: string | undefined; permission: Permission },
  options: AuthorizationOptions,
): Promise<AuthorizationOutcome> {
  const { subdomain } = connection;
  const { redirectUri, checkToken } = options.zendesk;
  const client = await options.clients.ofConnection(connection, "zendesk");
  const grant = await client.grants.exchangeCode({ subject: subdomain, code, redirectUri, verifier, permission });
  const checked = await checkToken(subdomain, grant.accessToken);
  const granted = grant.scopes?.split(/\s+/) ?? checked.scopes;
  const lacking = zendeskScopes[permission].filter((scope) => !granted.includes(scope));
  // What may be written is told by these later.
  const scopes = granted.length > 0 ? granted.join(" ") : undefined;
  // An unknown scope still yields a token, with which every call is refused.
  if (granted.length > 0 && lacking.length > 0)
    return refused(
      `Zendesk did not grant ${lacking.join(" and ")}. Nothing was stored; start again and allow all that is asked.`,
    );
  return finish(
    connection,
    { system: "zendesk", subject: subdomain, name: subdomain, client, grant: { ...grant, scopes } },
    options,
  );
}

async function finish(
  connection: StoredConnection,
  connected: { system: System; subject: string; name: string; client: OurClient; grant: Grant },
  options: AuthorizationOptions,
): Promise<AuthorizationOutcome> {
  const { system, subject, name, client, grant } = connected;
  const key = { system, clientId: client.clientId, subject };
  await storeGrant(key, grant, {
    store: options.credentials,
    seal: options.seal,
    clock: options.clock,
    way: "authorization-code",
  });
  await endFormerClients(key, options);
  options.forget(system, subject);
  await resumeAfterFailure(system, subject, undefined, options);
  return {
    kind: "connected",
    connectionId: connection.id,
    system,
    name,
    missing: await startWhenReady(connection.id, options),
  };
}

/** A company is reached through one app: whose webhooks, whose budget, whose tokens must never be a matter of chance. */
async function hasOtherClient(
  connection: StoredConnection,
  realm: Realm,
  client: OurClient,
  options: AuthorizationOptions,
): Promise<boolean> {
  for (const other of await options.connections.using("quickbooks", realm)) {
    if (other.id === connection.id) continue;
    if ((await options.clients.ofConnection(other, "quickbooks")).clientId !== client.clientId) return true;
  }
  return false;
}

async function verifierOf(consent: PendingConsent, stateHash: Uint8Array, options: AuthorizationOptions) {
  return consent.sealedVerifier && (await options.seal.open(consent.sealedVerifier, verifierBinding(stateHash)));
}

function verifierBinding(stateHash: Uint8Array) {
  return { table: "oauth_state", row: Buffer.from(stateHash).toString("hex"), field: "verifier" };
}

/** Of hashes: their length is no secret. */
function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

function hashOf(state: string): Uint8Array {
  return createHash("sha256").update(state).digest();
}

function realmOf(text: string | undefined): Realm | undefined {
  try {
    return text === undefined ? undefined : parseRealm(text);
  } catch (fault) {
    if (fault instanceof MalformedId) return undefined;
    throw fault;
  }
}

function refused(says: string): AuthorizationOutcome {
  return { kind: "refused", says };
}
