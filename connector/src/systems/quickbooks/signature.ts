import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * Which of our verifier tokens signed this delivery. `intuit-signature` = base64(HMAC-SHA256(verifier token, raw body)).
 * Every verifier is tried and compared in constant time, so that the time tells nothing about which one matched.
 * Source: Intuit's .NET SDK, WebhooksService.cs; its Java SDK publishes a vector.
 */
export function verifyIntuitSignature(
  rawBody: Uint8Array,
  header: string | undefined,
  verifiers: readonly string[],
): string | undefined {
  const given = Buffer.from(header ?? "");
  let matched: string | undefined;
  for (const verifier of verifiers) {
    const expected = Buffer.from(createHmac("sha256", verifier).update(rawBody).digest("base64"));
    if (given.length === expected.length && timingSafeEqual(given, expected)) matched = verifier;
  }
  return matched;
}
