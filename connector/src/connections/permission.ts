// Whether Zendesk lets us write: a consent for reading alone is enough to plan, and never to apply.
import { type ConnectionId, OperatorError, type Subdomain } from "../domain/index.ts";
import { type Permission, permissionOf } from "./credentials/index.ts";
import type { LifeOptions } from "./life.ts";

/** Undefined: the account has no valid credential. */
export async function zendeskPermission(
  subdomain: Subdomain,
  { credentials, clients }: Pick<LifeOptions, "credentials" | "clients">,
): Promise<Permission | undefined> {
  const { clientId } = await clients.speaking("zendesk", subdomain);
  const credential = await credentials.read({ system: "zendesk", clientId, subject: subdomain });
  return credential?.state === "valid" ? permissionOf(credential.scopes) : undefined;
}

/** Before anything is approved that will be written. Throws OperatorError. */
export async function ensureMayWrite(id: ConnectionId, options: LifeOptions): Promise<void> {
  const connection = await options.connections.read(id);
  if (connection === undefined || (await zendeskPermission(connection.subdomain, options)) !== "read") return;
  throw new OperatorError(
    `Zendesk lets ml-connector read account ${connection.subdomain}, not write: nothing can be applied. To allow writing: ml-connector connect ${connection.subdomain}`,
  );
}

/** Before an account is asked to let us read alone: whoever may write there by now would not be able to any more. */
export async function ensureReadOnlyFits(
  subdomain: Subdomain,
  begun: ConnectionId | undefined,
  options: LifeOptions,
): Promise<void> {
  if ((await zendeskPermission(subdomain, options)) !== "write") return;
  const first = (await options.connections.using("zendesk", subdomain)).find(
    ({ id, state }) => id !== begun || state !== "connecting",
  );
  if (first === undefined) return;
  throw new OperatorError(
    `Connection ${first.id} may write to account ${subdomain} already, and needs that. What connecting means is told by: ml-connector fit --connection ${first.id}`,
  );
}
