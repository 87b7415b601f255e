import type { System } from "../../domain/index.ts";

/** Whose tokens: our client at the system, and the realm or subdomain that they speak for. */
export interface CredentialKey {
  system: System;
  clientId: string;
  subject: string;
}

/** Where a client of one system gets its tokens. */
export interface TokenSource {
  /**
   * A token that is valid now. A legacy Zendesk API token comes as a whole `Basic ...` header value, every other one bare.
   * Throws RemoteFailure with action `reauthorize` when a person must connect again.
   */
  accessToken(subject: string): Promise<string>;
  /** After a 401: a newer token than the refused one. Concurrent callers share one refresh. */
  refreshAfterRefusal(subject: string, refusedToken: string): Promise<string>;
}

/** What a system's token endpoint issued. Lifetimes in seconds, counted from the answer. */
export interface Grant {
  accessToken: string;
  refreshToken: string | undefined;
  expiresInSeconds: number | undefined;
  refreshExpiresInSeconds: number | undefined;
  /** QuickBooks only: what is left of the five years after consent. */
  hardExpiresInSeconds: number | undefined;
  scopes: string | undefined;
}

/** One system's OAuth. Methods throw RemoteFailure; `outcomeUnknown` = the grant may have been rotated all the same. */
export interface GrantSource {
  /** Where the person's browser goes to consent. */
  authorizationUrl(request: {
    subject: string;
    state: string;
    redirectUri: string;
    challenge: string | undefined;
  }): string;
  exchangeCode(request: {
    subject: string;
    code: string;
    redirectUri: string;
    verifier: string | undefined;
  }): Promise<Grant>;
  refresh(request: { subject: string; refreshToken: string }): Promise<Grant>;
  /** Client credentials: nothing to refresh, just ask again. Zendesk only. */
  issue(request: { subject: string }): Promise<Grant>;
}
