import { createHash } from "node:crypto";
import type { StoredCredential } from "./ports.ts";

/** Before the end of an access token; less where it lives shortly. */
const aheadMs = 10 * 60_000;
const aheadShare = 0.2;
/** Credentials that were made together are not refreshed together. */
const spreadMs = 5 * 60_000;
const spreadShare = 0.1;
/** Nothing that ends later than this is due: bounds what the tick has to look at. */
export const longestAheadMs = aheadMs + spreadMs;

type Ends = Pick<StoredCredential, "subject" | "way" | "issuedAt" | "accessExpiresAt" | "refreshExpiresAt">;

/**
 * When these tokens are due for a refresh; undefined: never. All processes compute the same instant, so that none of them is early. A token
 * without an end is refreshed halfway through the life of its refresh token, which would otherwise end by disuse.
 */
export function refreshAt({ subject, way, issuedAt, accessExpiresAt, refreshExpiresAt }: Ends): Date | undefined {
  if (way === "api-token") return undefined;
  if (accessExpiresAt === undefined) {
    if (refreshExpiresAt === undefined) return undefined;
    return new Date((issuedAt.getTime() + refreshExpiresAt.getTime()) / 2);
  }
  const endMs = accessExpiresAt.getTime();
  const lifeMs = Math.max(0, endMs - issuedAt.getTime());
  const ahead = Math.min(aheadMs, lifeMs * aheadShare);
  const spread = Math.min(spreadMs, lifeMs * spreadShare) * fractionOf(`${subject} ${endMs}`);
  return new Date(endMs - ahead - spread);
}

/** 0 to 1, evenly spread, the same everywhere. */
function fractionOf(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE() / 0xffff_ffff;
}
