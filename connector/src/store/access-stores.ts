import type { AccessFilter, AccessJournal } from "../access/ports.ts";
import { searchAccess } from "./access-journal.ts";
import { createApiKeyStore } from "./api-key-store.ts";
import type { Database } from "./database.ts";
import { createOperatorStore } from "./operator-store.ts";
import { createProvisionStore } from "./provision-store.ts";
import { createInvitationStore, createSessionStore, createSignInFailureStore } from "./session-store.ts";
import { createTaskStore } from "./task-store.ts";

/** Every store of who may do what, and of what they asked for. */
export function createAccessStores(database: Database) {
  return {
    apiKeys: createApiKeyStore(database),
    accessJournal: { search: (filter: AccessFilter) => searchAccess(database, filter) } satisfies AccessJournal,
    operators: createOperatorStore(database),
    sessions: createSessionStore(database),
    invitations: createInvitationStore(database),
    failures: createSignInFailureStore(database),
    tasks: createTaskStore(database),
    provisioned: createProvisionStore(database),
  };
}

export type AccessStores = ReturnType<typeof createAccessStores>;
