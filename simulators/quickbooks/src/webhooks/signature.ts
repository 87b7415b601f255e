import { createHmac } from "node:crypto";

/** `intuit-signature`: base64 of HMAC-SHA256 over the exact body, the verifier token as key (.NET SDK WebhooksService.cs). */
export function signatureOf(verifier: string, body: string): string {
  return createHmac("sha256", verifier).update(body, "utf8").digest("base64");
}
