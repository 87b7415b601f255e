import { type ConnectionId, OperatorError } from "../domain/index.ts";
import { invite, isEmail } from "./invite.ts";
import type { AccessJournal, ApiKey, ApiKeyStore, InvitationStore, Operator, OperatorStore } from "./ports.ts";
import type { Grant, Role } from "./roles.ts";
import { apiKeyPrefix, hashOf, makeSecret, type RandomBytes } from "./secrets.ts";

/** What those who administer access need, by whichever way they come. */
export interface AccessPorts {
  operators: OperatorStore;
  invitations: Pick<InvitationStore, "add">;
  apiKeys: ApiKeyStore;
  accessJournal: AccessJournal;
  /** Of these connections, those that do not exist. */
  unknownConnections(ids: readonly ConnectionId[]): Promise<ConnectionId[]>;
  /** Where whoever is invited chooses a password. */
  invitationUrl(secret: string): string;
  randomBytes: RandomBytes;
  now(): Date;
}

export interface Invited {
  operator: Operator;
  invitation: string;
}

export async function addOperator(
  given: { email: string; name: string; grants: readonly Grant[] },
  by: string,
  ports: AccessPorts,
): Promise<Invited> {
  if (!isEmail(given.email.trim())) throw new OperatorError("This is no e-mail address.");
  await refuseUnknown(given.grants, ports);
  const id = await ports.operators.add(given, by);
  if (id === undefined) throw new OperatorError("There is an operator with this e-mail address already.");
  return inviteAgain(id, by, ports);
}

export async function inviteAgain(id: number, by: string, ports: AccessPorts): Promise<Invited> {
  const operator = await known(id, ports);
  if (operator.disabledAt) throw new OperatorError("This operator is disabled: enable them first.");
  const invitation = ports.invitationUrl(await invite(id, by, ports));
  return { operator, invitation };
}

export async function changeOperator(
  id: number,
  change: { grants?: readonly Grant[] | undefined; disabled?: boolean | undefined },
  by: string,
  ports: AccessPorts,
): Promise<Operator> {
  await known(id, ports);
  if (change.grants) {
    await refuseUnknown(change.grants, ports);
    if (!(await ports.operators.saveGrants(id, change.grants, by))) throw lastAdmin();
  }
  if (change.disabled === true && !(await ports.operators.disable(id, by))) throw lastAdmin();
  if (change.disabled === false) await ports.operators.enable(id, by);
  return known(id, ports);
}

export async function makeApiKey(
  given: { name: string; role: Role; connections: readonly ConnectionId[] | undefined; expiresAt: Date | undefined },
  madeBy: string,
  ports: AccessPorts,
): Promise<{ apiKey: ApiKey; key: string }> {
  if (given.expiresAt && given.expiresAt <= ports.now()) throw new OperatorError("This key would be expired at once.");
  await refuseUnknown(
    (given.connections ?? []).map((connectionId) => ({ connectionId })),
    ports,
  );
  const key = makeSecret(ports.randomBytes, apiKeyPrefix);
  return { key, apiKey: await ports.apiKeys.add(hashOf(key), { ...given, madeBy }) };
}

export async function revokeApiKey(id: number, by: string, ports: Pick<AccessPorts, "apiKeys">): Promise<ApiKey> {
  const revoked = await ports.apiKeys.revoke(id, by);
  const key = (await ports.apiKeys.list()).find((each) => each.id === id);
  if (!key) throw new OperatorError(`There is no API key ${id}.`);
  if (!revoked) throw new OperatorError(`API key ${id} was revoked before.`);
  return key;
}

async function known(id: number, { operators }: Pick<AccessPorts, "operators">): Promise<Operator> {
  const operator = await operators.byId(id);
  if (!operator) throw new OperatorError(`There is no operator ${id}.`);
  return operator;
}

async function refuseUnknown(
  grants: readonly { connectionId: ConnectionId | undefined }[],
  ports: Pick<AccessPorts, "unknownConnections">,
): Promise<void> {
  const unknown = await ports.unknownConnections(grants.flatMap(({ connectionId }) => connectionId ?? []));
  if (unknown.length > 0) throw new OperatorError(`There is no connection ${unknown.join(", ")}.`);
}

function lastAdmin(): OperatorError {
  return new OperatorError("Nobody would be left who administers every connection: make somebody else an admin first.");
}
