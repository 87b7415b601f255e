import { createHash } from "node:crypto";
import { isPassword } from "./passwords.ts";
import type { Operator, OperatorStore, SessionStore, SignInFailureStore } from "./ports.ts";
import { hashOf, makeSecret, type RandomBytes } from "./secrets.ts";

export interface SignInPorts {
  operators: Pick<OperatorStore, "toSignIn">;
  sessions: Pick<SessionStore, "add">;
  failures: SignInFailureStore;
  randomBytes: RandomBytes;
}

export type SignIn =
  | { kind: "signed-in"; operator: Operator; session: string }
  /** Unknown, disabled, no password yet, or a wrong one: not told apart. */
  | { kind: "refused" }
  | { kind: "wait"; waitMs: number };

/** Free attempts, and the longest wait after them. An address may be an office: it gets more of them. */
const limits = {
  account: { free: 5, longestMs: 15 * 60_000 },
  address: { free: 50, longestMs: 60 * 60_000 },
} as const;
const firstWaitMs = 2_000;
/** After so long without another failure, counting starts anew. */
const forgetAfterMs = 24 * 60 * 60_000;

/**
 * Every failure counts against the account, known or not, and against the address it came from; both in the database, for all processes.
 * A right password during a wait is refused as well: otherwise the wait would only hide the answer from honest people.
 */
export async function signIn(
  given: { email: string; password: string; address: string },
  ports: SignInPorts,
): Promise<SignIn> {
  const keys = failureKeys(given);
  const waitMs = Math.max(0, ...(await ports.failures.read(keys)).map(waitLeft));
  if (waitMs > 0) return { kind: "wait", waitMs };
  const found = await ports.operators.toSignIn(given.email);
  if (!(await isPassword(found?.passwordHash, given.password)) || !found) {
    await ports.failures.note(keys);
    return { kind: "refused" };
  }
  await ports.failures.forget(keys.slice(0, 1));
  const session = makeSecret(ports.randomBytes);
  await ports.sessions.add(hashOf(session), found.operator.id);
  return { kind: "signed-in", operator: found.operator, session };
}

/** The account first. Hashed: a table of failures must not become a list of addresses. */
function failureKeys({ email, address }: { email: string; address: string }): string[] {
  const account = createHash("sha256").update(email.trim().toLowerCase()).digest("base64url");
  return [`account:${account}`, `address:${address}`];
}

/** What is left of the wait after this many failures, the last of them so long ago. */
export function waitLeft(seen: { key: string; failures: number; sinceLastMs: number }): number {
  const { free, longestMs } = seen.key.startsWith("account:") ? limits.account : limits.address;
  if (seen.failures < free || seen.sinceLastMs >= forgetAfterMs) return 0;
  const waitMs = Math.min(longestMs, firstWaitMs * 2 ** Math.min(20, seen.failures - free));
  return Math.max(0, waitMs - seen.sinceLastMs);
}

/** Bound to the session, and needing no storage: whoever knows the cookie's value alone can make it, and other sites do not. */
export function csrfTokenOf(session: string): string {
  return createHash("sha256").update(`csrf ${session}`).digest("base64url");
}
