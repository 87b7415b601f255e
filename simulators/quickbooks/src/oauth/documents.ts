import { issuer } from "./id-token.ts";

/**
 * The discovery document (developer.intuit.com/.well-known/openid-sandbox-configuration) with this server's address in
 * place of the vendor's hosts. It names no `code_challenge_methods_supported`: PKCE is not documented.
 */
export function discovery(url: string): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: `${url}/connect/oauth2`,
    token_endpoint: `${url}/oauth2/v1/tokens/bearer`,
    userinfo_endpoint: `${url}/v1/openid_connect/userinfo`,
    revocation_endpoint: `${url}/v2/oauth2/tokens/revoke`,
    jwks_uri: `${url}/op/v1/jwks`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid", "email", "profile", "address", "phone"],
    token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
    claims_supported: ["aud", "exp", "iat", "iss", "realmid", "sub"],
  };
}

/** oauth-jsclient test mocks (userInfo.json); what is told follows the scopes. */
export function userInfo(realm: string, scopes: readonly string[]): Record<string, unknown> {
  const told: Record<string, unknown> = { sub: `simulated-${realm}` };
  if (scopes.includes("email")) Object.assign(told, { email: "owner@simulated-company.example", emailVerified: true });
  if (scopes.includes("profile")) Object.assign(told, { givenName: "Sam", familyName: "Simulated" });
  if (scopes.includes("phone")) Object.assign(told, { phoneNumber: "+1 5550100", phoneNumberVerified: false });
  if (scopes.includes("address")) {
    told["address"] = {
      streetAddress: "123 Sierra Way",
      locality: "San Pablo",
      region: "CA",
      postalCode: "87999",
      country: "US",
    };
  }
  return told;
}
