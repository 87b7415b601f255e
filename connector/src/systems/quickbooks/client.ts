import type { CompanyFacts } from "../../connections/ports.ts";
import type { Realm } from "../../domain/index.ts";
import type { RecordSource } from "../../sync/replica/ports.ts";
import { type CallOptions, createCompanyCalls } from "./calls.ts";
import { readCompanyFacts } from "./company-facts.ts";
import { createRecordSource } from "./record-source.ts";

export interface QuickbooksClient extends RecordSource {
  /** What the company says of itself. With a token that is not stored yet: proves that it speaks for this company. */
  readCompany(realm: Realm, accessToken?: string, environment?: "production" | "sandbox"): Promise<CompanyFacts>;
}

export interface QuickbooksClientOptions extends CallOptions {
  /** The currency of records that name none. */
  homeCurrency: (realm: Realm) => Promise<string>;
  /** Splits a field that may hold several addresses; valid ones only, lower case. */
  emailAddresses: (text: string) => string[];
}

/** QuickBooks Online, read only. Everything it throws on purpose is a RemoteFailure. */
export function createQuickbooksClient(options: QuickbooksClientOptions): QuickbooksClient {
  const calls = createCompanyCalls(options);
  return {
    ...createRecordSource({ calls, homeCurrency: options.homeCurrency, emailAddresses: options.emailAddresses }),
    readCompany: (realm, accessToken, environment) =>
      readCompanyFacts(calls, realm, accessToken === undefined ? undefined : { accessToken, environment }),
  };
}
