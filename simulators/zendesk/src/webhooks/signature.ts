import { createHmac } from "node:crypto";

/** What test requests of a webhook that is not made yet are signed with; known to everybody. */
export const testSecret = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==";

/** Base64 of HMAC-SHA256 over timestamp and body, nothing in between: https://developer.zendesk.com/documentation/webhooks/verifying/ */
export function signPayload(secret: string, timestamp: string, body: string): string {
  return createHmac("sha256", secret).update(timestamp).update(body).digest("base64");
}
