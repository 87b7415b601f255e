import { createHash } from "node:crypto";
import type { Grant } from "../../src/connections/credentials/index.ts";
import type { startZendeskBench } from "../systems/zendesk-bench.ts";

/** Consents as a person would in the browser, with PKCE. */
export async function zendeskGrant(zendesk: Awaited<ReturnType<typeof startZendeskBench>>): Promise<Grant> {
  const redirectUri = "http://127.0.0.1:1/oauth/zendesk/callback";
  const verifier = "v".repeat(43);
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const { subdomain, grants } = zendesk;
  const url = grants.authorizationUrl({ subject: subdomain, state: "s", redirectUri, challenge });
  const answer = await fetch(`${url}&simulator_consent=allow`, { redirect: "manual" });
  const code = new URL(answer.headers.get("location") ?? "").searchParams.get("code") ?? "";
  return grants.exchangeCode({ subject: subdomain, code, redirectUri, verifier });
}
