import { hash, verify } from "@node-rs/argon2";

/** OWASP's first choice for argon2id (Password Storage Cheat Sheet): 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const shortest = 12;
const longest = 200;

/** Why this cannot be a password; undefined: it can. Length is what counts (NIST SP 800-63B); no rules about characters. */
export function passwordProblem(password: string, of: { email: string }): string | undefined {
  const letters = Array.from(password).length;
  if (letters < shortest) return `A password has at least ${shortest} characters: a sentence is easy to remember.`;
  if (letters > longest) return `A password has at most ${longest} characters.`;
  if (new Set(password).size < 5) return "This password repeats itself too much.";
  const name = of.email.split("@")[0]?.toLowerCase() ?? "";
  if (name.length > 3 && password.toLowerCase().replaceAll(/[^a-z]/g, "") === name.replaceAll(/[^a-z]/g, ""))
    return "A password must not be your own name.";
  return undefined;
}

export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize("NFC"), cost);
}

/** Of random bytes that were thrown away: an unknown address takes as long as a wrong password. */
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$PCTxAIxm5JhzQu7se/U6tg$d2NUMnHE8zqDdypGJw8fB8NCRpMLUCV/dp0iG1zCnqw";

export async function isPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  const matches = await verify(passwordHash ?? nobody, password.normalize("NFC"));
  return passwordHash !== undefined && matches;
}
