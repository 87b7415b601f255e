// The end of a connection.
//
//   active --clear, purge: everybody ignored--> its organizations are let go by the engine --nothing left--> disconnected --> consents revoked
//      \---------------------------------leave---------------------------------------------------------/         \--purge--> rows gone
//
// What is cleared is cleared by the engine, like any other change: logged before it is sent, and gone on with after a crash. Nothing of other
// people is touched, no organization is deleted.
import { type ConnectionId, OperatorError, RemoteFailure, type Subdomain, type System } from "../domain/index.ts";
import type { IncidentStore } from "../oversight/incidents/index.ts";
import type { CredentialKey, CredentialStore, Seal } from "./credentials/index.ts";
import { revokeTokens } from "./former-clients.ts";
import type {
  ClearedAndKept,
  ConnectionEndStore,
  ConnectionStore,
  OurClient,
  OurClients,
  OwnClientStore,
  StoredConnection,
  WebhookSource,
} from "./ports.ts";

/** leave: Zendesk stays as it is, and connecting again goes on; clear: our values go; purge: and everything that we know of the company. */
export type DisconnectMode = "leave" | "clear" | "purge";

export interface DisconnectOptions {
  connections: ConnectionStore;
  ends: ConnectionEndStore;
  credentials: CredentialStore;
  incidents: IncidentStore;
  clients: OurClients;
  ownClients: Pick<OwnClientStore, "remove">;
  seal: Seal;
  webhooks: Pick<WebhookSource, "listWebhooks" | "deleteWebhook">;
  forget: (system: System, subject: string) => void;
}

export interface DisconnectPreview extends ClearedAndKept {
  /** Organizations that are linked now, by who made them. */
  created: number;
  adopted: number;
  /** Consents that nobody else needs. */
  revokes: System[];
}

export async function previewDisconnect(id: ConnectionId, options: DisconnectOptions): Promise<DisconnectPreview> {
  const connection = await known(id, options);
  const { created, adopted } = await options.ends.linked(id);
  const revokes: System[] = [];
  for (const { key } of await unshared(connection, options)) revokes.push(key.system);
  return { created, adopted, revokes, ...(await options.ends.ours(id)) };
}

/** Has the engine let go of every organization. Returns how many are left: call again until there are none. */
export async function letGo(id: ConnectionId, who: string, options: DisconnectOptions): Promise<number> {
  const { state } = await known(id, options);
  if (state !== "active")
    throw new OperatorError(
      `Connection ${id} is ${state}: only an active one can clear its fields. Resume or connect it again first, or end it with --leave.`,
    );
  const { created, adopted } = await options.ends.linked(id);
  const open = await options.ends.openWrites(id);
  if (created + adopted > 0) await options.ends.ignoreEveryone(id, who);
  return created + adopted + open;
}

/** Ends it. What could not be revoked is said; it is no reason to stay connected. */
export async function disconnect(
  id: ConnectionId,
  mode: DisconnectMode,
  options: DisconnectOptions,
): Promise<{ revoked: System[]; notRevoked: System[] }> {
  const connection = await known(id, options);
  const lonely = await unshared(connection, options);
  const isLastOfAccount = lonely.some(({ key }) => key.system === "zendesk");
  await options.ends.disconnect(id, { keepsCompany: mode === "leave" });
  for (const { cause } of await options.incidents.open(id))
    await options.incidents.resolve(cause, { connectionId: id });
  if (isLastOfAccount) await removeWebhook(connection.subdomain, options);
  const outcome: { revoked: System[]; notRevoked: System[] } = { revoked: [], notRevoked: [] };
  for (const { key, client } of lonely) {
    options.forget(key.system, key.subject);
    outcome[(await revokeTokens(key, client, options)) ? "revoked" : "notRevoked"].push(key.system);
  }
  // Connecting again goes on where it was: through the same clients.
  if (mode !== "leave")
    for (const system of ["quickbooks", "zendesk"] as const) await options.ownClients.remove(id, system);
  if (mode === "purge") await options.ends.purge(id);
  return outcome;
}

/** Credentials that this connection has and no other one needs. */
async function unshared(
  connection: StoredConnection,
  options: DisconnectOptions,
): Promise<{ key: CredentialKey; client: OurClient }[]> {
  const subjects = { quickbooks: connection.realm, zendesk: connection.subdomain };
  const found: { key: CredentialKey; client: OurClient }[] = [];
  for (const system of ["quickbooks", "zendesk"] as const) {
    const subject = subjects[system];
    if (subject === undefined) continue;
    const others = (await options.connections.using(system, subject)).filter(({ id }) => id !== connection.id);
    const client = await options.clients.speaking(system, subject);
    const key = { system, clientId: client.clientId, subject };
    if (others.length === 0 && (await options.credentials.read(key)) !== undefined) found.push({ key, client });
  }
  return found;
}

async function removeWebhook(subdomain: Subdomain, { ends, webhooks }: DisconnectOptions): Promise<void> {
  const path = await ends.webhookPath(subdomain);
  if (path === undefined) return;
  try {
    for (const { id, endpoint } of await webhooks.listWebhooks(subdomain))
      if (endpoint.endsWith(`/webhooks/zendesk/${path}`)) await webhooks.deleteWebhook(subdomain, id);
  } catch (failure) {
    // It posts to an address that answers 401 from now on: Zendesk gives up by itself.
    if (!(failure instanceof RemoteFailure)) throw failure;
  }
  await ends.forgetWebhook(subdomain);
}

async function known(id: ConnectionId, options: Pick<DisconnectOptions, "connections">): Promise<StoredConnection> {
  const connection = await options.connections.read(id);
  if (connection === undefined) throw new OperatorError(`There is no connection ${id}.`);
  if (connection.state === "disconnected") throw new OperatorError(`Connection ${id} is disconnected already.`);
  return connection;
}
