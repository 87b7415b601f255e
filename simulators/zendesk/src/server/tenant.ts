import { JobQueue } from "../jobs/queue.ts";
import { type Credentials, createCredentials, type OauthClient } from "../oauth/tokens.ts";
import { sendOverHttp } from "../webhooks/attempt.ts";
import { Deliveries } from "../webhooks/deliveries.ts";
import { type Account, createAccount, type NewAccount } from "../world/account.ts";
import type { Reply } from "./call.ts";
import { Limits } from "./limits.ts";

/** An account with everything around its records: jobs, credentials and counted requests. */
export interface Tenant {
  readonly account: Account;
  readonly jobs: JobQueue;
  readonly credentials: Credentials;
  readonly limits: Limits;
  readonly deliveries: Deliveries;
  /** Answers to ticket creations by their Idempotency-Key. */
  readonly idempotency: Map<string, { at: number; body: string; reply: Reply }>;
}

export interface NewTenant extends NewAccount {
  clients: readonly OauthClient[];
}

export function createTenant(wanted: NewTenant): Tenant {
  const account = createAccount(wanted);
  const credentials = createCredentials();
  for (const client of wanted.clients) credentials.clients.set(client.identifier, client);
  return {
    account,
    jobs: new JobQueue(account),
    credentials,
    limits: new Limits(account),
    deliveries: new Deliveries(account, sendOverHttp),
    idempotency: new Map(),
  };
}
