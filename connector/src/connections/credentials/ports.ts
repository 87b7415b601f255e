import type { FailureAction, System } from "../../domain/index.ts";

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

/** Of our client in Zendesk: look, or look and change. QuickBooks has no such difference: it is only read. */
export type Permission = "read" | "write";

/** One system's OAuth. Without a permission the whole of what we need is asked for. Methods throw RemoteFailure; `outcomeUnknown` = the grant may have been rotated all the same. */
export interface GrantSource {
  /** Where the person's browser goes to consent. */
  authorizationUrl(request: {
    subject: string;
    state: string;
    redirectUri: string;
    challenge: string | undefined;
    permission?: Permission;
  }): string;
  exchangeCode(request: {
    subject: string;
    code: string;
    redirectUri: string;
    verifier: string | undefined;
    permission?: Permission;
  }): Promise<Grant>;
  /** `permission`: that of the consent; more than that is refused. */
  refresh(request: { subject: string; refreshToken: string; permission?: Permission }): Promise<Grant>;
  /** Ends the consent at the system. */
  revoke(request: { subject: string; accessToken: string; refreshToken: string | undefined }): Promise<void>;
  /** Client credentials: nothing to refresh, just ask again. Zendesk only. */
  issue(request: { subject: string; permission?: Permission }): Promise<Grant>;
}

export type CredentialWay = "authorization-code" | "client-credentials" | "api-token";

/** One credential as the store keeps it: the tokens sealed, their ends in the open so that the tick can find them. */
export interface StoredCredential extends CredentialKey {
  way: CredentialWay;
  state: "valid" | "refused";
  sealed: string;
  issuedAt: Date;
  accessExpiresAt: Date | undefined;
  refreshExpiresAt: Date | undefined;
  hardExpiresAt: Date | undefined;
  scopes: string | undefined;
  refusedBecause: string | undefined;
  /** Somebody asks for new tokens now, or has asked and nobody knows what came of it. */
  attemptStartedAt: Date | undefined;
  putOff: PutOff | undefined;
}

export type FreshTokens = Pick<
  StoredCredential,
  "sealed" | "issuedAt" | "accessExpiresAt" | "refreshExpiresAt" | "hardExpiresAt" | "scopes"
>;

/** The token endpoint could not help: no process asks it for this credential before `until`. */
export interface PutOff {
  until: Date;
  /** How often in a row. */
  times: number;
  code: string;
  action: FailureAction;
  says: string;
}

/** The credential's row, locked until the work on it ends. What it stores is committed when the work returns. */
export interface HeldCredential {
  credential: StoredCredential;
  store(fresh: FreshTokens): Promise<void>;
  refuse(because: string): Promise<void>;
  /** The attempt that was noted changed nothing; it is over unless nobody knows what came of it. */
  concludeAttempt(as?: { putOff: PutOff; unanswered: boolean }): Promise<void>;
}

export interface CredentialStore {
  read(key: CredentialKey): Promise<StoredCredential | undefined>;
  /** Stores the tokens of a new consent; ends a refusal. */
  save(key: CredentialKey, way: CredentialWay, fresh: FreshTokens): Promise<void>;
  /** Committed at once: a process that dies during the refresh leaves a trace. `unconcluded`: an earlier attempt left one. */
  noteAttempt(key: CredentialKey): Promise<{ unconcluded: boolean }>;
  /** Runs the work while nobody else, in any process, can refresh or replace this credential. Undefined: there is none. */
  withLock<Result>(key: CredentialKey, work: (held: HeldCredential) => Promise<Result>): Promise<Result | undefined>;
  /** Stores tokens that were issued in place of `was`, and ends a refusal of that: false when somebody else has replaced it. */
  rescue(key: CredentialKey, was: string, fresh: FreshTokens): Promise<boolean>;
  remove(key: CredentialKey): Promise<void>;
  /** Valid ones that may have to be refreshed: their access token ends before this instant, or not at all. */
  endingBefore(system: System, before: Date): Promise<StoredCredential[]>;
  all(): Promise<StoredCredential[]>;
  /** For one realm or subdomain, through any client: the usable ones and the newest first. */
  ofSubject(system: System, subject: string): Promise<StoredCredential[]>;
}

/** What a refusal sets off: an incident, and a pause of the connections that need the credential. */
export interface CredentialAlarm {
  refused(key: CredentialKey, says: string): Promise<void>;
  /** Our own client id and secret are not accepted: nothing is lost, but nothing works. */
  clientRefused(key: CredentialKey, says: string): Promise<void>;
  restored(key: CredentialKey): Promise<void>;
}

export interface CredentialClock {
  /** Milliseconds since 1970. */
  wallMs(): number;
  wait(ms: number): Promise<void>;
}

/** Where a sealed text belongs: it opens nowhere else. */
export interface SealBinding {
  table: string;
  row: string;
  field: string;
}

export interface Seal {
  seal(text: string, binding: SealBinding): Promise<string>;
  /** Throws SealBroken where the text was changed, belongs to another row, or its key is not in the ring. */
  open(sealed: string, binding: SealBinding): Promise<string>;
  /** False for a text under a former key: seal it again. */
  isCurrent(sealed: string): boolean;
  /** The key that a text names. */
  keyIdOf(sealed: string): string | undefined;
  /** The first seals. */
  keyIds(): string[];
  /** Reads the ring again where that is possible: the operator may have changed it. */
  reload(): Promise<void>;
}

/** A sealed text where it lies. */
export interface SealedText {
  binding: SealBinding;
  sealed: string;
}

export interface SealedTextStore {
  /** Everything that is sealed and still of use. */
  all(): Promise<SealedText[]>;
  /** One change of the key ring at a time, in any process. */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result>;
  /** False: it was changed meanwhile, or somebody may just be replacing it. */
  replace(text: SealedText, sealed: string): Promise<boolean>;
}
