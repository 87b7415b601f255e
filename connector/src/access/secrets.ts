import { createHash } from "node:crypto";

const secretBytes = 32;
/** So that a key that leaks into a repository or a log is recognised for what it is. */
export const apiKeyPrefix = "mlc_";

export type RandomBytes = (size: number) => Uint8Array;

/** 256 random bits as text. */
export function makeSecret(randomBytes: RandomBytes, prefix = ""): string {
  return prefix + Buffer.from(randomBytes(secretBytes)).toString("base64url");
}

/**
 * What is stored of a secret. A plain hash is enough for 256 random bits; and because rows are found by it, no comparison of ours takes
 * longer the nearer a guess comes.
 */
export function hashOf(secret: string): Uint8Array {
  return createHash("sha256").update(secret).digest();
}
