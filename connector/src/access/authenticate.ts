import type { ApiKey, ApiKeyStore, Caller, Operator, SessionStore } from "./ports.ts";
import type { Grant } from "./roles.ts";
import { apiKeyPrefix, hashOf } from "./secrets.ts";

/** What a request brings along to prove who sends it. */
export interface Proof {
  /** Of an `Authorization: Bearer` header. */
  apiKey: string | undefined;
  /** Of the cookie. */
  session: string | undefined;
  /** From this machine, and through no proxy. */
  isLocal: boolean;
}

/** Undefined: nobody we know. A key counts before a session: a script must not act as whoever is signed in beside it. */
export async function authenticate(
  proof: Proof,
  stores: { apiKeys: Pick<ApiKeyStore, "find">; sessions: Pick<SessionStore, "find"> },
): Promise<Caller | undefined> {
  if (proof.apiKey !== undefined) {
    const key = proof.apiKey.startsWith(apiKeyPrefix) ? await stores.apiKeys.find(hashOf(proof.apiKey)) : undefined;
    return key && (key.place === undefined || proof.isLocal) ? callerOfKey(key) : undefined;
  }
  const operator = proof.session === undefined ? undefined : await stores.sessions.find(hashOf(proof.session));
  return operator && callerOf(operator);
}

function callerOfKey({ id, name, role, connections, place }: ApiKey): Caller {
  const grants: Grant[] =
    connections === undefined
      ? [{ role, connectionId: undefined }]
      : connections.map((connectionId) => ({ role, connectionId }));
  return { kind: "api-key", id, name: place === undefined ? `key ${name}` : name, grants };
}

function callerOf({ id, name, grants }: Operator): Caller {
  return { kind: "operator", id, name, grants };
}
