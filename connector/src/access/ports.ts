// What access keeps, and of whom. No secret is stored: keys, sessions and invitations by their SHA-256, passwords by argon2id.
import type { ConnectionId } from "../domain/index.ts";
import type { Grant, Role } from "./roles.ts";

/** Who asks. `name` is what the journal says. */
export interface Caller {
  kind: "operator" | "api-key";
  id: number;
  name: string;
  grants: readonly Grant[];
}

export interface Operator {
  id: number;
  /** As it was written; compared without regard to letter case. */
  email: string;
  name: string;
  grants: Grant[];
  /** False until the invitation is taken up. */
  hasPassword: boolean;
  disabledAt: Date | undefined;
  createdAt: Date;
}

export interface OperatorStore {
  list(): Promise<Operator[]>;
  byId(id: number): Promise<Operator | undefined>;
  /** With the password's hash; disabled ones and those without a password are not found. */
  toSignIn(email: string): Promise<{ operator: Operator; passwordHash: string } | undefined>;
  passwordHash(id: number): Promise<string | undefined>;
  /** Undefined: somebody has this address already. Each change is a row of the journal; `by`: who made it. */
  add(operator: { email: string; name: string; grants: readonly Grant[] }, by: string): Promise<number | undefined>;
  /** False: nobody would be left who administers every connection. Ends the sessions. */
  saveGrants(id: number, grants: readonly Grant[], by: string): Promise<boolean>;
  /** Ends the sessions, but for the one of this hash. */
  savePassword(id: number, hash: string, keepSession?: Uint8Array): Promise<void>;
  /** False: nobody would be left who administers every connection. Ends the sessions. */
  disable(id: number, by: string): Promise<boolean>;
  enable(id: number, by: string): Promise<void>;
}

export type AccessAction =
  /** There before access was journalled. */
  | "operator-known"
  | "operator-added"
  | "operator-invited"
  | "operator-disabled"
  | "operator-enabled"
  | "roles-changed"
  | "password-set"
  | "api-key-known"
  | "api-key-made"
  | "api-key-revoked";

/** One change of who may do what. */
export interface AccessRow {
  id: number;
  at: Date;
  action: AccessAction;
  who: string;
  /** `operator 3`, `API key 5`. */
  of: string;
  before: Record<string, string>;
  after: Record<string, string>;
}

/** Newest first; those older than `before`. */
export interface AccessFilter {
  before?: number | undefined;
  limit: number;
}

export interface AccessJournal {
  search(filter: AccessFilter): Promise<AccessRow[]>;
}

export interface SessionStore {
  add(hash: Uint8Array, operatorId: number): Promise<void>;
  /** The operator of a session that has neither ended nor lain idle too long; its idle time starts anew. */
  find(hash: Uint8Array): Promise<Operator | undefined>;
  end(hash: Uint8Array): Promise<void>;
}

export interface ApiKey {
  id: number;
  name: string;
  role: Role;
  /** Undefined: every connection. */
  connections: ConnectionId[] | undefined;
  /** The data folder whose file holds it: such a key is good on its own machine only. */
  place: string | undefined;
  madeBy: string;
  madeAt: Date;
  expiresAt: Date | undefined;
  usedAt: Date | undefined;
  revokedAt: Date | undefined;
}

export interface NewApiKey {
  name: string;
  role: Role;
  connections: readonly ConnectionId[] | undefined;
  place?: string;
  madeBy: string;
  expiresAt: Date | undefined;
}

export interface ApiKeyStore {
  list(): Promise<ApiKey[]>;
  /** A key of the same place that is still good is revoked. */
  add(hash: Uint8Array, key: NewApiKey): Promise<ApiKey>;
  /** Neither revoked nor expired, by the database's clock. Notes the use, at most once a minute. */
  find(hash: Uint8Array): Promise<ApiKey | undefined>;
  /** False: unknown, or revoked before. */
  revoke(id: number, by: string): Promise<boolean>;
}

/** A link that lets its bearer choose a password, once. Without an operator it makes the first one. */
export interface InvitationStore {
  /** Ends the open one of the same operator, or the open one for the first operator. */
  add(hash: Uint8Array, of: { operatorId: number | undefined; lifeMs: number }, by: string): Promise<void>;
  /** Whom an open one is for; it stays open. */
  find(hash: Uint8Array): Promise<{ operator: Operator | undefined } | undefined>;
  /**
   * Uses it up and stores the password; where it makes the first operator, that one too, as admin of every connection. Undefined: it is not
   * open, or there is an operator by now.
   */
  take(hash: Uint8Array, as: { passwordHash: string; email?: string; name?: string }): Promise<number | undefined>;
  /** Nobody can sign in, and nobody is invited. */
  isFirst(): Promise<boolean>;
}

/** Failed sign-ins, by what they are counted against. */
export interface SignInFailureStore {
  read(keys: readonly string[]): Promise<{ key: string; failures: number; sinceLastMs: number }[]>;
  note(keys: readonly string[]): Promise<void>;
  forget(keys: readonly string[]): Promise<void>;
}
