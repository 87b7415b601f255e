/** The company of a simulator that is not told another. */
export const quickbooksRealm = "9341453000000001";

/** Consent, code and exchange, as the QuickBooks simulator takes them; a bearer token. */
export async function quickbooksAccess(url: string): Promise<string> {
  const redirect = "http://127.0.0.1:1/callback";
  const consent = new URLSearchParams({
    client_id: "simulator-client",
    response_type: "code",
    scope: "com.intuit.quickbooks.accounting",
    redirect_uri: redirect,
    state: "bench",
    simulator_consent: "allow",
  });
  const answer = await fetch(`${url}/connect/oauth2?${consent.toString()}`, { redirect: "manual" });
  const code = new URL(answer.headers.get("location") ?? redirect).searchParams.get("code") ?? "";
  return accessToken(`${url}/oauth2/v1/tokens/bearer`, {
    headers: { authorization: `Basic ${Buffer.from("simulator-client:simulator-secret").toString("base64")}` },
    body: new URLSearchParams({ grant_type: "authorization_code", code, redirect_uri: redirect }),
  });
}

export function zendeskAccess(url: string): Promise<string> {
  return accessToken(`${url}/oauth/tokens`, {
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      grant_type: "client_credentials",
      client_id: "simulator-client",
      client_secret: "simulator-secret",
      scope: "read write",
    }),
  });
}

async function accessToken(
  url: string,
  request: { headers: Record<string, string>; body: string | URLSearchParams },
): Promise<string> {
  const answer = await fetch(url, { method: "POST", ...request });
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  if (token === undefined) throw new Error(`${url} gave no token: ${answer.status}`);
  return token;
}
