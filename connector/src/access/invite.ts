import { hashPassword, passwordProblem } from "./passwords.ts";
import type { InvitationStore } from "./ports.ts";
import { hashOf, makeSecret, type RandomBytes } from "./secrets.ts";

const setupLifeMs = 60 * 60_000;
const invitationLifeMs = 72 * 60 * 60_000;

/** For the first operator of a deployment: undefined where there is one. Whoever reads the service's standard output may use it, once. */
export async function inviteFirst(ports: {
  invitations: Pick<InvitationStore, "add" | "isFirst">;
  randomBytes: RandomBytes;
}): Promise<string | undefined> {
  if (!(await ports.invitations.isFirst())) return undefined;
  const secret = makeSecret(ports.randomBytes);
  await ports.invitations.add(hashOf(secret), { operatorId: undefined, lifeMs: setupLifeMs }, "the service");
  return secret;
}

/** For an operator who has no password yet, or forgot it; the invitation before is void. */
export async function invite(
  operatorId: number,
  by: string,
  ports: { invitations: Pick<InvitationStore, "add">; randomBytes: RandomBytes },
): Promise<string> {
  const secret = makeSecret(ports.randomBytes);
  await ports.invitations.add(hashOf(secret), { operatorId, lifeMs: invitationLifeMs }, by);
  return secret;
}

export type Accepted =
  | { kind: "accepted"; operatorId: number }
  | { kind: "closed" }
  | { kind: "unusable"; says: string };

/** Chooses the password; the first operator also says who they are. The link is used up only by a password that is good. */
export async function acceptInvitation(
  given: { secret: string; password: string; email: string | undefined; name: string | undefined },
  invitations: InvitationStore,
): Promise<Accepted> {
  const found = await invitations.find(hashOf(given.secret));
  if (!found) return { kind: "closed" };
  const email = found.operator?.email ?? given.email?.trim() ?? "";
  if (!isEmail(email)) return { kind: "unusable", says: "Write your e-mail address: you sign in with it." };
  const problem = passwordProblem(given.password, { email });
  if (problem !== undefined) return { kind: "unusable", says: problem };
  const passwordHash = await hashPassword(given.password);
  const name = found.operator?.name ?? (given.name?.trim() || email);
  const operatorId = await invitations.take(hashOf(given.secret), { passwordHash, email, name });
  return operatorId === undefined ? { kind: "closed" } : { kind: "accepted", operatorId };
}

/** Enough to be typed without a slip; whether it exists is not ours to find out. */
export function isEmail(text: string): boolean {
  return text.length <= 254 && /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/.test(text);
}
