import { type CredentialAlarm, type CredentialKey, grantRefused } from "./credentials/index.ts";
import { type LifeOptions, pauseForFailure, resumeAfterFailure } from "./life.ts";

/** Our client id or secret is: the configuration must be mended. */
const clientRefused = "client-refused";

/** A refused credential stops the connections that need it, each once, as one incident; no mark is lost. */
export function createCredentialAlarm(options: Pick<LifeOptions, "connections" | "incidents">): CredentialAlarm {
  async function stop(key: CredentialKey, code: string, says: string): Promise<void> {
    for (const { id } of await options.connections.using(key.system, key.subject))
      await pauseForFailure(id, { system: key.system, code, says }, options);
  }
  return {
    refused: (key, says) => stop(key, grantRefused, says),
    clientRefused: (key, says) => stop(key, clientRefused, says),
    async restored(key) {
      for (const code of [grantRefused, clientRefused])
        await resumeAfterFailure(key.system, key.subject, code, options);
    },
  };
}
